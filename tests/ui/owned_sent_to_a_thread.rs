//! expect: `NonNull<Thing>` cannot be sent between threads safely
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

pub fn send() {
    let thing = Thing::new();
    std::thread::spawn(move || drop(thing));
}
