// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! GLib, which QEMU is linked with: its allocator and its main loop.

use oldstable_compat::ffi::{c_int, c_uint, c_void};

imports! {
    in ALL {
        fn g_malloc(size: usize) -> *mut c_void;
        fn g_try_malloc(size: usize) -> *mut c_void;
        fn g_free(memory: *mut c_void);
        fn g_source_remove(tag: c_uint) -> c_int;
    }
}
