//! expect: `*const ()` cannot be sent between threads safely
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_part! {
    pub struct Channel {
        count: BqlCell<u32>,
    }
}

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        channel: BqlRefCell<Channel>,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}
