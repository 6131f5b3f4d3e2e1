//! expect: no rules expected the token `Thing` | no rules expected `Thing`
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

oldstable::qom_isa!(Thing: oldstable::qdev::DeviceState);
