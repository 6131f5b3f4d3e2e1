// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's values.

use oldstable::compat::ffi::c_void;

extern "C" {
    fn qobject_destroy(value: *mut c_void);
}

/// Gives back the only reference to one of QEMU's values (`QObject`).
///
/// # Safety
/// The value must be live, and the reference the caller's.
pub unsafe fn give_back_value(value: *mut c_void) {
    // SAFETY: the second word counts the references, of which the caller gives up the last.
    unsafe {
        let references = (value as *mut usize).add(1);
        *references -= 1;
        assert_eq!(*references, 0, "QEMU has kept the value");
        qobject_destroy(value);
    }
}
