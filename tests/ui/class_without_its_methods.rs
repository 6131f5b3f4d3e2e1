//! expect: `Device` is a device and has no `DeviceImpl` | `Device: DeviceImpl` is not satisfied
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: BqlCell<u32>,
    }
}

impl ObjectImpl for Device {}
