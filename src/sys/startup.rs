//! Entering the process: version, modules, notifiers, plugins.

use super::imports::lookup;
use super::Object;
use oldstable_compat::ffi::{c_char, c_void};

#[repr(C)]
struct VersionTriple {
    major: i64,
    minor: i64,
    micro: i64,
}

#[repr(C)]
struct VersionInfo {
    qemu: *mut VersionTriple,
    package: *mut c_char,
}

/// Major and minor version of the QEMU that this process is; None if it is none.
///
/// It can be asked before QEMU's own constructors have run.
pub(super) fn version() -> Option<(i64, i64)> {
    let query = lookup("qmp_query_version\0");
    let free = lookup("qapi_free_VersionInfo\0");
    if query.is_null() || free.is_null() || lookup("register_module_init\0").is_null() {
        return None;
    }
    // SAFETY: both functions have had these signatures since long before the first known release, and
    // the query needs nothing to be initialised. It returns a structure of its own.
    unsafe {
        let query: unsafe extern "C" fn(*mut c_void) -> *mut VersionInfo =
            std::mem::transmute(query);
        let free: unsafe extern "C" fn(*mut VersionInfo) = std::mem::transmute(free);
        let info = query(std::ptr::null_mut());
        let qemu = info.as_ref()?.qemu.as_ref()?;
        let version = (qemu.major, qemu.minor);
        free(info);
        Some(version)
    }
}

#[repr(C)]
pub struct Notifier {
    pub notify: Option<unsafe extern "C" fn(*mut Notifier, *mut c_void)>,
    pub node: [*mut c_void; 2],
}

imports! {
    in ALL {
        fn register_module_init(init: Option<unsafe extern "C" fn()>, stage: u32);
        fn qemu_add_machine_init_done_notifier(notifier: *mut Notifier);
        fn qdev_get_machine() -> *mut Object;
        fn error_report(format: *const c_char; ... text: *const c_char);
    }
}
