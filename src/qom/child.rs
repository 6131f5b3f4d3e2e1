// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Objects that are embedded in others.

use super::part::{expect_new_property, Part};
use super::realize::expect_new_part_of;
use super::{IsA, Object, ObjectCast, ObjectType};
use crate::bql::expect_locked;
use crate::foreign::CloneToForeign;
use crate::report::die;
use crate::sys::{self, Opaque};
use oldstable_compat::ffi::{c_void, CString};
use std::mem::size_of;
use std::ops::Deref;

/// An object that is a field of another: it lies in that object's memory, and is freed with it.
///
/// [`init`](Self::init) makes the object, in the outer one's
/// [`INSTANCE_INIT`](super::ObjectImpl::INSTANCE_INIT). From then on it can be used like a reference.
#[repr(transparent)]
pub struct Child<T: ObjectType>(Opaque<T>);

// SAFETY: the object is only accessed under the big lock, and is neither sent nor shared.
unsafe impl<T: ObjectType> Sync for Child<T> {}

// SAFETY: its drop releases a reference, which only needs the lock.
unsafe impl<T: ObjectType> Part for Child<T> {}

impl<T: ObjectType> Default for Child<T> {
    fn default() -> Self {
        Child(Opaque::zeroed())
    }
}

impl<T: IsA<Object>> Child<T> {
    /// Makes the object and puts it into the tree, below the object that contains it.
    ///
    /// # Panics
    /// If it is not a field of `parent`, has been made already, `parent` is realized, or it cannot be made: its class is abstract
    /// or not registered, or `name` has a NUL or is taken.
    #[track_caller]
    pub fn init<P: IsA<Object>>(&self, parent: &P, name: &str) {
        expect_locked();
        expect_new_part_of(parent, self);
        assert!(!self.is_made(), "the child {} has been made already", name);
        super::lookup::expect_concrete::<T>();
        let name = name.clone_to_foreign().into::<CString>().into_native();
        expect_new_property(parent, &name);
        // SAFETY: the memory has the size that the class needs, and is unused. The reference is this field's own, so
        // the object lives as long as the field, even if it leaves the tree.
        unsafe {
            let child = self.0.as_mut_ptr() as *mut c_void;
            sys::object_initialize_child_internal(
                parent.as_object_ptr(),
                name.as_ptr(),
                child,
                size_of::<T>(),
                T::TYPE.as_ptr(),
            );
            sys::object_ref(child);
        }
    }
}

impl<T: ObjectType> Child<T> {
    fn is_made(&self) -> bool {
        // SAFETY: the bytes are zeros before the object is made, and an object afterwards.
        unsafe { !(*(self.0.as_mut_ptr() as *const sys::Object)).class.is_null() }
    }
}

impl<T: ObjectType> Deref for Child<T> {
    type Target = T;

    /// Aborts without the big lock.
    ///
    /// # Panics
    /// If the object has not been made.
    #[track_caller]
    fn deref(&self) -> &T {
        expect_locked();
        assert!(self.is_made(), "a child is used before its init");
        // SAFETY: the object has been made, and this field has a reference to it.
        unsafe { &*self.0.as_mut_ptr() }
    }
}

impl<T: ObjectType> Drop for Child<T> {
    fn drop(&mut self) {
        if self.is_made() {
            let child = self.0.as_mut_ptr() as *mut sys::Object;
            // SAFETY: the reference is the field's own. It is the last: the containing object is being freed, and each
            // other reference to the child also holds that object. Only QEMU may hold one that does not, for a region
            // of the child's that is still mapped.
            unsafe {
                if (*child).references > 1 {
                    die(&format_args!(
                        "a child, {}, is still in use at the end of the object that it is a field of: \
                         its regions must leave theirs in UNREALIZE",
                        T::TYPE.to_string_lossy()
                    ));
                }
                sys::object_unref(child as *mut c_void)
            }
        }
    }
}
