// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Objects that are embedded in others, and references to them.

use crate::object::Stranger;
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Child, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::{message_of_panic, references};
use oldstable::Result;
use std::sync::atomic::{AtomicU32, Ordering};

static INNER_DROPPED: AtomicU32 = AtomicU32::new(0);
static OUTER_DROPPED: AtomicU32 = AtomicU32::new(0);

/// Records that it has been dropped, and the order.
#[derive(Default)]
pub struct InnerEnd(Box<u32>);

impl Drop for InnerEnd {
    fn drop(&mut self) {
        INNER_DROPPED.fetch_add(1, Ordering::Relaxed);
        assert!(OUTER_DROPPED.load(Ordering::Relaxed) < INNER_DROPPED.load(Ordering::Relaxed));
    }
}

#[derive(Default)]
pub struct OuterEnd(u8);

impl Drop for OuterEnd {
    fn drop(&mut self) {
        OUTER_DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

oldstable::qdev_define_conf! {
    pub struct InnerConf {
        "speed" => speed: u32 = 5,
    }
}

oldstable::qom_define_type! {
    /// Is embedded.
    pub struct Inner("harness-inner"): DeviceState, Object {
        conf: InnerConf,
        value: BqlCell<u32>,
        realized: BqlCell<bool>,
        end: InnerEnd,
    }
}

impl ObjectImpl for Inner {}

impl DeviceImpl for Inner {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|inner| {
        inner.realized.set(true);
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|inner| inner.realized.set(false));
}

oldstable::qom_define_type! {
    /// Has an object inside.
    pub struct Outer("harness-outer"): DeviceState, Object {
        inner: Child<Inner>,
        never: Child<Stranger>,
        end: OuterEnd,
    }
}

impl ObjectImpl for Outer {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|outer| {
        outer.inner.init(outer, "inner");
        outer.property_add_alias("inner-speed", &outer.inner, "speed").unwrap();
    });
}

impl DeviceImpl for Outer {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|outer| outer.inner.realize());
}

oldstable::tests! {
    classes [Inner, Outer];

    fn a_child_is_in_the_tree_below_the_object_that_it_is_in() {
        let outer = Outer::new();
        let parent = outer.inner.parent().unwrap();
        assert!(std::ptr::eq(&*parent, outer.upcast::<Object>()));
        assert_eq!(outer.children().len(), 1);
    }

    fn a_child_ends_with_the_object_that_it_is_in_once() {
        let ends = || (INNER_DROPPED.load(Ordering::Relaxed), OUTER_DROPPED.load(Ordering::Relaxed));
        let (inner, outer) = ends();
        let object = Outer::new();
        assert_eq!(*object.inner.end.0 + u32::from(object.end.0), 0);
        drop(object);
        assert_eq!(ends(), (inner + 1, outer + 1));
    }

    fn a_child_that_is_never_made_is_no_matter() {
        let outer = Outer::new();
        let said = message_of_panic(|| drop(outer.never.typename()));
        assert!(said.contains("a child is used before its init"), "{}", said);
    }

    fn a_child_cannot_be_made_twice_or_without_its_class() {
        let outer = Outer::new();
        let said = message_of_panic(|| outer.inner.init(&*outer, "again"));
        assert!(said.contains("the child again has been made already"), "{}", said);
        let said = message_of_panic(|| outer.never.init(&*outer, "never"));
        assert!(said.contains("has it been registered?"), "{}", said);
    }

    fn a_child_must_be_a_field_of_its_parent() {
        let (outer, other) = (Outer::new(), Outer::new());
        let said = message_of_panic(|| outer.never.init(&*other, "never"));
        assert!(said.contains("must be a field"), "{}", said);
    }

    fn a_reference_to_a_child_keeps_what_it_is_in() {
        let dropped = OUTER_DROPPED.load(Ordering::Relaxed);
        let outer = Outer::new();
        let inner = Owned::from(&*outer.inner);
        assert_eq!(references(&*outer), 2);
        drop(outer);
        assert_eq!(OUTER_DROPPED.load(Ordering::Relaxed), dropped);
        inner.value.set(3);
        let second = inner.clone();
        drop(inner);
        assert_eq!(second.value.get(), 3);
        drop(second);
        assert_eq!(OUTER_DROPPED.load(Ordering::Relaxed), dropped + 1);
    }

    fn a_child_that_is_taken_out_of_the_tree_can_still_be_used() {
        let dropped = INNER_DROPPED.load(Ordering::Relaxed);
        let outer = Outer::new();
        outer.inner.unparent();
        outer.inner.value.set(3);
        assert_eq!(outer.inner.value.get(), 3);
        drop(outer);
        assert_eq!(INNER_DROPPED.load(Ordering::Relaxed), dropped + 1);
    }

    fn an_alias_stands_for_a_property_of_the_child() {
        let outer = Outer::new();
        assert_eq!(outer.property_get_uint("inner-speed").unwrap(), 5);
        outer.property_set_uint("inner-speed", 7).unwrap();
        assert_eq!(outer.inner.conf.speed.get(), 7);
    }

    fn an_alias_that_is_taken_or_leads_nowhere_is_an_error() {
        let outer = Outer::new();
        let error = |name, target| {
            outer.property_add_alias(name, &outer.inner, target).unwrap_err().to_string()
        };
        assert!(error("inner-speed", "speed").contains("there is a property inner-speed already"));
        assert!(error("other", "no-such").contains("there is no property no-such to be aliased"));
    }

    fn a_child_is_realized_by_its_parent_and_unrealized_with_it() {
        let outer = Outer::new();
        Object::root().property_add_child("outer", outer.clone()).unwrap();
        outer.realize().unwrap();
        let inner = Owned::from(&*outer.inner);
        assert!(inner.realized.get());
        outer.unparent();
        drop(outer);
        drop(inner);
    }

    fn what_is_being_made_cannot_be_owned() {
        oldstable::qom_define_type! {
            struct Selfish("harness-selfish"): Object {
                said: BqlCell<bool>,
            }
        }
        impl ObjectImpl for Selfish {
            const INSTANCE_INIT: Option<fn(&Self)> = Some(|selfish| {
                let said = message_of_panic(|| drop(Owned::from(selfish)));
                assert!(said.contains("an object that is being made"), "{}", said);
                selfish.said.set(true);
            });
        }
        oldstable::qom::register::<Selfish>();
        assert!(Selfish::new().said.get());
    }
}
