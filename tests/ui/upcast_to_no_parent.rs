//! expect: IsA<DeviceState>` is not satisfied | does not descend from the class `DeviceState`
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

pub fn upcast(thing: &Thing) -> &oldstable::qdev::DeviceState {
    oldstable::qom::ObjectCast::upcast(thing)
}
