//! expect: `Nameless: Default` is not satisfied
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {
        name: Nameless,
    }
}

impl ObjectImpl for Thing {}

pub struct Nameless(&'static str);
