//! expect: IsA<DeviceState>` is not satisfied | does not descend from the class `DeviceState`
use oldstable::qdev::DeviceState;
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object, DeviceState {}
}

impl ObjectImpl for Thing {}
