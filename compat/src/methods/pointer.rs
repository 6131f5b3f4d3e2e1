// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of raw pointers.

#[cfg(before_1_65)]
extension! {
    /// Methods of `*const T` from Rust 1.65.
    ConstCast<T: ?Sized> for *const T;
    /// The same pointer as `*mut T`.
    fn cast_mut(self) -> *mut T { self as *mut T }
}

#[cfg(before_1_65)]
extension! {
    /// Methods of `*mut T` from Rust 1.65.
    MutCast<T: ?Sized> for *mut T;
    /// The same pointer as `*const T`.
    fn cast_const(self) -> *const T { self as *const T }
}

/// Declares methods of both kinds of raw pointers, in one trait for each.
#[cfg(before_1_95)]
macro_rules! pointers {
    ($(#[$about:meta])+ $Const:ident $Mut:ident for [$($T:tt)+] $Pointee:ty; $($methods:tt)+) => {
        extension! { $(#[$about])+ $Const<$($T)+> for *const $Pointee; $($methods)+ }
        extension! { $(#[$about])+ $Mut<$($T)+> for *mut $Pointee; $($methods)+ }
    };
}

#[cfg(before_1_75)]
pointers! {
    /// Arithmetic of raw pointers in bytes, from Rust 1.75. The unsafe ones have the conditions of the methods without
    /// `byte_`, for a pointer to bytes.
    ConstByteOffsets MutByteOffsets for [T: ?Sized] T;
    /// The pointer `count` bytes further.
    unsafe fn byte_add(self, count: usize) -> Self { with_start(self, (self as *const u8).add(count)) }
    /// The pointer `count` bytes back.
    unsafe fn byte_sub(self, count: usize) -> Self { with_start(self, (self as *const u8).sub(count)) }
    /// The pointer `count` bytes further or back.
    unsafe fn byte_offset(self, count: isize) -> Self { with_start(self, (self as *const u8).offset(count)) }
    /// The distance from `origin` in bytes.
    unsafe fn byte_offset_from<U>(self, origin: *const U) -> isize
    where U: ?Sized {
        (self as *const u8).offset_from(origin as *const u8)
    }
    /// The pointer `count` bytes further, which may be anywhere.
    fn wrapping_byte_add(self, count: usize) -> Self {
        with_start(self, (self as *const u8).wrapping_add(count))
    }
    /// The pointer `count` bytes back, which may be anywhere.
    fn wrapping_byte_sub(self, count: usize) -> Self {
        with_start(self, (self as *const u8).wrapping_sub(count))
    }
    /// The pointer `count` bytes further or back, which may be anywhere.
    fn wrapping_byte_offset(self, count: isize) -> Self {
        with_start(self, (self as *const u8).wrapping_offset(count))
    }
}

#[cfg(before_1_79)]
pointers! {
    /// Methods of raw pointers from Rust 1.79.
    ConstIsAligned MutIsAligned for [T] T;
    /// Whether the address is a multiple of the type's alignment.
    fn is_aligned(self) -> bool { self as *const () as usize % core::mem::align_of::<T>() == 0 }
}

#[cfg(before_1_79)]
pointers! {
    /// Methods of raw pointers to slices from Rust 1.79.
    ConstLen MutLen for [T] [T];
    /// The number of elements of the slice.
    fn len(self) -> usize { len_of(self) }
    /// Whether the slice has no elements.
    fn is_empty(self) -> bool { len_of(self) == 0 }
}

#[cfg(before_1_87)]
pointers! {
    /// Methods of raw pointers from Rust 1.87.
    ConstOffsetFromUnsigned MutOffsetFromUnsigned for [T] T;
    /// The distance from `origin`, which must not be after it, in elements.
    ///
    /// # Safety
    ///
    /// As for `offset_from`, and the distance is not negative.
    unsafe fn offset_from_unsigned(self, origin: *const T) -> usize { self.offset_from(origin) as usize }
}

#[cfg(before_1_87)]
pointers! {
    /// Methods of raw pointers to anything from Rust 1.87.
    ConstByteOffsetFromUnsigned MutByteOffsetFromUnsigned for [T: ?Sized] T;
    /// The distance from `origin`, which must not be after it, in bytes.
    ///
    /// # Safety
    ///
    /// As for `byte_offset_from`, and the distance is not negative.
    unsafe fn byte_offset_from_unsigned<U>(self, origin: *const U) -> usize
    where U: ?Sized {
        (self as *const u8).offset_from(origin as *const u8) as usize
    }
}

/// Declares a method whose parameter is a length, and before Rust 1.51 an inferred array type.
#[cfg(before_1_93)]
macro_rules! as_array {
    ($Trait:ident $name:ident for $($pointer:tt)+) => {
        /// Methods of raw pointers to slices from Rust 1.93. Before Rust 1.51 the array's type is inferred.
        pub trait $Trait<T> {
            /// A pointer to all elements as an array; `None` if their number is not `N`.
            #[cfg(not(before_1_51))]
            fn $name<const N: usize>(self) -> Option<$($pointer)+ [T; N]>;
            /// A pointer to all elements as an array; `None` if their number is not the array's.
            #[cfg(before_1_51)]
            fn $name<A: crate::array::FixedArray<Item = T>>(self) -> Option<$($pointer)+ A>;
        }
        impl<T> $Trait<T> for $($pointer)+ [T] {
            #[cfg(not(before_1_51))]
            #[inline]
            fn $name<const N: usize>(self) -> Option<$($pointer)+ [T; N]> {
                if len_of(self as *const [T]) == N { Some(self as $($pointer)+ [T; N]) } else { None }
            }
            #[cfg(before_1_51)]
            #[inline]
            fn $name<A: crate::array::FixedArray<Item = T>>(self) -> Option<$($pointer)+ A> {
                if len_of(self as *const [T]) == A::LEN { Some(self as $($pointer)+ A) } else { None }
            }
        }
    };
}
#[cfg(before_1_93)]
as_array! { ConstAsArray as_array for *const }
#[cfg(before_1_93)]
as_array! { MutAsArray as_mut_array for *mut }

#[cfg(before_1_95)]
pointers! {
    /// Methods of raw pointers from Rust 1.95.
    ConstAsRefUnchecked MutAsRefUnchecked for [T: ?Sized] T;
    /// A reference to the target, of any lifetime.
    ///
    /// # Safety
    ///
    /// It is not null, and points to a valid value that nothing writes during the lifetime.
    unsafe fn as_ref_unchecked<'a>(self) -> &'a T { &*self }
}

#[cfg(before_1_95)]
extension! {
    /// Methods of `*mut T` from Rust 1.95.
    MutAsMutUnchecked<T: ?Sized> for *mut T;
    /// An exclusive reference to the target, of any lifetime.
    ///
    /// # Safety
    ///
    /// It is not null, and points to a valid value that nothing else uses during the lifetime.
    unsafe fn as_mut_unchecked<'a>(self) -> &'a mut T { &mut *self }
}

/// A raw pointer.
#[cfg(before_1_84)]
pub(crate) trait RawPointer: Copy {}
#[cfg(before_1_84)]
impl<T: ?Sized> RawPointer for *const T {}
#[cfg(before_1_84)]
impl<T: ?Sized> RawPointer for *mut T {}

/// The pointer `whole` with the address `start`, and its own metadata.
#[cfg(before_1_84)]
#[inline(always)]
pub(crate) fn with_start<P: RawPointer>(mut whole: P, start: *const u8) -> P {
    // SAFETY: on the compilers that use this branch, all of them released, a pointer with metadata begins with its
    // address.
    unsafe { *(&mut whole as *mut P as *mut *const u8) = start };
    whole
}

/// The length of the slice at a pointer, which may be null or dangling.
#[cfg(before_1_93)]
#[inline(always)]
pub(crate) fn len_of<T>(slice: *const [T]) -> usize {
    // SAFETY: on the compilers that use this branch, all of them released, a pointer to a slice is its address and its
    // length.
    unsafe { *(&slice as *const *const [T] as *const usize).add(1) }
}
