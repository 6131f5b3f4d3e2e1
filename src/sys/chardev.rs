// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Character devices and their front ends.

use oldstable_compat::ffi::{c_int, c_uint, c_void};

storage! {
    /// `CharBackend`, since 11.1 `CharFrontend`.
    CharFrontend, 56, 32
}

/// A character device; only QEMU uses its contents.
#[repr(C)]
pub struct Chardev {
    _opaque: [u8; 0],
}

/// Returns how many bytes the device accepts now.
pub type CanReceive = Option<unsafe extern "C" fn(*mut c_void) -> c_int>;
/// Takes bytes from the other end, as many as [`CanReceive`] allows at most.
pub type Receive = Option<unsafe extern "C" fn(*mut c_void, *const u8, c_int)>;
/// Called for an event at the other end, a `QEMUChrEvent`.
pub type Event = Option<unsafe extern "C" fn(*mut c_void, c_int)>;
/// Called when the other end can be written to, with the condition; returns whether to call it again.
pub type Watch = Option<unsafe extern "C" fn(*mut c_void, c_uint, *mut c_void) -> c_int>;
/// Called when another character device has replaced the first; returns 0 to accept it.
pub type Changed = Option<unsafe extern "C" fn(*mut c_void) -> c_int>;

imports! {
    in ALL {
        fn qemu_chr_fe_get_driver(front_end: *mut CharFrontend) -> *mut Chardev;
        fn qemu_chr_fe_set_handlers(
            front_end: *mut CharFrontend, can_receive: CanReceive, receive: Receive, event: Event,
            changed: Changed, opaque: *mut c_void, context: *mut c_void, set_open: bool
        );
        fn qemu_chr_has_feature(chardev: *mut Chardev, feature: c_int) -> bool;
        fn qemu_chr_fe_accept_input(front_end: *mut CharFrontend);
        fn qemu_chr_fe_write(front_end: *mut CharFrontend, data: *const u8, length: c_int) -> c_int;
        fn qemu_chr_fe_write_all(front_end: *mut CharFrontend, data: *const u8, length: c_int) -> c_int;
        fn qemu_chr_fe_ioctl(front_end: *mut CharFrontend, command: c_int, argument: *mut c_void) -> c_int;
        fn qemu_chr_fe_add_watch(
            front_end: *mut CharFrontend, condition: c_uint, callback: Watch, opaque: *mut c_void
        ) -> c_uint;
    }
}
