// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The methods of every object and every class.

use oldstable::bql::BqlCell;
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};

use oldstable::testing::{message_of_panic, references};

oldstable::qom_define_type! {
    /// An object that is not a device.
    pub struct Thing("harness-thing"): Object {
        pub number: BqlCell<u32>,
    }
}

impl ObjectImpl for Thing {}

oldstable::qom_define_type! {
    /// A class without instances.
    pub struct Idea("harness-idea"): Object {}
}

impl ObjectImpl for Idea {
    const ABSTRACT: bool = true;
}

oldstable::qom_define_type! {
    /// A class that is never registered.
    pub struct Stranger("harness-stranger"): Object {}
}

impl ObjectImpl for Stranger {}

/// Adds a new object to the tree, below the root.
pub fn thing_at(name: &str) -> Owned<Thing> {
    let thing = Thing::new();
    Object::root().property_add_child(name, thing.clone()).unwrap();
    thing
}

oldstable::tests! {
    classes [Idea];

    fn typename_is_that_of_the_own_class() {
        let thing = Thing::new();
        assert_eq!(thing.upcast::<Object>().typename(), "harness-thing");
    }

    fn debug_shows_type_and_place() {
        let thing = Thing::new();
        assert_eq!(format!("{:?}", thing), "harness-thing outside the tree");
        Object::root().property_add_child("debugged", thing.clone()).unwrap();
        assert_eq!(format!("{:?}", thing), "harness-thing at /debugged");
        assert_eq!(format!("{:?}", &*thing), "harness-thing at /debugged");
        thing.unparent();
    }

    fn a_new_object_is_made_by_the_name_of_its_class() {
        let thing: Owned<Object> = Object::new_by_name("harness-thing").unwrap();
        assert!(thing.downcast::<Thing>().is_some());
        assert_eq!(references(&*thing), 1);
    }

    fn what_cannot_be_made_by_name_is_an_error() {
        let error = |name| Object::new_by_name(name).unwrap_err().to_string();
        assert!(error("harness-nothing").contains("there is no class harness-nothing"));
        assert!(error("harness-idea").contains("the class harness-idea is abstract"));
        assert!(error("a\0b").contains("NUL"));
        let error = Thing::new_by_name("container").unwrap_err().to_string();
        assert!(error.contains("the class container is not a harness-thing"), "{}", error);
    }

    fn new_panics_for_a_class_that_is_abstract_or_not_registered() {
        assert!(message_of_panic(|| drop(Idea::new())).contains("is abstract"));
        assert!(message_of_panic(|| drop(Stranger::new())).contains("has it been registered?"));
    }

    fn classes_know_whether_they_are_abstract() {
        assert!(Idea::is_abstract());
        assert!(!Thing::is_abstract());
        assert!(!Stranger::is_abstract());
    }

    fn subclasses_are_listed_without_abstract_ones() {
        let subclasses = Object::subclasses();
        assert!(subclasses.iter().any(|name| name == "harness-thing"));
        assert!(!subclasses.iter().any(|name| name == "harness-idea"));
        assert_eq!(Thing::subclasses(), ["harness-thing"]);
    }

    fn a_child_has_a_path_and_is_found_by_it_and_by_its_type() {
        let thing = thing_at("findable");
        assert_eq!(thing.canonical_path().as_deref(), Some("/findable"));
        let found = Thing::resolve("/findable").unwrap();
        assert!(std::ptr::eq(&*found, &*thing));
        let found = Object::resolve("findable").unwrap();
        assert!(std::ptr::eq(&*found, thing.upcast::<Object>()));
        drop(found);
        thing.unparent();
        assert_eq!(thing.canonical_path(), None);
    }

    fn what_is_not_found_is_an_error() {
        let error = Thing::resolve("/nowhere").unwrap_err().to_string();
        assert!(error.contains("there is no harness-thing at /nowhere"), "{}", error);
        let error = Thing::resolve("/machine").unwrap_err().to_string();
        assert!(error.contains("there is no harness-thing at /machine"), "{}", error);
    }

    fn a_partial_path_that_fits_twice_is_an_error() {
        let (one, other) = (thing_at("one"), thing_at("other"));
        for parent in &[&one, &other] {
            parent.property_add_child("twin", Thing::new()).unwrap();
        }
        let error = Thing::resolve("twin").unwrap_err().to_string();
        assert!(error.contains("more than one harness-thing at twin"), "{}", error);
        one.unparent();
        other.unparent();
    }

    fn all_objects_of_a_class_are_found() {
        let (one, other) = (thing_at("here"), Thing::new());
        one.property_add_child("below", other.clone()).unwrap();
        let found = Thing::find_all();
        assert_eq!(found.len(), 2);
        assert!(found.iter().any(|found| std::ptr::eq(&**found, &*other)));
        one.unparent();
    }

    fn the_tree_holds_one_reference_and_adding_leaks_none() {
        let thing = Thing::new();
        Object::root().property_add_child("counted", thing.clone()).unwrap();
        assert_eq!(references(&*thing), 2);
        thing.unparent();
        assert_eq!(references(&*thing), 1);
        // An object outside the tree can be removed from it again.
        thing.unparent();
        assert_eq!(references(&*thing), 1);
    }

    fn a_child_whose_name_is_taken_is_given_back() {
        let (one, other) = (thing_at("taken"), Thing::new());
        let error = Object::root().property_add_child("taken", other.clone()).unwrap_err();
        assert!(error.to_string().contains("taken"), "{}", error);
        assert_eq!(references(&*other), 1);
        one.unparent();
    }

    fn a_child_that_is_in_the_tree_already_is_refused() {
        let thing = thing_at("placed");
        let error = Object::root().property_add_child("again", thing.clone()).unwrap_err();
        assert!(error.to_string().contains("is in the tree already"), "{}", error);
        assert_eq!(references(&*thing), 2);
        thing.unparent();
    }

    fn parent_and_children_lead_up_and_down_the_tree() {
        let (above, below) = (thing_at("above"), Thing::new());
        above.property_add_child("below", below.clone()).unwrap();
        let children = above.children();
        assert_eq!(children.len(), 1);
        assert!(std::ptr::eq(&*children[0], below.upcast::<Object>()));
        let parent = below.parent().unwrap();
        assert!(std::ptr::eq(&*parent, above.upcast::<Object>()));
        assert_eq!(references(&*above), 3);
        drop(parent);
        assert_eq!(references(&*above), 2);
        above.unparent();
    }

    fn a_property_that_does_not_exist_is_an_error() {
        let thing = Thing::new();
        assert!(thing.property_get_uint("nothing").unwrap_err().to_string().contains("nothing"));
        assert!(thing.property_set_bool("nothing", true).is_err());
        assert!(thing.property_type("nothing").is_err());
    }

    fn the_type_of_a_property_is_named() {
        assert_eq!(Thing::new().property_type("type").unwrap(), "string");
        assert_eq!(Thing::new().property_get_str("type").unwrap(), "harness-thing");
    }
}
