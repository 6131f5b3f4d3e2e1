//! expect: within `Device`, the trait `Sync` is not implemented
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: BqlCell<u32>,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

pub fn share(device: &'static Device) {
    std::thread::spawn(move || device.count.get());
}
