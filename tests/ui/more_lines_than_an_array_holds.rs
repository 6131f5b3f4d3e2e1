//! expect: `[InterruptSource; 64]` can end on its own thread alone, and an object may end on another | InterruptSource; 64]: Part` is not satisfied
use oldstable::irq::InterruptSource;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        lines: [InterruptSource; 64],
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}
