//! expect: IsA<DeviceState>` | does not descend from the class `DeviceState`
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

pub fn realize(thing: &Thing) {
    let _ = oldstable::qdev::DeviceMethods::realize(thing);
}
