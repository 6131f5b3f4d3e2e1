//! expect: A_CALLBACK_CAPTURES_NOTHING_PUT_STATE_INTO_THE_DEVICE
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::timer::{ClockType, Timer};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: BqlCell<u32>,
        timer: Timer,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

pub fn start(device: &Device) {
    let by = std::env::args().count() as u32;
    device.timer.init(device, ClockType::Virtual, move |device: &Device| {
        device.count.set(device.count.get() + by)
    });
}
