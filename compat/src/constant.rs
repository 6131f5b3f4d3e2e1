// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Functions that `cargo oldstable lower` uses in constants, for functions of std that are not yet `const` on the
//! floor; trait methods never are. Not for any other use.

/// `cast_mut` of `*const T`, in constants from Rust 1.65.
#[inline(always)]
pub const fn cast_mut<T: ?Sized>(pointer: *const T) -> *mut T {
    pointer as *mut T
}

/// `cast_const` of `*mut T`, in constants from Rust 1.65.
#[inline(always)]
pub const fn cast_const<T: ?Sized>(pointer: *mut T) -> *const T {
    pointer as *const T
}

/// `char::from_u32`, in constants from Rust 1.67.
#[cfg(not(before_1_56))]
#[inline(always)]
pub const fn char_from_u32(code: u32) -> Option<char> {
    if code > 0x10_ffff || code >= 0xd800 && code < 0xe000 {
        return None;
    }
    // SAFETY: it is not a surrogate, and in the range of Unicode.
    Some(unsafe { char_from_u32_unchecked(code) })
}

/// `char::from_u32_unchecked`, in constants from Rust 1.81.
///
/// # Safety
///
/// There is a character with this code point.
#[cfg(not(before_1_56))]
#[inline(always)]
#[allow(unknown_lints, unnecessary_transmutes)]
pub const unsafe fn char_from_u32_unchecked(code: u32) -> char {
    // SAFETY: the caller guarantees the character.
    core::mem::transmute(code)
}

/// `slice::from_raw_parts`, in constants from Rust 1.64.
///
/// # Safety
///
/// Those of `slice::from_raw_parts`.
#[cfg(not(before_1_56))]
#[inline(always)]
pub const unsafe fn slice_from_raw_parts<'a, T>(data: *const T, len: usize) -> &'a [T] {
    #[repr(C)]
    #[derive(Clone, Copy)]
    struct Parts {
        data: *const (),
        len: usize,
    }
    union Both<'a, T> {
        parts: Parts,
        slice: &'a [T],
    }
    // SAFETY: the compilers that use this, all of them released, have this layout of a slice; a test checks it there.
    // The caller guarantees the elements.
    Both { parts: Parts { data: data as *const (), len } }.slice
}

/// `ilog10` of any integer, in constants from Rust 1.67. A number that is not positive fails as an index out of bounds.
#[doc(hidden)]
#[macro_export]
macro_rules! __ilog10 {
    ($number:expr) => {{
        let mut rest = $number;
        let mut log = [0_u32][(rest <= 0) as usize];
        while rest > 9 {
            rest /= 10;
            log += 1;
        }
        log
    }};
}

/// The name of `NonZero<u8>` and the like before Rust 1.79. An implementation for it does not conflict with others;
/// the alias is an associated type, which might be anything.
#[doc(hidden)]
#[macro_export]
macro_rules! __non_zero {
    (u8) => {
        $crate::__private::core::num::NonZeroU8
    };
    (u16) => {
        $crate::__private::core::num::NonZeroU16
    };
    (u32) => {
        $crate::__private::core::num::NonZeroU32
    };
    (u64) => {
        $crate::__private::core::num::NonZeroU64
    };
    (u128) => {
        $crate::__private::core::num::NonZeroU128
    };
    (usize) => {
        $crate::__private::core::num::NonZeroUsize
    };
    (i8) => {
        $crate::__private::core::num::NonZeroI8
    };
    (i16) => {
        $crate::__private::core::num::NonZeroI16
    };
    (i32) => {
        $crate::__private::core::num::NonZeroI32
    };
    (i64) => {
        $crate::__private::core::num::NonZeroI64
    };
    (i128) => {
        $crate::__private::core::num::NonZeroI128
    };
    (isize) => {
        $crate::__private::core::num::NonZeroIsize
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Number(u8);

    macro_rules! from {
        ($Int:ident) => {
            impl From<__non_zero!($Int)> for Number {
                fn from(n: __non_zero!($Int)) -> Number {
                    Number(n.get())
                }
            }
            impl From<Number> for __non_zero!($Int) {
                fn from(n: Number) -> Self {
                    // SAFETY: it was not zero.
                    unsafe { Self::new_unchecked(n.0) }
                }
            }
        };
    }
    from!(u8);

    #[test]
    fn types_that_are_not_0_have_names() {
        let one = core::num::NonZeroU8::new(1).expect("it is not 0");
        assert_eq!(<__non_zero!(u8)>::from(Number::from(one)), one);
        let sizes = (core::mem::size_of::<__non_zero!(i128)>(), core::mem::size_of::<__non_zero!(isize)>());
        assert_eq!(sizes, (16, core::mem::size_of::<usize>()));
    }

    const LOGS: [u32; 5] =
        [__ilog10!(1_u8), __ilog10!(9_i8), __ilog10!(10_u16), __ilog10!(i64::MAX), __ilog10!(u128::MAX)];
    const NULL: *mut u8 = cast_mut(core::ptr::null::<u8>());

    #[test]
    fn constants_are_what_std_says() {
        assert_eq!(LOGS, [0, 0, 1, 18, 38]);
        assert!(cast_const(NULL).is_null());
    }

    #[test]
    #[cfg(not(before_1_56))]
    fn a_slice_is_a_pointer_and_a_length() {
        const NUMBERS: [u16; 3] = [4, 5, 6];
        // SAFETY: the bytes are there.
        const FIRST: &[u16] = unsafe { slice_from_raw_parts(NUMBERS.as_ptr(), 2) };
        assert_eq!(FIRST, [4, 5]);
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    #[allow(unconditional_panic)]
    fn zero_has_no_logarithm() {
        let zero = core::convert::identity(0_i32);
        __ilog10!(zero);
    }

    #[test]
    #[cfg(not(before_1_56))]
    fn every_character_is_found() {
        for code in (0..=0x11_0001).chain(Some(u32::MAX)) {
            assert_eq!(char_from_u32(code), core::char::from_u32(code));
        }
    }
}
