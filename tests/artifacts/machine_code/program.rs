// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The program whose machine code is examined.

use oldstable::bql::BqlRefCell;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectCast, ObjectImpl, ObjectMethods};
use std::ffi::CStr;

oldstable::qom_define_type! {
    pub struct Shape("shape") with ShapeClass: DeviceState, Object {
        registers: MemoryRegion,
    }
}

impl ObjectImpl for Shape {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|shape| shape.registers.init_io(shape, "shape", 4));
}

impl DeviceImpl for Shape {}

oldstable::qom_virtual_methods! {
    pub trait ShapeImpl: DeviceImpl;
    pub trait ShapeMethods;
    pub struct ShapeClass for Shape;

    AREA => area, parent_area: fn(scale: u32) -> u32 = |_shape, _scale| 0;
}

impl MemoryRegionOps for Shape {
    const READ: fn(&Self, u64, u32) -> u64 = the_read;
    const WRITE: fn(&Self, u64, u64, u32) = |_, _, _, _| ();
}

extern "C" {
    fn elsewhere(offset: u64) -> u64;
}

#[inline(never)]
#[no_mangle]
pub fn the_read(_shape: &Shape, offset: u64, _size: u32) -> u64 {
    unsafe { elsewhere(offset) }
}

#[no_mangle]
pub fn nothing(device: &DeviceState) -> &DeviceState {
    device
}

#[no_mangle]
pub fn upcast(device: &DeviceState) -> &Object {
    device.upcast()
}

#[no_mangle]
pub fn change(state: &BqlRefCell<u32>) {
    *state.borrow_mut() = 3;
}

#[no_mangle]
pub fn method_of_c(device: &DeviceState, name: &CStr) -> bool {
    device.is_instance_of(name)
}

#[no_mangle]
pub fn method_of_rust(shape: &Shape) -> u32 {
    shape.area(3)
}

oldstable::plugin!(Shape);
