//! expect: `Final` cannot be the parent of `Thing` | ClassInit<Thing>` is not satisfied
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Final("final"): Object {}
}

impl ObjectImpl for Final {}

oldstable::qom_define_type! {
    pub struct Thing("thing"): Final, Object {}
}

impl ObjectImpl for Thing {}
