//! References that are counted.

use super::{IsA, Object, ObjectCast, ObjectMethods, ObjectType};
use crate::sys;
use oldstable_compat::ffi::c_void;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

/// A counted reference to an object: cloning takes a reference and dropping gives it back.
///
/// It stays on its thread, since QEMU's objects do.
pub struct Owned<T: ObjectType>(NonNull<T>);

impl<T: ObjectType> Owned<T> {
    /// Takes over a reference that C code has handed out.
    ///
    /// # Safety
    /// `object` must be a live instance of `T`, and the caller must own one reference to it, which it
    /// gives up.
    ///
    /// # Panics
    /// If `object` is NULL.
    pub unsafe fn from_raw(object: *const T) -> Self {
        Owned(NonNull::new(object as *mut T).expect("an object that is no NULL"))
    }

    /// Hands the reference out, to be given to C code or to [`from_raw`](Self::from_raw).
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).0.as_ptr()
    }

    /// Takes a reference of one's own.
    ///
    /// # Safety
    /// The object must be counted and live by its count: an object that is embedded in another lives
    /// only as long as that other one does, whatever its count says.
    pub unsafe fn from(object: &T) -> Self {
        sys::object_ref(object as *const T as *mut c_void);
        Owned(NonNull::from(object))
    }

    /// Sees the object as one of its ancestors; the reference moves along.
    pub fn upcast<P: ObjectType>(this: Self) -> Owned<P>
    where
        T: IsA<P>,
    {
        Owned(ManuallyDrop::new(this).0.cast())
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
        if this.is_instance_of(D::TYPE) {
            Ok(Owned(ManuallyDrop::new(this).0.cast()))
        } else {
            Err(this)
        }
    }
}

impl<T: ObjectType> Clone for Owned<T> {
    fn clone(&self) -> Self {
        // SAFETY: a reference is held already, so that the object lives by its count.
        unsafe { Owned::from(&**self) }
    }
}

impl<T: ObjectType> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the reference is this value's own.
        unsafe { sys::object_unref(self.0.as_ptr() as *mut c_void) }
    }
}

impl<T: ObjectType> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the reference keeps the object alive.
        unsafe { self.0.as_ref() }
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

impl<T: IsA<Object>> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.upcast::<Object>().debug_fmt(f)
    }
}
