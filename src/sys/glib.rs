//! The allocator of GLib, which QEMU is linked with.

use oldstable_compat::ffi::c_void;

imports! {
    in ALL {
        fn g_malloc(size: usize) -> *mut c_void;
        fn g_try_malloc(size: usize) -> *mut c_void;
        fn g_free(memory: *mut c_void);
    }
}
