//! Casts.
use oldstable::qom::{Object, ObjectClassMethods, ObjectCast};
use crate::object::Thing;
tests! {
    fn an_upcast_is_the_same_address() {
        let thing = Thing::new();
        assert_eq!(thing.upcast::<Object>() as *const Object as usize, &*thing as *const Thing as usize);
    }
}
