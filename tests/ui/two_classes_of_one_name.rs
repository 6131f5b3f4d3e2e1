//! expect: the name `Thing` is defined multiple times
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

oldstable::qom_define_type! {
    pub struct Thing("other-thing"): Object {}
}
