//! expect: cannot assign to `self.count`, which is behind a `&` reference | cannot assign to `self.count` which is behind a `&` reference
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: u32,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {
    const COLD_RESET: Option<fn(&Self)> = Some(Device::reset);
}

impl Device {
    fn reset(&self) {
        self.count = 0;
    }
}
