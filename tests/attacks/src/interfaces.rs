// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A guarantee about a class that another class gives. Most such programs do not compile: see `tests/ui`.

use oldstable::qom::{register, register_interface, Interface, Object, ObjectCast, ObjectClassMethods, ObjectImpl};
use oldstable::user_creatable::{create, UserCreatableImpl};

mod one {
    oldstable::qom_define_interface! {
        pub struct Wound("attacks-wound");
        pub trait WoundImpl;
        pub struct WoundClass;
        WIND => wind: fn(turns: u32) -> u32 = |_, turns| turns;
    }
}

mod two {
    oldstable::qom_define_interface! {
        pub struct Wound("attacks-wound");
        pub trait WoundImpl;
        pub struct WoundClass;
        WIND => wind: fn() -> String = |_| String::from("nothing");
        UNWIND => unwind: fn() -> String = |_| String::from("nothing");
    }
}

oldstable::qom_define_type! {
    pub struct MusicBox("attacks-music-box"): Object {}
}
impl ObjectImpl for MusicBox {
    const INTERFACES: &'static [Interface<Self>] = &[<Self as one::WoundImpl>::INTERFACE];
}
impl one::WoundImpl for MusicBox {}
impl UserCreatableImpl for MusicBox {}

programs! {
    one_that_the_class_does_not_list => Clean "does not list Interface::USER_CREATABLE" {
        register::<MusicBox>();
        println!("{}", create::<MusicBox>("box").unwrap_err());
    }

    two_of_one_name => Sentence "exists already" {
        register::<MusicBox>();
        register_interface::<two::Wound>();
    }

    a_cast_to_another_of_the_name => Clean "it is none" {
        register::<MusicBox>();
        let music_box = MusicBox::new();
        println!("{}", music_box.dynamic_cast::<one::Wound>().unwrap().wind(3));
        if music_box.dynamic_cast::<two::Wound>().is_none() {
            println!("it is none")
        }
    }
}
