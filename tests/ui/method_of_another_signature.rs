//! expect: const `REALIZE` has an incompatible type for trait
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: BqlCell<u32>,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {
    const REALIZE: Option<fn(&Self)> = None;
}
