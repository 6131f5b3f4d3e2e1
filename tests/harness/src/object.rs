//! What every object can do.

use oldstable::bql::BqlCell;
use oldstable::qom::{Object, ObjectImpl, ObjectClassMethods, ObjectMethods, ObjectCast};

oldstable::qom_define_type! {
    /// An object that is no device.
    pub struct Thing("harness-thing"): Object {
        number: BqlCell<u32>,
    }
}

impl ObjectImpl for Thing {}

tests! {
    fn typename_is_that_of_the_own_class() {
        let thing = Thing::new();
        assert_eq!(thing.upcast::<Object>().typename(), "harness-thing");
    }
    fn debug_shows_type_and_place() {
        let thing = Thing::new();
        assert_eq!(format!("{:?}", thing), "harness-thing outside the tree");
    }
}
