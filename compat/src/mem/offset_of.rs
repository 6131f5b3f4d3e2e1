// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `offset_of!`, for compilers before Rust 1.77, and for nested fields before 1.82.

/// The offset in bytes of a field from the start of its struct: `core::mem::offset_of!`.
///
/// Std has it from Rust 1.77, with nested fields (`a.b`) from Rust 1.82. Before 1.65 the value is not a constant: use
/// [`const_offset_of!`](crate::const_offset_of) for that. The struct must be a path, not a tuple, and Rust 1.48 does
/// not accept another macro's `$t:ty`. A field that is only reachable through a `Deref` does not compile.
///
/// ```
/// # use oldstable_compat::mem::offset_of;
/// #[repr(C)]
/// struct Pair {
///     first: u8,
///     second: u32,
/// }
/// assert_eq!(offset_of!(Pair, second), 4);
/// ```
#[cfg(before_1_82)]
#[macro_export]
macro_rules! offset_of {
    ($Struct:path, $field:tt $(,)?) => {
        $crate::__offset_of_field!($Struct, $field)
    };
    ($Struct:path, $field:ident . $($nested:tt).+ $(,)?) => {
        $crate::__offset_of_place!($Struct, $field, $($nested)+)
    };
}

#[cfg(all(before_1_82, not(before_1_77)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_field {
    ($Struct:path, $field:tt) => {
        $crate::__private::core::mem::offset_of!($Struct, $field)
    };
}

#[cfg(all(before_1_77, feature = "memoffset"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_field {
    ($Struct:path, $field:tt) => {
        $crate::__private::memoffset::offset_of!($Struct, $field)
    };
}

#[cfg(all(before_1_77, not(feature = "memoffset")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_field {
    ($Struct:path, $field:tt) => {
        $crate::__offset_of_place!($Struct, $field,)
    };
}

#[cfg(before_1_82)]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_place {
    ($Struct:path, $field:tt, $($nested:tt)*) => {{
        let whole = $crate::__private::core::mem::MaybeUninit::<$Struct>::uninit();
        let start = whole.as_ptr();
        // A pattern only finds the struct's own fields, never those of its deref target.
        let _ = |whole: &$Struct| {
            let $Struct { $field: _, .. } = whole;
        };
        // The same for the intermediate fields, whose types have no name here.
        #[allow(unused_unsafe)]
        let _ = |_whole: *const $Struct| unsafe {
            $crate::__offset_of_check!(((*_whole).$field) $($nested)*)
        };
        // SAFETY: the place lies inside `whole`, and no byte of it is read.
        #[allow(unused_unsafe)]
        let field = unsafe { $crate::ptr::addr_of!((*start).$field $(.$nested)*) };
        $crate::__offset_of_distance!(start, field)
    }};
}

#[cfg(before_1_65)]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_distance {
    ($start:expr, $field:expr) => {
        $field as *const u8 as usize - $start as usize
    };
}

/// In a constant addresses are not numbers, but the distance of two pointers can be computed.
#[cfg(all(before_1_82, not(before_1_65)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_distance {
    ($start:expr, $field:expr) => {
        // SAFETY: both point into one value.
        #[allow(unused_unsafe)]
        unsafe {
            ($field as *const u8).offset_from($start as *const u8) as usize
        }
    };
}

#[cfg(before_1_82)]
#[doc(hidden)]
#[macro_export]
macro_rules! __offset_of_check {
    (($($place:tt)*)) => {
        ()
    };
    (($($place:tt)*) $field:tt $($nested:tt)*) => {{
        $crate::__private::not_through_deref($crate::ptr::addr_of!($($place)*));
        $crate::__offset_of_check!(($($place)*.$field) $($nested)*)
    }};
}

/// Checks that a field is not a smart pointer, so that `offset_of!` may use the fields inside it.
///
/// Every type has one implementation, and those with a `Deref` a second one, so for these the implementation is
/// ambiguous.
#[cfg(before_1_82)]
#[doc(hidden)]
pub trait NotThroughDeref<Which> {}
#[cfg(before_1_82)]
impl<T: ?Sized> NotThroughDeref<()> for T {}
#[cfg(before_1_82)]
impl<T: ?Sized + core::ops::Deref> NotThroughDeref<[(); 1]> for T {}

#[cfg(before_1_82)]
#[doc(hidden)]
pub fn not_through_deref<Which, T: ?Sized + NotThroughDeref<Which>>(_: *const T) {}
