//! Counted references.
use oldstable::qom::{ObjectClassMethods};
use crate::object::Thing;
use crate::runner::references;
tests! {
    fn clone_takes_a_reference_and_drop_gives_it_back() {
        let thing = Thing::new();
        assert_eq!(references(&*thing), 1);
        let second = thing.clone();
        assert_eq!(references(&*thing), 2);
        drop(second);
        assert_eq!(references(&*thing), 1);
    }
}
