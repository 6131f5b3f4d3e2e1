//! References that are counted.

use super::{IsA, ObjectCast, ObjectType};
use crate::bql::expect_locked;
use crate::{callback, sys};
use oldstable_compat::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

/// A counted reference to an object: cloning takes a reference and dropping gives it back.
///
/// An object that is embedded in another has a count, but its memory is the other's. The reference keeps
/// both. It stays on its thread, since QEMU's objects do. Cloned and dropped it is by a thread that holds the
/// big lock: what a thread keeps in variables of its own is not given back when it ends without it.
///
/// If it is the last reference that is dropped while a callback runs, the object ends when the main loop
/// comes around: it may be the one that was called.
pub struct Owned<T: ObjectType> {
    object: NonNull<T>,
    /// The object that an embedded one lies in.
    container: Option<NonNull<sys::Object>>,
}

impl<T: ObjectType> Owned<T> {
    /// Takes over a reference that C code has handed out.
    ///
    /// # Safety
    /// `object` must be a live instance of `T`, and the caller must own one reference to it, which it
    /// gives up. If the object is embedded in another, that one must live as long.
    ///
    /// # Panics
    /// If `object` is NULL.
    pub unsafe fn from_raw(object: *const T) -> Self {
        Owned { object: NonNull::new(object as *mut T).expect("an object that is no NULL"), container: None }
    }

    /// Hands the reference out, to be given to C code or to [`from_raw`](Self::from_raw).
    ///
    /// The object that an embedded one lies in is never freed after this.
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).object.as_ptr()
    }

    /// Takes a reference of one's own.
    ///
    /// # Panics
    /// If the object, or what it is embedded in, is at its end: it cannot be brought back to life. And if the
    /// object is not allocated by itself and in no tree yet, so that what it lies in is not known: while it
    /// is being made ([`INSTANCE_INIT`](super::ObjectImpl::INSTANCE_INIT)), any object is in this state.
    #[track_caller]
    pub fn from(object: &T) -> Self {
        match Self::of_living(object) {
            Some(owned) => owned,
            None => panic!("an object that is at its end cannot be owned any more"),
        }
    }

    /// As [`from`](Self::from); None if the object, or what it is embedded in, is at its end.
    ///
    /// # Panics
    /// As `from`, if the object is being made.
    #[track_caller]
    pub(crate) fn of_living(object: &T) -> Option<Self> {
        // SAFETY: the object is live, and so is what it lies in.
        unsafe {
            let container = container_of_living(object.as_object_ptr())?;
            Some(Self::take(NonNull::from(object), container))
        }
    }

    /// Counts the reference that it makes.
    ///
    /// # Safety
    /// The object is live, and so is what it lies in.
    unsafe fn take(object: NonNull<T>, container: Option<NonNull<sys::Object>>) -> Self {
        // SAFETY: the caller vouches for a live object.
        unsafe { sys::object_ref(object.as_ptr() as *mut c_void) };
        if let Some(container) = container {
            // SAFETY: as above.
            unsafe { sys::object_ref(container.as_ptr() as *mut c_void) };
        }
        Owned { object, container }
    }

    /// The same reference to another class.
    fn cast<U: ObjectType>(this: Self) -> Owned<U> {
        let this = ManuallyDrop::new(this);
        Owned { object: this.object.cast(), container: this.container }
    }

    /// Sees the object as one of its ancestors; the reference moves along.
    pub fn upcast<P: ObjectType>(this: Self) -> Owned<P>
    where
        T: IsA<P>,
    {
        Self::cast(this)
    }

    /// Sees the object as a descendant of its class; gives the reference back if it is none.
    ///
    /// # Errors
    /// The reference, unchanged.
    pub fn downcast<D: IsA<T>>(this: Self) -> Result<Owned<D>, Self> {
        Self::dynamic_cast(this)
    }

    /// Sees the object as any class that it turns out to be; gives the reference back if it is not.
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

/// What an embedded object lies in; None if either is at its end.
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
    // SAFETY: the caller vouches for the object, and the objects above it in the tree are live. One that is
    // embedded is in the tree below the one that it lies in.
    unsafe {
        // QEMU ends an object when nobody has a reference.
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
        // SAFETY: the object and its container are live by this reference.
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
