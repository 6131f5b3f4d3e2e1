//! expect: write `unsafe` before the class: it asserts that the struct
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

oldstable::qom_isa!(Thing: oldstable::qdev::DeviceState);
