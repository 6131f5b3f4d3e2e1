//! expect: IsA<Thing>` is not satisfied | does not descend from the class `Thing`
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

pub fn downcast(thing: oldstable::qom::Owned<Thing>) {
    let _ = oldstable::qom::Owned::<Thing>::downcast::<Object>(thing);
}
