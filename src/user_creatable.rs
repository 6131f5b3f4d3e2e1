// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Objects that users create and that are not devices.
//!
//! On QEMU 5.2 `-object TYPE,id=NAME` creates one. From 6.0 on that option only accepts types from a list that is fixed
//! when QEMU is built. There, call [`create`] from the `board` function of [`plugin!`](macro@crate::plugin), with the
//! plugin's arguments. Or write a device that is on no bus: `-device` accepts it in all releases.

use crate::bql;
use crate::callback::guard;
use crate::qom::{
    while_realizing, Interface, IsA, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned,
    RustInterface,
};
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::CStr;
use std::ptr;

const USER_CREATABLE: &CStr = c_str!("user-creatable");

/// The method of an object that a user creates. Its class lists [`Interface::USER_CREATABLE`].
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` has no `UserCreatableImpl`",
        note = "write `impl UserCreatableImpl for {Self} {{}}`, and list `Interface::USER_CREATABLE` among its INTERFACES"
    )
)]
pub trait UserCreatableImpl: ObjectImpl {
    /// Completes the object, once its properties are set and it is in the tree.
    const COMPLETE: Option<fn(&Self) -> Result<()>> = None;
}

impl<T: UserCreatableImpl> Interface<T> {
    /// For the [`INTERFACES`](ObjectImpl::INTERFACES) of a class that users can create objects of.
    // SAFETY: QEMU has the interface, and the installed method is made for T.
    pub const USER_CREATABLE: Self = unsafe {
        Interface::of_rust(
            USER_CREATABLE,
            &RustInterface {
                // It is QEMU's own, and so already registered.
                register: || (),
                install: install::<T>,
            },
        )
    };
}

/// # Safety
/// `class` is that of a `T`, which lists the interface.
unsafe fn install<T: UserCreatableImpl>(class: *mut sys::ObjectClass) {
    if T::COMPLETE.is_some() {
        // SAFETY: the caller guarantees a class that lists the interface.
        unsafe { *sys::user_creatable_class_complete(class) = Some(complete::<T>) };
    }
}

/// # Safety
/// QEMU calls it with a live instance of `T` and the place for an error.
unsafe extern "C" fn complete<T: UserCreatableImpl>(object: *mut sys::Object, errp: *mut *mut sys::Error) {
    guard("complete", || {
        if let Some(method) = T::COMPLETE {
            // SAFETY: QEMU calls the method of T's class with a live instance of it, and errp is the place for an
            // error, as C passes it.
            unsafe {
                let result = while_realizing(object as *mut _, || method(&*(object as *const T)));
                Error::ok_or_propagate(result, errp);
            }
        }
    })
}

/// Creates an object as `-object TYPE,id=NAME` does, as `/objects/NAME` in the tree of objects.
/// [`unparent`](ObjectMethods::unparent) or the monitor's `object_del` removes it.
///
/// # Errors
/// If the object rejects its properties, if there is an object of this name, or if the class does not list the
/// interface.
///
/// # Panics
/// If the class is not registered or is abstract.
#[track_caller]
pub fn create<T: UserCreatableImpl + IsA<Object>>(name: &str) -> Result<Owned<T>> {
    bql::expect_locked();
    let object = T::new();
    if !object.is_instance_of(USER_CREATABLE) {
        return Err("its class does not list Interface::USER_CREATABLE".into());
    }
    // SAFETY: QEMU makes the root on first use, and it lives for ever.
    let objects = unsafe { &*(sys::object_get_objects_root() as *const Object) };
    objects.property_add_child(name, object.clone())?;
    let mut err = ptr::null_mut();
    // SAFETY: the object is live and has the interface.
    let result = unsafe {
        sys::user_creatable_complete(object.as_object_ptr(), &mut err);
        Error::err_or_unit(err)
    };
    if let Err(error) = result {
        object.unparent();
        return Err(error);
    }
    Ok(object)
}
