// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Loading into the process: version, modules, notifiers, plugins.

use super::imports::lookup;
use super::{object_class_by_name, Object};
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

/// Returns the major, minor and micro version of this process's QEMU; None if it is not QEMU.
///
/// It can be called before QEMU's own constructors have run.
pub(super) fn version() -> Option<(i64, i64, i64)> {
    let query = lookup("qmp_query_version\0");
    let free = lookup("qapi_free_VersionInfo\0");
    if query.is_null() || free.is_null() || lookup("register_module_init\0").is_null() {
        return None;
    }
    // SAFETY: both functions have had these signatures since long before the first known release, and
    // the query needs nothing to be initialised. It returns a newly allocated structure.
    unsafe {
        let query: unsafe extern "C" fn(*mut c_void) -> *mut VersionInfo = std::mem::transmute(query);
        let free: unsafe extern "C" fn(*mut VersionInfo) = std::mem::transmute(free);
        let info = query(std::ptr::null_mut());
        let qemu = info.as_ref()?.qemu.as_ref()?;
        let version = (qemu.major, qemu.minor, qemu.micro);
        free(info);
        Some(version)
    }
}

/// The numbers that MODULE_INIT_QOM, the stage at which QEMU registers its types, has had: 3, and 4 since 11.1.
pub const STAGES_OF_TYPES: [u32; 2] = [3, 4];

/// Returns whether QEMU has registered the parents of our types.
pub fn types_are_registered() -> bool {
    // SAFETY: the name is NUL-terminated. It returns NULL before there is any type.
    unsafe { !object_class_by_name("device\0".as_ptr() as *const c_char).is_null() }
}

/// An entry of a list of notifiers (include/qemu/notify.h).
#[repr(C)]
pub struct Notifier {
    /// Called at the event, with the entry and the list's data.
    pub notify: Option<unsafe extern "C" fn(*mut Notifier, *mut c_void)>,
    /// The entry's place in the list, which QEMU sets.
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
