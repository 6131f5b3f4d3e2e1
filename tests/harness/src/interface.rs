// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Interfaces: QEMU's own, and interfaces written in Rust.

use crate::object::Thing;
use oldstable::bql::BqlCell;
use oldstable::compat::c_str;
use oldstable::qom::{Interface, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods};

oldstable::qom_define_interface! {
    /// Something that can be wound up.
    pub struct Wound("harness-wound");
    /// Declares a class to implement it.
    pub trait WoundImpl;
    /// The table of a class's methods.
    pub struct WoundClass;

    /// Turns the key, and returns how often it has been turned.
    WIND => wind: fn(turns: u32) -> u32 = |_wound, _turns| 0;
    /// Returns its tune.
    TUNE => tune: fn() -> &'static str = |_wound| "nothing";
}

oldstable::qom_define_type! {
    /// Implements QEMU's interface and ours.
    pub struct MusicBox("harness-music-box") with MusicBoxClass: Object {
        turned: BqlCell<u32>,
    }
}

impl ObjectImpl for MusicBox {
    const INTERFACES: &'static [Interface<Self>] = &[
        <Self as WoundImpl>::INTERFACE,
        // SAFETY: all methods of the interface may be absent.
        unsafe { Interface::of_qemu(c_str!("user-creatable")) },
    ];
}

impl WoundImpl for MusicBox {
    const WIND: Option<fn(&Self, u32) -> u32> = Some(|music_box, turns| {
        music_box.turned.set(music_box.turned.get() + turns);
        music_box.turned.get()
    });
}

oldstable::qom_virtual_methods! {
    /// Music boxes add no method.
    pub trait MusicBoxImpl: ObjectImpl;
    /// The methods of every music box.
    pub trait MusicBoxMethods;
    /// The methods in the class of a music box.
    pub struct MusicBoxClass for MusicBox;
}

oldstable::qom_define_type! {
    /// Inherits the interface, and overrides one of its methods.
    pub struct Carillon("harness-carillon"): MusicBox, Object {}
}

impl ObjectImpl for Carillon {
    const INTERFACES: &'static [Interface<Self>] = &[<Self as WoundImpl>::INTERFACE];
}

impl MusicBoxImpl for Carillon {}

impl WoundImpl for Carillon {
    const TUNE: Option<fn(&Self) -> &'static str> = Some(|_carillon| "the hour");
}

oldstable::tests! {
    classes [MusicBox, Carillon];

    fn an_object_is_seen_as_the_interface_that_its_class_has() {
        let music_box = MusicBox::new();
        let wound = music_box.dynamic_cast::<Wound>().unwrap();
        assert_eq!(wound.wind(2), 2);
        assert_eq!(wound.wind(3), 5);
        assert_eq!(music_box.turned.get(), 5);
        assert_eq!(wound.typename(), "harness-music-box");
    }

    fn a_method_that_the_class_does_not_say_does_the_base() {
        assert_eq!(MusicBox::new().dynamic_cast::<Wound>().unwrap().tune(), "nothing");
    }

    fn a_subclass_inherits_and_overrides_methods_of_the_interface() {
        let carillon = Carillon::new();
        let wound = carillon.dynamic_cast::<Wound>().unwrap();
        assert_eq!(wound.wind(4), 4);
        assert_eq!(wound.tune(), "the hour");
    }

    fn what_does_not_have_the_interface_is_not_seen_as_it() {
        assert!(Thing::new().dynamic_cast::<Wound>().is_none());
    }

    fn an_interface_of_qemu_is_had() {
        assert!(MusicBox::new().is_instance_of(c_str!("user-creatable")));
        assert!(!Thing::new().is_instance_of(c_str!("user-creatable")));
    }

    fn an_interface_lists_who_has_it() {
        let mut names = Wound::subclasses();
        names.sort();
        assert_eq!(names, ["harness-carillon", "harness-music-box"]);
    }
}
