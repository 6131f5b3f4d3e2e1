// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Zeroed values in const, where `core::mem::zeroed` is const only from Rust 1.75.

/// A type for which all bytes zero is a valid value, which `core::mem::zeroed` makes in const from Rust 1.75.
///
/// It is `Copy`, because otherwise a constant cannot be moved out of a union before Rust 1.49.
///
/// ```
/// use oldstable_compat::mem::Zeroable;
///
/// #[derive(Clone, Copy)]
/// #[repr(C)]
/// struct Ops {
///     size: u32,
///     open: Option<extern "C" fn()>,
/// }
/// // SAFETY: zero is a number, and a null function pointer is None.
/// unsafe impl Zeroable for Ops {}
///
/// const OPS: Ops = Ops { size: 4, ..Ops::ZEROED };
/// assert!(OPS.open.is_none());
/// ```
///
/// # Safety
///
/// All bytes zero must be a valid value of the type.
pub unsafe trait Zeroable: Copy {
    /// The value whose bytes are all zero.
    #[cfg(not(before_1_75))]
    // SAFETY: the implementor guarantees for it.
    const ZEROED: Self = unsafe { core::mem::zeroed() };

    /// The value whose bytes are all zero.
    ///
    /// Before Rust 1.75, a type of more than 4096 bytes does not compile here.
    #[cfg(before_1_75)]
    const ZEROED: Self = {
        let bytes = [0; LARGEST];
        // Out of bounds, which does not compile, if the bytes do not cover the type.
        let zeroes = [bytes][(core::mem::size_of::<Self>() > LARGEST) as usize];
        // SAFETY: the bytes cover the type, and the implementor guarantees that zeroes are a value.
        unsafe { Zeroes { bytes: zeroes }.value }
    };
}

#[cfg(before_1_75)]
const LARGEST: usize = 4096;

/// A transmute for a generic type, whose size `transmute` cannot check.
#[cfg(before_1_75)]
#[repr(C)]
union Zeroes<T: Copy> {
    bytes: [u8; LARGEST],
    value: T,
}

macro_rules! zeroable {
    ($([$($generics:tt)*] $Type:ty),* $(,)?) => {
        $(
            // SAFETY: see the comment above the type, below.
            unsafe impl<$($generics)*> Zeroable for $Type {}
        )*
    };
}

// Numbers, false, and the first character.
zeroable! {
    [] u8, [] u16, [] u32, [] u64, [] u128, [] usize,
    [] i8, [] i16, [] i32, [] i64, [] i128, [] isize,
    [] f32, [] f64, [] bool, [] char,
}
// Null pointers, which std guarantees to be None for references and function pointers.
zeroable! {
    [T] *const T, [T] *mut T, [T] Option<&'_ T>,
    [T] Option<core::ptr::NonNull<T>>,
}
// Zero-sized types, and bytes that need not be initialised.
zeroable! {
    [] (), [T: ?Sized] core::marker::PhantomData<T>, [T: Copy] core::mem::MaybeUninit<T>,
}

#[cfg(not(before_1_59))]
zeroable! { [T: Zeroable, const N: usize] [T; N] }
#[cfg(before_1_59)]
zeroable! {
    [T: Zeroable] [T; 0], [T: Zeroable] [T; 1], [T: Zeroable] [T; 2], [T: Zeroable] [T; 3],
    [T: Zeroable] [T; 4], [T: Zeroable] [T; 5], [T: Zeroable] [T; 6], [T: Zeroable] [T; 7],
    [T: Zeroable] [T; 8], [T: Zeroable] [T; 16], [T: Zeroable] [T; 32], [T: Zeroable] [T; 64],
}
