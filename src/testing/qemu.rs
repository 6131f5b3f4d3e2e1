// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Functions of QEMU that only tests call.
//!
//! They are looked up when they are called: a function that a QEMU lacks does not keep a device from loading, and a
//! test program outside QEMU links without them.

/// Declares these functions.
macro_rules! qemu {
    ($($(#[$meta:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;)*) => {
        $(
            $(#[$meta])*
            ///
            /// # Safety
            /// As QEMU's function of this name.
            #[track_caller]
            pub unsafe fn $name($($argument: $type),*) $(-> $result)? {
                $crate::bql::expect_locked();
                let function = $crate::sys::lookup(concat!(stringify!($name), "\0"));
                assert!(!function.is_null(), "this QEMU has no {}", stringify!($name));
                // SAFETY: it is the function of this name, which has these types. The caller guarantees the rest.
                unsafe {
                    let function: unsafe extern "C" fn($($type),*) $(-> $result)? = std::mem::transmute(function);
                    function($($argument),*)
                }
            }
        )*
    };
}

use crate::sys;
use oldstable_compat::ffi::{c_char, c_int, c_void};

qemu! {
    fn timer_init_full(
        timer: *mut c_void,
        group: *mut c_void,
        clock: c_int,
        scale: c_int,
        attributes: c_int,
        callback: unsafe extern "C" fn(*mut c_void),
        opaque: *mut c_void,
    );
    fn timer_mod(timer: *mut c_void, expires: i64);
    fn main_loop_wait(nonblocking: c_int);

    fn vm_stop(state: c_int) -> c_int;
    fn vm_start();
    fn qemu_system_reset(cause: c_int);

    /// The second argument was added in 7.2.
    fn qemu_set_log(mask: c_int, errp: *mut *mut sys::Error) -> bool;

    fn qmp_human_monitor_command(
        command: *const c_char,
        has_cpu: bool,
        cpu: i64,
        errp: *mut *mut sys::Error,
    ) -> *mut c_char;

    fn qemu_chr_find(label: *const c_char) -> *mut c_void;
    fn qemu_chr_be_write(chardev: *mut c_void, bytes: *const u8, length: c_int);

    fn i2c_start_transfer(bus: *mut sys::BusState, address: u8, is_receive: c_int) -> c_int;
    fn i2c_send(bus: *mut sys::BusState, byte: u8) -> c_int;
    fn i2c_recv(bus: *mut sys::BusState) -> u8;
    fn i2c_nack(bus: *mut sys::BusState);
    fn i2c_end_transfer(bus: *mut sys::BusState);

    /// The function of a host bridge for the guest's writes.
    fn pci_host_config_write_common(
        device: *mut sys::PciDevice,
        address: u32,
        limit: u32,
        value: u32,
        size: u32,
    );

    fn qio_channel_file_new_path(
        path: *const c_char,
        flags: c_int,
        mode: u32,
        errp: *mut *mut sys::Error,
    ) -> *mut c_void;
    fn qemu_fclose(file: *mut c_void) -> c_int;
    /// The `Error **` was added in 11.1.
    fn vmstate_save_state(
        file: *mut c_void,
        description: *const sys::VmStateDescription,
        opaque: *mut c_void,
        json: *mut c_void,
        errp: *mut *mut sys::Error,
    ) -> c_int;
    /// The `Error **` was added in 11.1.
    fn vmstate_load_state(
        file: *mut c_void,
        description: *const sys::VmStateDescription,
        opaque: *mut c_void,
        version: c_int,
        errp: *mut *mut sys::Error,
    ) -> c_int;
}
