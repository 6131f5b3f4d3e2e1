// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Functions of classes: new instances, instances in the tree, subclasses.

use super::{made, IsA, Object, ObjectCast, ObjectType, Owned};
use crate::bql::expect_locked;
use crate::foreign::{text_at, CloneToForeign, FromForeign};
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::ffi::{c_char, c_int, c_void};

impl Object {
    /// Returns the root of the tree of objects.
    ///
    /// Aborts without the big lock, as do all functions that get objects from QEMU.
    #[track_caller]
    pub fn root() -> Owned<Object> {
        expect_locked();
        // SAFETY: QEMU makes the root on first use, and it lives for ever.
        unsafe { Owned::from(&*(sys::object_get_root() as *const Object)) }
    }
}

/// Returns the class, if it can have instances.
///
/// # Safety
/// `name` is a C string.
#[track_caller]
unsafe fn concrete<T: ObjectType>(name: *const c_char) -> Result<*mut sys::ObjectClass> {
    expect_locked();
    // SAFETY: the caller guarantees a string.
    let (class, name) = unsafe { (sys::object_class_by_name(name), text_at(name)) };
    let problem = if class.is_null() || !T::is_known() {
        format!("there is no class {}: has it been registered?", name)
    // SAFETY: QEMU has the class.
    } else if unsafe { sys::object_class_is_abstract(class) } {
        format!("the class {} is abstract, it has no instances", name)
    // SAFETY: as above, and the name is a string.
    } else if unsafe { sys::object_class_dynamic_cast(class, T::TYPE.as_ptr()) }.is_null() {
        format!("the class {} is not a {}", name, T::TYPE.to_string_lossy())
    } else {
        return Ok(class);
    };
    Err(Error::from(problem))
}

/// # Panics
/// If the class is not registered or is abstract.
#[track_caller]
pub(super) fn expect_concrete<T: ObjectType>() {
    // SAFETY: the name of a class is a string.
    if let Err(error) = unsafe { concrete::<T>(T::TYPE.as_ptr()) } {
        panic!("{}", error);
    }
}

/// Functions of every class.
pub trait ObjectClassMethods: IsA<Object> {
    /// Makes an instance. Set its properties, then realize it if it is a device.
    ///
    /// # Panics
    /// If the class is not registered or is abstract.
    #[track_caller]
    fn new() -> Owned<Self> {
        expect_concrete::<Self>();
        // SAFETY: the class can be instantiated; object_new ends QEMU for any other class.
        let new = unsafe { Owned::from_raw(sys::object_new(Self::TYPE.as_ptr()) as *const Self) };
        made::remember(new.upcast());
        new
    }

    /// Makes an instance of the class with this name, which must be this class or a descendant.
    ///
    /// # Errors
    /// If there is no such class, it is abstract, or it does not descend from this one.
    #[track_caller]
    fn new_by_name(class: &str) -> Result<Owned<Self>> {
        let class = class.try_clone_to_foreign()?;
        // SAFETY: the name is a string; the class can be instantiated, and its instances are of this class.
        let new = unsafe {
            concrete::<Self>(class.as_ptr())?;
            Owned::from_raw(sys::object_new(class.as_ptr()) as *const Self)
        };
        made::remember(new.upcast());
        Ok(new)
    }

    /// Returns whether the class is abstract. One that is not registered is not.
    #[track_caller]
    fn is_abstract() -> bool {
        expect_locked();
        // SAFETY: the name is a string.
        unsafe {
            let class = sys::object_class_by_name(Self::TYPE.as_ptr());
            !class.is_null() && sys::object_class_is_abstract(class)
        }
    }

    /// Returns the names of this class and its descendants, without abstract ones.
    #[track_caller]
    fn subclasses() -> Vec<String> {
        expect_locked();
        /// # Safety
        /// QEMU calls it with a class and the `Vec<String>` of names.
        unsafe extern "C" fn visit(class: *mut sys::ObjectClass, names: *mut c_void) {
            // SAFETY: QEMU passes a class, and the vector that it gets below.
            unsafe {
                let name = String::cloned_from_foreign(sys::object_class_get_name(class));
                (*(names as *mut Vec<String>)).push(name);
            }
        }
        let mut names: Vec<String> = Vec::new();
        let place = &mut names as *mut Vec<String> as *mut c_void;
        // SAFETY: the function is called with each class and the list, before this returns.
        unsafe { sys::object_class_foreach(Some(visit), Self::TYPE.as_ptr(), false, place) };
        names
    }

    /// Returns the object of this class at a path in the tree. A path that does not begin with `/` may be the end of an
    /// object's path.
    ///
    /// # Errors
    /// If there is none, or several match.
    #[track_caller]
    fn resolve(path: &str) -> Result<Owned<Self>> {
        expect_locked();
        let c_path = path.try_clone_to_foreign()?;
        let mut ambiguous = false;
        // SAFETY: both are strings; the object is in the tree and so is live.
        unsafe {
            let type_name = Self::TYPE.as_ptr();
            let object = sys::object_resolve_path_type(c_path.as_ptr(), type_name, &mut ambiguous);
            let object = (object as *const Object).as_ref();
            let object = object.and_then(ObjectCast::dynamic_cast::<Self>);
            match object.and_then(Owned::of_living) {
                Some(object) => Ok(object),
                None => {
                    let what = if ambiguous { "more than one" } else { "no" };
                    Err(Error::from(format!("there is {} {} at {}", what, Self::TYPE.to_string_lossy(), path)))
                }
            }
        }
    }

    /// Returns all objects of this class in the tree.
    #[track_caller]
    fn find_all() -> Vec<Owned<Self>> {
        let (mut found, root) = (Vec::new(), Object::root());
        for_each_child(&root, sys::object_child_foreach_recursive, |object| {
            found.extend(object.dynamic_cast::<Self>().and_then(Owned::of_living))
        });
        found
    }
}

impl<T: IsA<Object>> ObjectClassMethods for T {}

pub(crate) type Foreach = unsafe fn(
    *mut sys::Object,
    Option<unsafe extern "C" fn(*mut sys::Object, *mut c_void) -> c_int>,
    *mut c_void,
) -> c_int;

/// Calls a function for each child of an object, or for each descendant.
pub(crate) fn for_each_child<F: FnMut(&Object)>(parent: &Object, foreach: Foreach, mut action: F) {
    /// # Safety
    /// QEMU calls it with a live object and the action, which nothing else uses.
    unsafe extern "C" fn visit<F: FnMut(&Object)>(child: *mut sys::Object, action: *mut c_void) -> c_int {
        crate::callback::guard("a look at the tree of objects", || {
            // SAFETY: `action` is the one that QEMU gets below; QEMU passes a live object.
            unsafe { (*(action as *mut F))(&*(child as *const Object)) }
        });
        0
    }
    // SAFETY: the function is called with each child and the action, before this returns.
    unsafe {
        let action = &mut action as *mut F as *mut c_void;
        foreach(parent.as_object_ptr(), Some(visit::<F>), action);
    }
}
