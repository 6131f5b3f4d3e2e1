// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `c_str!`, for the C string literals of Rust 1.77.

/// A `&'static CStr` constant from a string without its NUL, like `c"…"` from Rust 1.77.
///
/// Takes a string literal, a byte string literal, `concat!` and `stringify!` of these, and constants of type `&str`,
/// `&[u8]` or `&[u8; N]`. A NUL byte inside the text is a compile error. For `Self::NAME` write the type's name. A type
/// parameter's constant cannot be used here: give the trait a `&CStr` constant. A macro cannot produce `c"…"`, so this
/// macro is needed on every compiler; its value is a constant on all of them.
///
/// ```
/// use oldstable_compat::{c_str, ffi::CStr};
///
/// const PROPERTY: &CStr = c_str!("chardev");
/// assert_eq!(PROPERTY.to_bytes_with_nul(), b"chardev\0");
/// ```
#[cfg(all(any(feature = "std", not(before_1_64)), not(all(feature = "std", before_1_77, feature = "cstr"))))]
#[macro_export]
macro_rules! c_str {
    (Self :: $NAME:ident $(,)?) => {
        compile_error!("`Self` has no meaning inside `c_str!`: write the type's name, as in `c_str!(Widget::NAME)`")
    };
    ($text:expr $(,)?) => {
        $crate::__c_str!($text)
    };
}

/// The same, with the cstr crate for literals. That crate would use a name as the text, so only literals are passed to
/// it, and everything else to our own macro.
#[cfg(all(feature = "std", before_1_77, feature = "cstr"))]
#[macro_export]
macro_rules! c_str {
    (Self :: $NAME:ident $(,)?) => {
        compile_error!("`Self` has no meaning inside `c_str!`: write the type's name, as in `c_str!(Widget::NAME)`")
    };
    ($text:tt $(,)?) => {
        $crate::__c_str_token!($text, $text)
    };
    ($text:expr $(,)?) => {
        $crate::__c_str!($text)
    };
}

#[cfg(all(feature = "std", before_1_77, feature = "cstr"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __c_str_token {
    ($token:tt, $literal:literal) => {
        $crate::__private::cstr!($token)
    };
    ($token:tt, $constant:expr) => {
        $crate::__c_str!($constant)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __c_str {
    ($text:expr) => {{
        // `len` and `as_ptr` are const methods of both str and slices on every compiler, so they work for both, without
        // a trait, which cannot be called in const.
        const __C_STR_LEN: usize = $text.len();
        const __C_STR_START: *const u8 = $text.as_ptr();
        // Clippy treats a const item like a const function, in which transmute is stable from 1.56 on.
        #[allow(clippy::incompatible_msrv, clippy::transmute_ptr_to_ref)]
        const __C_STR_BYTES: [u8; __C_STR_LEN + 1] = {
            // SAFETY: the constant's text has `__C_STR_LEN` bytes from `__C_STR_START` on, and
            // lives for ever. (Raw pointers can be dereferenced in const only from Rust 1.58.)
            let text: &[u8; __C_STR_LEN] = unsafe { $crate::__private::core::mem::transmute(__C_STR_START) };
            let mut bytes = [0; __C_STR_LEN + 1];
            let mut i = 0;
            while i < __C_STR_LEN {
                bytes[i] = text[i];
                i += 1;
            }
            bytes
        };
        const __C_STR_HAS_NUL: bool = {
            let mut i = 0;
            while i < __C_STR_LEN && __C_STR_BYTES[i] != 0 {
                i += 1;
            }
            i < __C_STR_LEN
        };
        // A type error, because on old compilers a failing constant is only a lint, which `--cap-lints` silences.
        const _: $crate::__private::Text<<[(); __C_STR_HAS_NUL as usize] as $crate::__private::Nuls>::Found> =
            $crate::__private::Text($crate::__private::core::marker::PhantomData);
        // SAFETY: the bytes end in their only NUL.
        #[allow(clippy::incompatible_msrv)]
        const __C_STR: &$crate::ffi::CStr = unsafe { $crate::from_bytes_with_nul_unchecked!(&__C_STR_BYTES) };
        __C_STR
    }};
}

/// A `&CStr` from bytes that end in their only NUL, in const on every compiler:
/// `CStr::from_bytes_with_nul_unchecked`, which is const from Rust 1.59.
///
/// # Safety
///
/// As for the function: the caller writes `unsafe`, and guarantees the NUL.
#[cfg(all(before_1_59, feature = "std"))]
#[macro_export]
macro_rules! from_bytes_with_nul_unchecked {
    ($bytes:expr) => {
        // On the compilers that use this branch, all of them released, a CStr has the layout of its bytes with the NUL.
        $crate::__private::core::mem::transmute::<&[u8], &$crate::ffi::CStr>($bytes)
    };
}

/// A `&CStr` from bytes that end in their only NUL, in const on every compiler:
/// `CStr::from_bytes_with_nul_unchecked`, which is const from Rust 1.59.
///
/// # Safety
///
/// As for the function: the caller writes `unsafe`, and guarantees the NUL.
#[cfg(all(not(before_1_59), any(feature = "std", not(before_1_64))))]
#[macro_export]
macro_rules! from_bytes_with_nul_unchecked {
    ($bytes:expr) => {
        $crate::ffi::CStr::from_bytes_with_nul_unchecked($bytes)
    };
}

/// Expresses as a type whether the text of a `c_str!` has a NUL inside: `[(); 0]` if it has none.
#[doc(hidden)]
pub trait Nuls {
    type Found;
}
impl Nuls for [(); 0] {
    type Found = NoNulInside;
}
impl Nuls for [(); 1] {
    type Found = NulInside;
}

#[doc(hidden)]
pub struct NoNulInside;
#[doc(hidden)]
pub struct NulInside;

/// The NULs that a C string may have: none.
#[doc(hidden)]
#[cfg_attr(
    not(before_1_78),
    diagnostic::on_unimplemented(
        message = "the text of this `c_str!` has a NUL inside",
        label = "a C string ends at its first NUL"
    )
)]
pub trait AllowedInCString {}
impl AllowedInCString for NoNulInside {}

#[doc(hidden)]
pub struct Text<Found: AllowedInCString>(pub core::marker::PhantomData<Found>);
