// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Bottom halves.

use super::release;
use oldstable_compat::ffi::{c_char, c_void};

/// A bottom half; only QEMU looks inside.
#[repr(C)]
pub struct BottomHalf {
    _opaque: [u8; 0],
}

/// Called by the main loop, once for any number of times that it was scheduled.
pub type BottomHalfCallback = Option<unsafe extern "C" fn(*mut c_void)>;

/// Makes a bottom half of the main loop. `name` is for tracing, and is kept.
///
/// # Safety
/// As QEMU's `qemu_bh_new`.
pub unsafe fn bottom_half_new(
    callback: BottomHalfCallback,
    opaque: *mut c_void,
    name: &'static oldstable_compat::ffi::CStr,
) -> *mut BottomHalf {
    if release().bottom_halves_have_names {
        // SAFETY: as QEMU's; the release has it.
        unsafe { qemu_bh_new_full(callback, opaque, name.as_ptr(), std::ptr::null_mut()) }
    } else {
        // SAFETY: as QEMU's; the release has it.
        unsafe { qemu_bh_new(callback, opaque) }
    }
}

imports! {
    in ALL {
        fn qemu_bh_schedule(bh: *mut BottomHalf);
        fn qemu_bh_cancel(bh: *mut BottomHalf);
        fn qemu_bh_delete(bh: *mut BottomHalf);
    }
    in ONLY_5_2 {
        fn qemu_bh_new(callback: BottomHalfCallback, opaque: *mut c_void) -> *mut BottomHalf;
    }
    in SINCE_7_2 {
        fn qemu_bh_new_full(
            callback: BottomHalfCallback, opaque: *mut c_void, name: *const c_char,
            reentrancy_guard: *mut c_void
        ) -> *mut BottomHalf;
    }
}
