// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The machine's run state, and the exit of the process.

use super::Notifier;
use oldstable_compat::ffi::{c_int, c_void};

/// A registered handler; only QEMU uses its contents.
#[repr(C)]
pub struct VmChangeStateEntry {
    _opaque: [u8; 0],
}

/// The second argument is an int in 5.2 and a bool since: its lowest byte is the same.
pub type VmChangeStateHandler = Option<unsafe extern "C" fn(*mut c_void, u8, c_int)>;

imports! {
    in ALL {
        fn qemu_add_vm_change_state_handler(
            handler: VmChangeStateHandler, opaque: *mut c_void
        ) -> *mut VmChangeStateEntry;
        fn qemu_del_vm_change_state_handler(entry: *mut VmChangeStateEntry);
        fn qemu_add_exit_notifier(notifier: *mut Notifier);
        fn qemu_remove_exit_notifier(notifier: *mut Notifier);
        fn qemu_system_reset_request(cause: c_int);
        fn qemu_system_shutdown_request(cause: c_int);
        fn qemu_system_powerdown_request();
        fn runstate_is_running() -> bool;
        fn qemu_in_vcpu_thread() -> bool;
    }
}
