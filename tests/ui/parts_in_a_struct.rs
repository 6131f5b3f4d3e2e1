//! expect: `Parts` can end on its own thread alone, and an object may end on another | `Parts: Part` is not satisfied
use oldstable::irq::InterruptSource;
use oldstable::timer::Timer;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        parts: Parts,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

#[derive(Default)]
pub struct Parts {
    pub line: InterruptSource,
    pub timer: Timer,
}
