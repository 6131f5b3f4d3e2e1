// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Casts between classes, checked by the compiler if possible, else by QEMU.

use super::ObjectType;
use crate::{bql, sys};

/// States that an instance of the class begins with an instance of `P`: `P` is the class itself or one of its
/// ancestors.
///
/// # Safety
/// A pointer to `Self` must be valid as a pointer to `P`. [`qom_isa!`](crate::qom_isa) and
/// [`qom_define_type!`](crate::qom_define_type) ensure this.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` does not descend from the class `{P}`",
        note = "the trait `IsA<{P}>` says of a class that it does"
    )
)]
pub unsafe trait IsA<P: ObjectType>: ObjectType {}

// SAFETY: a class begins with itself.
unsafe impl<T: ObjectType> IsA<T> for T {}

/// Lists the ancestors of a class, its parent first.
///
/// ```
/// use oldstable::compat::{c_str, ffi::CStr};
/// use oldstable::qom::{Object, ObjectType};
///
/// /// A node of the tree that is only there to have children.
/// #[repr(transparent)]
/// pub struct Container(Object);
///
/// // SAFETY: a container has no bytes beyond those of an object.
/// unsafe impl ObjectType for Container {
///     const TYPE: &'static CStr = c_str!("container");
/// }
///
/// oldstable::qom_isa!(unsafe Container: Object);
/// ```
///
/// This does not compile unless the parent has the ancestors after it. With `unsafe` you guarantee that the struct is
/// `repr(C)` or `repr(transparent)` and begins with its parent, which nothing checks:
/// [`qom_define_type!`](crate::qom_define_type) makes such a struct, and needs no `unsafe`.
#[macro_export]
macro_rules! qom_isa {
    (unsafe $type:ty: $parent:ty $(, $ancestor:ty)* $(,)?) => {
        // SAFETY: the author of `unsafe` guarantees that the struct begins with the parent.
        unsafe impl $crate::qom::IsA<$parent> for $type {}

        impl ::std::convert::AsRef<$parent> for $type {
            fn as_ref(&self) -> &$parent {
                $crate::qom::ObjectCast::upcast::<$parent>(self)
            }
        }

        $(
            // SAFETY: the parent, at the front, has this ancestor at its own front.
            unsafe impl $crate::qom::IsA<$ancestor> for $type where $parent: $crate::qom::IsA<$ancestor> {}

            impl ::std::convert::AsRef<$ancestor> for $type {
                fn as_ref(&self) -> &$ancestor {
                    $crate::qom::ObjectCast::upcast::<$ancestor>(self)
                }
            }
        )*
    };
    ($type:ty: $($ancestor:ty),* $(,)?) => {
        ::std::compile_error!(
            "write `unsafe` before the class: it asserts that the struct is repr(C) or repr(transparent) and begins \
             with its parent"
        );
    };
}

/// Casts of a reference to an object.
pub trait ObjectCast: ObjectType {
    /// Casts the object to one of its ancestors. This costs nothing, and does not compile for any other class.
    #[inline]
    fn upcast<P: ObjectType>(&self) -> &P
    where
        Self: IsA<P>,
    {
        // SAFETY: IsA guarantees it.
        unsafe { self.unsafe_cast::<P>() }
    }

    /// Casts the object to a descendant of its class, if it is one. A class that does not descend from this one does
    /// not compile.
    fn downcast<D: IsA<Self>>(&self) -> Option<&D> {
        self.dynamic_cast::<D>()
    }

    /// Casts the object to any class or interface, if it has it. All casts to classes that are only known at run time
    /// go through this function.
    ///
    /// Aborts without the big lock.
    #[track_caller]
    fn dynamic_cast<D: ObjectType>(&self) -> Option<&D> {
        bql::expect_locked();
        // SAFETY: the object is live and the name a string. If QEMU says that the object is of the class of
        // this name, and the name is that of D, then the object is a D.
        unsafe {
            let object = sys::object_dynamic_cast(self.as_object_ptr(), D::TYPE.as_ptr());
            if object.is_null() || !D::is_known() {
                None
            } else {
                Some(self.unsafe_cast::<D>())
            }
        }
    }

    /// Casts the object to another class without a check.
    ///
    /// # Safety
    /// The object must be an instance of `D`.
    #[inline]
    unsafe fn unsafe_cast<D: ObjectType>(&self) -> &D {
        // SAFETY: the caller guarantees the class.
        unsafe { &*(self as *const Self as *const D) }
    }

    /// Returns the object's address, for C. QEMU may write through it: all bytes that it knows are in cells.
    #[inline]
    fn as_object_ptr(&self) -> *mut sys::Object {
        self as *const Self as *mut sys::Object
    }

    /// Returns the object's own class, for C.
    #[inline]
    fn class_ptr(&self) -> *mut sys::ObjectClass {
        // SAFETY: the object is live, and its class is set before there are references to it.
        unsafe { (*self.as_object_ptr()).class }
    }
}

impl<T: ObjectType> ObjectCast for T {}
