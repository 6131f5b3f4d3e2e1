// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A name is not a class: two structs can have the same name in QEMU.

use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Child, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};

mod one {
    use super::*;
    use oldstable::bql::BqlCell;

    oldstable::qom_define_type! {
        pub struct Foo("attacks-foo"): DeviceState, Object { n: BqlCell<u64> }
    }
    impl ObjectImpl for Foo {}
    impl DeviceImpl for Foo {}

    oldstable::qom_define_type! {
        pub struct Base("attacks-base") with BaseClass: Object {
            n: BqlCell<[u64; 4]>,
        }
    }
    impl ObjectImpl for Base {
        const INSTANCE_INIT: Option<fn(&Self)> = Some(|base| base.n.set([0x4141_4141_4141_4141; 4]));
    }
    oldstable::qom_virtual_methods! {
        pub trait BaseImpl: ObjectImpl;
        pub trait BaseMethods;
        pub struct BaseClass for Base;
    }
}

mod two {
    use super::*;
    use oldstable::bql::BqlRefCell;

    oldstable::qom_define_type! {
        pub struct Foo("attacks-foo"): DeviceState, Object { pub text: BqlRefCell<String> }
    }
    impl ObjectImpl for Foo {}
    impl DeviceImpl for Foo {}

    oldstable::qom_define_type! {
        pub struct Base("attacks-base") with BaseClass: Object { pub text: BqlRefCell<String> }
    }
    impl ObjectImpl for Base {}
    oldstable::qom_virtual_methods! {
        pub trait BaseImpl: ObjectImpl;
        pub trait BaseMethods;
        pub struct BaseClass for Base;
    }

    oldstable::qom_define_type! {
        pub struct Derived("attacks-derived"): Base, Object {}
    }
    impl ObjectImpl for Derived {}
    impl BaseImpl for Derived {}
}

oldstable::qdev_define_conf! {
    pub struct HolderConf {
        "foo" => thing: Option<Owned<two::Foo>>,
    }
}

oldstable::qom_define_type! {
    pub struct Holder("attacks-holder"): DeviceState, Object { conf: HolderConf }
}
impl ObjectImpl for Holder {}
impl DeviceImpl for Holder {}

oldstable::qom_define_type! {
    pub struct Outer("attacks-outer"): Object { inner: Child<two::Foo> }
}
impl ObjectImpl for Outer {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|outer| outer.inner.init(outer, "inner"));
}

oldstable::qom_define_type! {
    pub struct Irq("irq"): Object {}
}
impl ObjectImpl for Irq {}

fn one_foo() -> Owned<one::Foo> {
    register::<one::Foo>();
    let thing = one::Foo::new();
    Object::root().property_add_child("foo", thing.clone()).unwrap();
    thing
}

programs! {
    a_link => Sentence "is not of the struct that is asked for" {
        let thing = one_foo();
        register::<Holder>();
        let holder = Holder::new();
        holder.property_set_link("foo", Some(&*thing)).unwrap();
        println!("a text {}", holder.conf.thing.get().unwrap().text.borrow());
    }

    a_parent => Sentence "cannot be registered before its parent" {
        register::<one::Base>();
        register::<two::Derived>();
        println!("a text {}", two::Derived::new().upcast::<two::Base>().text.borrow());
    }

    a_parent_that_is_registered_later => Sentence "cannot be registered before its parent" {
        register::<two::Derived>();
        register::<two::Base>();
    }

    a_child => Sentence "there is no class attacks-foo" {
        let _foo = one_foo();
        register::<Outer>();
        println!("a text {}", Outer::new().inner.text.borrow());
    }

    an_instance => Sentence "there is no class attacks-foo" {
        let _foo = one_foo();
        println!("a text {}", two::Foo::new().text.borrow());
    }

    a_cast_and_a_search => Clean "they find nothing" {
        let thing = one_foo();
        let object = Owned::upcast::<Object>(thing);
        if object.dynamic_cast::<two::Foo>().is_none()
            && two::Foo::find_all().is_empty()
            && two::Foo::resolve("/foo").is_err()
            && two::Foo::new_by_name("attacks-foo").is_err()
            && Owned::downcast::<two::Foo>(object).is_err()
        {
            println!("they find nothing");
        }
    }

    both => Sentence "exists already" {
        register::<one::Foo>();
        register::<two::Foo>();
    }

    one_of_qemus_own => Sentence "exists already" { register::<Irq>() }
}
