// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Interrupt lines and GPIOs.

use super::DeviceState;
use oldstable_compat::ffi::{c_char, c_int, c_void};

/// One end of a line; only QEMU uses its contents.
#[repr(C)]
pub struct IrqState {
    _opaque: [u8; 0],
}

/// Called when the level of a line has been set.
pub type IrqHandler = Option<unsafe extern "C" fn(*mut c_void, line: c_int, level: c_int)>;

imports! {
    in ALL {
        fn qemu_set_irq(irq: *mut IrqState, level: c_int);
        fn qdev_init_gpio_in_named_with_opaque(
            device: *mut DeviceState, handler: IrqHandler, opaque: *mut c_void, name: *const c_char,
            count: c_int
        );
        fn qdev_init_gpio_out_named(
            device: *mut DeviceState, lines: *mut *mut IrqState, name: *const c_char, count: c_int
        );
    }
}
