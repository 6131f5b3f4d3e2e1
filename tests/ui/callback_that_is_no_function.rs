//! expect: `{integer}` is not a callback for | closure, found `{integer}`
use oldstable::timer::{ClockType, Timer};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        timer: Timer,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

pub fn init(device: &Device) {
    device.timer.init(device, ClockType::Virtual, 5);
}
