// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Casts between classes.

use crate::object::{Stranger, Thing};
use oldstable::qdev::DeviceState;
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl};

oldstable::qom_define_type! {
    /// Another, unregistered class with the same name as `Thing`.
    pub struct Namesake("harness-thing"): Object {
        text: String,
    }
}

impl ObjectImpl for Namesake {}

oldstable::tests! {
    fn an_upcast_is_the_same_address() {
        let thing = Thing::new();
        let object: &Object = thing.upcast();
        assert!(std::ptr::eq(object as *const Object as *const u8, &*thing as *const Thing as *const u8));
        assert!(std::ptr::eq(object, AsRef::<Object>::as_ref(&*thing)));
    }

    fn a_downcast_gives_what_the_object_is_and_nothing_else() {
        let thing = Thing::new();
        let object: &Object = thing.upcast();
        assert!(std::ptr::eq(object.downcast::<Thing>().unwrap(), &*thing));
        assert!(object.downcast::<DeviceState>().is_none());
    }

    fn a_dynamic_cast_may_fail_between_any_classes() {
        let thing = Thing::new();
        assert!(thing.dynamic_cast::<DeviceState>().is_none());
        assert!(thing.dynamic_cast::<Object>().is_some());
    }

    fn no_object_is_of_a_class_that_is_not_registered() {
        let thing = Thing::new();
        assert!(thing.dynamic_cast::<Stranger>().is_none());
        // Not even if its name is that of the object's class.
        assert!(thing.dynamic_cast::<Namesake>().is_none());
        assert!(Namesake::resolve("/").is_err());
    }
}
