//! expect: `u32` is not a field of an object that migrates | `u32: Place` is not satisfied | `u32: vmstate::Place` is not satisfied
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::vmstate::{Field, VmState};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: u32,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

impl VmState for Device {
    const NAME: &'static CStr = c_str!("device-of-ours");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { count } };
}
