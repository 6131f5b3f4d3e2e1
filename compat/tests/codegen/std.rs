// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use std::ffi::{c_char, CStr};
use std::mem::offset_of;
use std::ptr;

#[repr(C)]
pub struct Registers {
    flags: u8,
    data: u32,
    masked: u16,
}

#[no_mangle]
pub extern "C" fn name() -> *const c_char {
    const NAME: &CStr = c"chardev";
    NAME.as_ptr()
}

#[no_mangle]
pub extern "C" fn offset() -> usize {
    offset_of!(Registers, masked)
}

#[no_mangle]
pub extern "C" fn address(registers: &Registers) -> *const u32 {
    ptr::addr_of!(registers.data)
}

#[no_mangle]
pub extern "C" fn cast(registers: *const Registers) -> *mut Registers {
    registers.cast_mut()
}
