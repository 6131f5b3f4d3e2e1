//! Casts between classes: checked by the compiler where it can know, by QEMU where only that can.

use super::{ObjectMethods, ObjectType};

/// Says that an instance of the class begins with an instance of `P`: `P` is the class itself or one of
/// its ancestors.
///
/// # Safety
/// A pointer to `Self` must be valid as a pointer to `P`. [`qom_isa!`](crate::qom_isa) and
/// [`qom_define_type!`](crate::qom_define_type) see to it.
pub unsafe trait IsA<P: ObjectType>: ObjectType {}

// SAFETY: a class begins with itself.
unsafe impl<T: ObjectType> IsA<T> for T {}

/// Says which ancestors a class has, its parent first.
///
/// ```ignore
/// qom_isa!(SysBusDevice: DeviceState, Object);
/// ```
///
/// The parent must itself have the ancestors behind it, or this does not compile.
#[macro_export]
macro_rules! qom_isa {
    ($type:ty: $parent:ty $(, $ancestor:ty)* $(,)?) => {
        // SAFETY: the struct is repr(C) and its first field is the parent.
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
}

/// Casts of a reference to an object.
pub trait ObjectCast: ObjectType {
    /// Sees the object as one of its ancestors. It costs nothing, and what is no ancestor does not
    /// compile.
    #[inline]
    fn upcast<P: ObjectType>(&self) -> &P
    where
        Self: IsA<P>,
    {
        // SAFETY: IsA vouches for it.
        unsafe { self.unsafe_cast::<P>() }
    }

    /// Sees the object as a descendant of its class, if it is one. A class that does not descend from
    /// this one does not compile.
    fn downcast<D: IsA<Self>>(&self) -> Option<&D> {
        self.dynamic_cast::<D>()
    }

    /// Sees the object as any class or interface that it turns out to be.
    fn dynamic_cast<D: ObjectType>(&self) -> Option<&D> {
        if self.is_instance_of(D::TYPE) {
            // SAFETY: QEMU says that the object is a D.
            Some(unsafe { self.unsafe_cast::<D>() })
        } else {
            None
        }
    }

    /// Sees the object as another class without asking.
    ///
    /// # Safety
    /// The object must be an instance of `D`.
    #[inline]
    unsafe fn unsafe_cast<D: ObjectType>(&self) -> &D {
        &*(self as *const Self as *const D)
    }

    /// The object's address, as C wants it. QEMU may write through it: all bytes that it knows are in
    /// cells.
    #[inline]
    fn as_object_ptr(&self) -> *mut crate::sys::Object {
        self as *const Self as *mut crate::sys::Object
    }
}

impl<T: ObjectType> ObjectCast for T {}
