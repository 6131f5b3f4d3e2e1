// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Methods of every object: its place in the tree, its properties.

use super::lookup::for_each_child;
use super::realize::{check_can_set_realized, is_in_its_own_hands, AT_A_PROPERTY, AT_A_TRANSFER};
use super::{expect_field_of, made, Child, IsA, Object, ObjectCast, Owned};
use crate::foreign::{text_at, CloneToForeign, FromForeign, Glib, IntoNative};
use crate::listeners::TELLING;
use crate::{bql, sys};
use crate::{Error, Result};
use oldstable_compat::ffi::CStr;
use std::borrow::Cow;
use std::fmt;

/// Calls a function of QEMU with an object, the name of a property, values, and the place for an error.
macro_rules! property_call {
    ($function:ident, $object:expr, $name:expr $(, $value:expr)*) => {{
        bql::expect_locked();
        let name = $name.try_clone_to_foreign()?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the object is live, the name a string, and the values live as long as the call.
        unsafe {
            let result =
                sys::$function($object.as_object_ptr(), name.as_ptr(), $($value,)* &mut err);
            Error::err_or_unit(err).map(|()| result)
        }
    }};
}

/// Methods of every object.
pub trait ObjectMethods: IsA<Object> {
    /// Returns whether the object's class is the named one or a descendant, or has the named interface.
    #[track_caller]
    fn is_instance_of(&self, type_name: &CStr) -> bool {
        bql::expect_locked();
        // SAFETY: the object is live and the name a string.
        unsafe { !sys::object_dynamic_cast(self.as_object_ptr(), type_name.as_ptr()).is_null() }
    }

    /// Returns the name of the object's own class, which may be a descendant of the reference's class.
    fn typename(&self) -> Cow<'_, str> {
        // SAFETY: QEMU returns the name that the type was registered with, which lives as long as QEMU.
        unsafe { text_at(sys::object_get_typename(self.as_object_ptr())) }
    }

    /// Returns the object's path in the tree of objects; None if it is not in the tree.
    #[track_caller]
    fn canonical_path(&self) -> Option<String> {
        bql::expect_locked();
        // SAFETY: the object is live; the path is the caller's to free.
        unsafe { sys::object_get_canonical_path(self.as_object_ptr()).into_native_in::<Glib>() }
    }

    /// Returns the object's parent in the tree; None if it is not in the tree, or if the parent is being freed, and
    /// this object with it.
    #[track_caller]
    fn parent(&self) -> Option<Owned<Object>> {
        bql::expect_locked();
        // SAFETY: the object is live, and so is its parent.
        unsafe { ((*self.as_object_ptr()).parent as *const Object).as_ref().and_then(Owned::of_living) }
    }

    /// Returns the object's children in the tree.
    #[track_caller]
    fn children(&self) -> Vec<Owned<Object>> {
        bql::expect_locked();
        let mut children = Vec::new();
        for_each_child(self.upcast(), sys::object_child_foreach, |child| children.extend(Owned::of_living(child)));
        children
    }

    /// Adds `child` to the tree, as a child of this object. The tree takes over the reference.
    ///
    /// # Errors
    /// If there is a property of this name already, the child is in the tree, or this object is its descendant.
    #[track_caller]
    fn property_add_child<T: IsA<Object>>(&self, name: &str, child: Owned<T>) -> Result<()> {
        check_has_room_for(self.upcast(), child.upcast())?;
        // The tree takes a reference of its own, and `child` releases its own when it goes out of scope.
        property_call!(object_property_try_add_child, self, name, child.as_object_ptr()).map(drop)
    }

    /// Adds a property that is an alias of a property of an embedded object.
    ///
    /// # Errors
    /// If there is a property of this name already, or `target` has none of its name.
    ///
    /// # Panics
    /// If `target` is not a field of this object, or has not been made.
    #[track_caller]
    fn property_add_alias<T: IsA<Object>>(&self, name: &str, target: &Child<T>, target_name: &str) -> Result<()> {
        // The alias is a bare pointer to the target.
        expect_field_of(self, target);
        bql::expect_locked();
        let (c_name, c_target_name) = (name.try_clone_to_foreign()?, target_name.try_clone_to_foreign()?);
        let target = target.as_object_ptr();
        // SAFETY: both objects are live, the names are strings, and the conditions that QEMU asserts have been checked.
        unsafe {
            if !sys::object_property_find(self.as_object_ptr(), c_name.as_ptr()).is_null() {
                return Err(Error::from(format!("there is a property {} already", name)));
            }
            if sys::object_property_find(target, c_target_name.as_ptr()).is_null() {
                return Err(Error::from(format!("there is no property {} to be aliased", target_name)));
            }
            let (name, target_name) = (c_name.as_ptr(), c_target_name.as_ptr());
            sys::object_property_add_alias(self.as_object_ptr(), name, target, target_name);
        }
        Ok(())
    }

    /// Removes the object from the tree; a device is unrealized. It lives as long as there are references to it.
    ///
    /// # Panics
    /// If the object is QEMU's own, which may keep pointers to it: its class is not written in Rust, and it was not
    /// made by [`new_by_name`](super::ObjectClassMethods::new_by_name) or `new`. A device's regions, lines and clocks
    /// are such objects. Also while devices are notified of a run state or of the exit, or migrate; in a property's
    /// getter or setter; in a REALIZE, COMPLETE, UNREALIZE or UNPARENT of the object itself or of a descendant; and in
    /// a transfer on an I²C or SSI bus, or if the device is on an I²C bus where one is under way.
    #[track_caller]
    fn unparent(&self) {
        take_out_of_the_tree(self.upcast())
    }

    /// Returns QEMU's name for the type of a property.
    ///
    /// # Errors
    /// If there is none of this name.
    #[track_caller]
    fn property_type(&self, name: &str) -> Result<String> {
        let type_name = property_call!(object_property_get_type, self, name)?;
        // SAFETY: the string lives as long as the property; it is copied at once.
        Ok(unsafe { String::cloned_from_foreign(type_name) })
    }

    /// Sets a property of any type from text, as a user would write it.
    ///
    /// # Errors
    /// If there is none of this name, or it does not accept the text.
    #[track_caller]
    fn property_parse(&self, name: &str, text: &str) -> Result<()> {
        check_can_be_set(self.upcast(), name, None)?;
        let _alive = linked(self.upcast(), name);
        let text = text.try_clone_to_foreign()?;
        property_call!(object_property_parse, self, name, text.as_ptr()).map(drop)
    }

    /// Reads a property of type string or enum.
    ///
    /// # Errors
    /// If there is none of this name, or it is of another type.
    #[track_caller]
    fn property_get_str(&self, name: &str) -> Result<String> {
        let value = property_call!(object_property_get_str, self, name)?;
        // SAFETY: the string is the caller's to free.
        let value: Option<String> = unsafe { value.into_native_in::<Glib>() };
        Ok(value.unwrap_or_default())
    }

    /// Sets a property of type string or enum.
    ///
    /// # Errors
    /// If there is none of this name, it is of another type, or it does not accept the value.
    #[track_caller]
    fn property_set_str(&self, name: &str, value: &str) -> Result<()> {
        check_can_be_set(self.upcast(), name, None)?;
        let _alive = linked(self.upcast(), name);
        let value = value.try_clone_to_foreign()?;
        property_call!(object_property_set_str, self, name, value.as_ptr()).map(drop)
    }

    /// Reads a boolean property.
    ///
    /// # Errors
    /// If there is none of this name, or it is of another type.
    #[track_caller]
    fn property_get_bool(&self, name: &str) -> Result<bool> {
        property_call!(object_property_get_bool, self, name)
    }

    /// Sets a boolean property.
    ///
    /// # Errors
    /// If there is none of this name, it is of another type, or it does not accept the value.
    #[track_caller]
    fn property_set_bool(&self, name: &str, value: bool) -> Result<()> {
        check_can_be_set(self.upcast(), name, Some(value))?;
        property_call!(object_property_set_bool, self, name, value).map(drop)
    }

    /// Reads a property of a signed type.
    ///
    /// # Errors
    /// If there is none of this name, or it is of another type.
    #[track_caller]
    fn property_get_int(&self, name: &str) -> Result<i64> {
        property_call!(object_property_get_int, self, name)
    }

    /// Sets a property of any type of number.
    ///
    /// # Errors
    /// If there is none of this name, it is of another type, or it does not accept the value.
    #[track_caller]
    fn property_set_int(&self, name: &str, value: i64) -> Result<()> {
        check_can_be_set(self.upcast(), name, None)?;
        property_call!(object_property_set_int, self, name, value).map(drop)
    }

    /// Reads a property of an unsigned type.
    ///
    /// # Errors
    /// If there is none of this name, or it is of another type.
    #[track_caller]
    fn property_get_uint(&self, name: &str) -> Result<u64> {
        property_call!(object_property_get_uint, self, name)
    }

    /// Sets a property of any type of number.
    ///
    /// # Errors
    /// If there is none of this name, it is of another type, or it does not accept the value.
    #[track_caller]
    fn property_set_uint(&self, name: &str, value: u64) -> Result<()> {
        check_can_be_set(self.upcast(), name, None)?;
        property_call!(object_property_set_uint, self, name, value).map(drop)
    }

    /// Reads a link: returns its target, if it has one.
    ///
    /// # Errors
    /// If there is none of this name, or it is of another type.
    #[track_caller]
    fn property_get_link(&self, name: &str) -> Result<Option<Owned<Object>>> {
        let object = property_call!(object_property_get_link, self, name)?;
        // SAFETY: the target of a link is live.
        Ok(unsafe { (object as *const Object).as_ref() }.and_then(Owned::of_living))
    }

    /// Sets a link to an object, or to none. The object must be in the tree.
    ///
    /// # Errors
    /// If there is none of this name, it is of another type, or it does not accept an object of this class; if the
    /// object is not in the tree.
    #[track_caller]
    fn property_set_link<T: IsA<Object>>(&self, name: &str, value: Option<&T>) -> Result<()> {
        // The link's reference may be the one through which the caller was called.
        let _alive = self.property_get_link(name);
        let value = match value {
            Some(object) if !is_in_tree(object.upcast()) => {
                return Err(Error::from(format!("{} is not in the tree and cannot be linked to", object.typename())))
            }
            Some(object) => object.as_object_ptr(),
            None => std::ptr::null_mut(),
        };
        property_call!(object_property_set_link, self, name, value).map(drop)
    }

    /// Writes the class and the path, for [`Debug`](fmt::Debug).
    ///
    /// # Errors
    /// If the formatter returns one.
    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.typename())?;
        match self.canonical_path() {
            Some(path) => write!(f, " at {}", path),
            None => write!(f, " outside the tree"),
        }
    }
}

impl<T: IsA<Object>> ObjectMethods for T {}

/// # Errors
/// If the child is in the tree, or would be its own descendant.
#[track_caller]
fn check_has_room_for(parent: &Object, child: &Object) -> Result<()> {
    bql::expect_locked();
    if is_in_tree(child) {
        return Err(Error::from(format!("{:?} is in the tree already", child)));
    }
    let mut above = parent.as_object_ptr();
    // SAFETY: the objects are live, and so are their ancestors.
    unsafe {
        while !above.is_null() {
            if above == child.as_object_ptr() {
                return Err("an object cannot be below itself".into());
            }
            above = (*above).parent;
        }
        if child.as_object_ptr() == sys::object_get_root() {
            return Err("the root of the tree is below nothing".into());
        }
    }
    Ok(())
}

#[track_caller]
fn take_out_of_the_tree(object: &Object) {
    bql::expect_locked();
    if !is_in_tree(object) {
        return;
    }
    if let Err(error) = TELLING.check().and_then(|()| AT_A_PROPERTY.check()) {
        panic!("{}", error);
    }
    assert!(
        made::is_of_safe_code(object),
        "{:?} is not taken out of the tree: QEMU, or the device that it is a part of, uses it",
        object
    );
    // The tree's reference may be the last one to `object`. Its parent may be being freed, and this object with it.
    if let Some(_alive) = Owned::of_living(object) {
        assert!(
            !is_in_its_own_hands(object),
            "{:?} is not taken out of the tree by a REALIZE, COMPLETE, UNREALIZE or UNPARENT of its own or of what \
             is below it: a BottomHalf can do it",
            object
        );
        assert!(
            !is_addressed(object),
            "{:?} is not taken off its bus in the middle of a transfer, which goes on with it: end the transfer before",
            object
        );
        if let Err(error) = AT_A_TRANSFER.check() {
            panic!("{}", error);
        }
        // SAFETY: the object is live.
        unsafe { sys::object_unparent(object.as_object_ptr()) }
    }
}

/// Returns whether the object is on an I²C bus with a transfer under way: the bus keeps the devices that are addressed
/// in a list, whatever becomes of them.
fn is_addressed(object: &Object) -> bool {
    match object.property_get_link("parent_bus") {
        Ok(Some(bus)) if bus.typename() == "i2c-bus" => {
            // SAFETY: the bus is live.
            unsafe { sys::i2c_bus_busy(bus.as_object_ptr() as *mut sys::BusState) != 0 }
        }
        _ => false,
    }
}

/// Returns the target of a link, if the property is one: its reference may be the one through which the caller was
/// called. Getters of other properties need not run.
#[track_caller]
fn linked(object: &Object, name: &str) -> Option<Owned<Object>> {
    match object.property_type(name) {
        Ok(type_name) if type_name.starts_with("link<") => object.property_get_link(name).ok().flatten(),
        _ => None,
    }
}

/// Checks properties whose setters do what a method does.
#[track_caller]
fn check_can_be_set(object: &Object, name: &str, value: Option<bool>) -> Result<()> {
    bql::expect_locked();
    match name {
        "realized" => check_can_set_realized(object, value),
        _ => Ok(()),
    }
}

/// Returns whether the object has a parent.
fn is_in_tree(object: &Object) -> bool {
    // SAFETY: the object is live.
    unsafe { !(*object.as_object_ptr()).parent.is_null() }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug_fmt(f)
    }
}

impl<T: IsA<Object>> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.upcast::<Object>().debug_fmt(f)
    }
}
