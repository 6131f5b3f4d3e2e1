//! expect: `String` is not a value that migrates | `std::string::String` is not a value that migrates | `std::string::String: VmStateStruct` is not satisfied | `String: VmStateStruct` is not satisfied | `std::string::String: vmstate::VmStateStruct` is not satisfied
use oldstable::bql::BqlRefCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::vmstate::{Field, VmState};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        name: BqlRefCell<String>,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

impl VmState for Device {
    const NAME: &'static CStr = c_str!("device-of-ours");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { name } };
}
