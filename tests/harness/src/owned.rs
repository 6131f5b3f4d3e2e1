// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Counted references.

use crate::object::{thing_at, Thing};
use oldstable::qdev::DeviceState;
use oldstable::qom::{Object, ObjectClassMethods, ObjectMethods, Owned};
use oldstable::testing::references;

oldstable::tests! {
    fn a_new_object_has_one_reference() {
        assert_eq!(references(&*Thing::new()), 1);
    }

    fn clone_takes_a_reference_and_drop_gives_it_back() {
        let thing = Thing::new();
        let second = thing.clone();
        assert_eq!(references(&*thing), 2);
        drop(second);
        assert_eq!(references(&*thing), 1);
    }

    fn from_takes_a_reference_of_its_own() {
        let thing = Thing::new();
        let second = Owned::from(&*thing);
        assert_eq!(references(&*thing), 2);
        drop(second);
        assert_eq!(references(&*thing), 1);
    }

    fn a_reference_goes_out_raw_and_comes_back() {
        let thing = Thing::new();
        let raw = Owned::into_raw(thing.clone());
        assert_eq!(references(&*thing), 2);
        // SAFETY: the pointer is the reference that `into_raw` has returned.
        drop(unsafe { Owned::from_raw(raw) });
        assert_eq!(references(&*thing), 1);
    }

    fn casts_move_the_reference() {
        let object: Owned<Object> = Owned::upcast(Thing::new());
        assert_eq!(references(&*object), 1);
        let thing: Owned<Thing> = Owned::downcast(object).unwrap();
        assert_eq!(references(&*thing), 1);
    }

    fn a_cast_that_fails_gives_the_reference_back() {
        let object: Owned<Object> = Owned::upcast(Thing::new());
        let object = Owned::downcast::<DeviceState>(object).unwrap_err();
        assert_eq!(references(&*object), 1);
        let object = Owned::dynamic_cast::<DeviceState>(object).unwrap_err();
        assert_eq!(references(&*object), 1);
    }

    fn an_object_lives_as_long_as_its_last_reference() {
        let thing = thing_at("outlives-its-place");
        thing.number.set(42);
        let second = thing.clone();
        thing.unparent();
        drop(thing);
        assert_eq!(second.number.get(), 42);
        assert_eq!(references(&*second), 1);
    }
}
