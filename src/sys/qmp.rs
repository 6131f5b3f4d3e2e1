// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's monitor.

use oldstable_compat::ffi::{c_char, c_int};

/// `QObject`: any value of a message, with its type and the number of references to it.
#[repr(C)]
pub struct QObject {
    /// A `QType`.
    pub kind: u32,
    /// `refcnt`.
    pub references: usize,
}

/// `QType` of a `QDict`.
pub const QTYPE_QDICT: u32 = 4;

/// The first `QAPIEvent`. A number decides only how many events are sent in a second, and the first is not limited.
pub const FIRST_EVENT: c_int = 0;

/// Releases a reference to a `QDict`.
///
/// # Safety
/// The caller owns the reference.
pub unsafe fn qdict_unref(dict: *mut QObject) {
    // SAFETY: the caller guarantees a live value, which begins with these two in all releases. If it did not, it would stay.
    unsafe {
        if (*dict).kind != QTYPE_QDICT || (*dict).references == 0 {
            return;
        }
        (*dict).references -= 1;
        if (*dict).references == 0 {
            qobject_destroy(dict)
        }
    }
}

imports! {
    in ALL {
        fn qmp_event_build_dict(name: *const c_char) -> *mut QObject;
        fn qdict_new() -> *mut QObject;
        fn qdict_put_str(dict: *mut QObject, key: *const c_char, value: *const c_char);
        fn qdict_put_int(dict: *mut QObject, key: *const c_char, value: i64);
        fn qdict_put_obj(dict: *mut QObject, key: *const c_char, value: *mut QObject);
        fn qobject_destroy(object: *mut QObject);
        fn qapi_event_emit(event: c_int, dict: *mut QObject);
    }
}
