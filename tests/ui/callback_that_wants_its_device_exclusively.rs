//! expect: mut Device) -> _`
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

impl Device {
    pub fn f(&self) {
        self.timer.init(self, ClockType::Virtual, Self::do_g);
    }

    fn do_g(&mut self) {}
}
