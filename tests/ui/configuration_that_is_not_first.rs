//! expect: the field `conf` comes first, without `pub`: it is the configuration of the class
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qdev_define_conf! {
    pub struct Conf {
        "step" => step: u32,
    }
}

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: BqlCell<u32>,
        conf: Conf,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}
