// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Counted references.

use super::{IsA, ObjectCast, ObjectType};
use crate::bql::expect_locked;
use crate::{callback, sys};
use oldstable_compat::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

/// A counted reference to an object: cloning takes a reference and dropping releases it.
///
/// An object that is embedded in another has its own count, but lies in the other's memory; the reference keeps both
/// alive. A reference stays on its thread, as QEMU's objects do. Clone and drop it while holding the big lock: a
/// reference in a thread-local variable is not released if the thread ends without the lock.
///
/// If the last reference is dropped while a callback runs, the main loop frees the object later, since it may be the
/// one that was called.
pub struct Owned<T: ObjectType> {
    object: NonNull<T>,
    /// The object that contains an embedded one.
    container: Option<NonNull<sys::Object>>,
}

impl<T: ObjectType> Owned<T> {
    /// Takes over a reference from C code.
    ///
    /// # Safety
    /// `object` must be a live instance of `T`, and the caller must own one reference to it, which it gives up. If the
    /// object is embedded in another, that one must live at least as long.
    ///
    /// # Panics
    /// If `object` is NULL.
    pub unsafe fn from_raw(object: *const T) -> Self {
        Owned { object: NonNull::new(object as *mut T).expect("an object that is not NULL"), container: None }
    }

    /// Releases ownership of the reference, to C code or to [`from_raw`](Self::from_raw).
    ///
    /// If the object is embedded, the object that contains it is never freed after this.
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).object.as_ptr()
    }

    /// Takes a new reference.
    ///
    /// # Panics
    /// If the object, or the object that contains it, is being freed. Also if the object is not allocated on its own
    /// and is not in the tree yet, so that its container is not known: this holds for any object during
    /// [`INSTANCE_INIT`](super::ObjectImpl::INSTANCE_INIT).
    #[track_caller]
    pub fn from(object: &T) -> Self {
        match Self::of_living(object) {
            Some(owned) => owned,
            None => panic!("an object that is at its end cannot be owned any more"),
        }
    }

    /// Takes a new reference, as [`from`](Self::from) does; None if the object or its container is being freed.
    ///
    /// # Panics
    /// As `from`, if the object is being made.
    #[track_caller]
    pub(crate) fn of_living(object: &T) -> Option<Self> {
        // SAFETY: the object is live, and so is its container.
        unsafe {
            let container = container_of_living(object.as_object_ptr())?;
            Some(Self::take(NonNull::from(object), container))
        }
    }

    /// Makes a reference and counts it.
    ///
    /// # Safety
    /// The object is live, and so is its container.
    unsafe fn take(object: NonNull<T>, container: Option<NonNull<sys::Object>>) -> Self {
        // SAFETY: the caller guarantees a live object.
        unsafe { sys::object_ref(object.as_ptr() as *mut c_void) };
        if let Some(container) = container {
            // SAFETY: as above.
            unsafe { sys::object_ref(container.as_ptr() as *mut c_void) };
        }
        Owned { object, container }
    }

    /// Changes the reference's class.
    fn cast<U: ObjectType>(this: Self) -> Owned<U> {
        let this = ManuallyDrop::new(this);
        Owned { object: this.object.cast(), container: this.container }
    }

    /// Casts the reference to an ancestor's class.
    pub fn upcast<P: ObjectType>(this: Self) -> Owned<P>
    where
        T: IsA<P>,
    {
        Self::cast(this)
    }

    /// Casts the reference to a descendant's class; returns it unchanged if the object is not of that class.
    ///
    /// # Errors
    /// The reference, unchanged.
    pub fn downcast<D: IsA<T>>(this: Self) -> Result<Owned<D>, Self> {
        Self::dynamic_cast(this)
    }

    /// Casts the reference to any class; returns it unchanged if the object is not of that class.
    ///
    /// # Errors
    /// The reference, unchanged.
    pub fn dynamic_cast<D: ObjectType>(this: Self) -> Result<Owned<D>, Self> {
        if ObjectCast::dynamic_cast::<D>(&*this).is_some() {
            Ok(Self::cast(this))
        } else {
            Err(this)
        }
    }
}

/// Returns the container of an embedded object; None if either is being freed.
///
/// # Safety
/// The object is live.
///
/// # Panics
/// If the object is being made.
#[track_caller]
unsafe fn container_of_living(object: *mut sys::Object) -> Option<Option<NonNull<sys::Object>>> {
    expect_locked();
    let mut container = None;
    let mut allocated = object;
    // SAFETY: the caller guarantees the object, and its ancestors in the tree are live. An embedded object is a
    // descendant of its container.
    unsafe {
        // QEMU frees an object when it has no references.
        if (*allocated).references == 0 {
            return None;
        }
        while (*allocated).free.is_none() {
            allocated = (*allocated).parent;
            assert!(
                !allocated.is_null(),
                "an object that is being made, or is embedded and in no tree, cannot be owned"
            );
            if (*allocated).references == 0 {
                return None;
            }
            container = NonNull::new(allocated);
        }
    }
    Some(container)
}

impl<T: ObjectType> Clone for Owned<T> {
    /// Aborts without the big lock.
    #[track_caller]
    fn clone(&self) -> Self {
        expect_locked();
        // SAFETY: this reference keeps the object and its container alive.
        unsafe { Self::take(self.object, self.container) }
    }
}

impl<T: ObjectType> Drop for Owned<T> {
    fn drop(&mut self) {
        let container = self.container.map_or(std::ptr::null_mut(), NonNull::as_ptr);
        // SAFETY: the references are this value's own.
        unsafe { callback::give_back(self.object.as_ptr() as *mut sys::Object, container) }
    }
}

impl<T: ObjectType> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the reference keeps the object alive.
        unsafe { self.object.as_ref() }
    }
}

impl<T: ObjectType> AsRef<T> for Owned<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ObjectType> std::borrow::Borrow<T> for Owned<T> {
    fn borrow(&self) -> &T {
        self
    }
}
