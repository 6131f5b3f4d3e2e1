//! `c_str!`, for the C string literals of Rust 1.77.

/// A `&'static CStr` constant from a text without its NUL: what `c"…"` is from Rust 1.77.
///
/// Takes a string literal, a byte string literal, what `concat!` and `stringify!` make of them,
/// and constants of type `&str`, `&[u8]` or `&[u8; N]`. A NUL byte inside the text is a compile
/// error. A macro cannot spell `c"…"`, so this one is needed on every compiler; the value is a
/// constant on every one.
///
/// ```
/// use oldstable_compat::{c_str, ffi::CStr};
///
/// const PROPERTY: &CStr = c_str!("chardev");
/// assert_eq!(PROPERTY.to_bytes_with_nul(), b"chardev\0");
/// ```
#[cfg(all(any(feature = "std", not(no_ffi_c_types)), not(all(no_offset_of, feature = "cstr"))))]
#[macro_export]
macro_rules! c_str {
    ($text:expr $(,)?) => {
        $crate::__c_str!($text)
    };
}

/// The same, with the cstr crate for literals. It would take a name for its text, so a token is
/// handed to it only when it is a literal, and everything else goes to our own macro.
#[cfg(all(feature = "std", no_offset_of, feature = "cstr"))]
#[macro_export]
macro_rules! c_str {
    ($text:tt $(,)?) => {
        $crate::__c_str_token!($text, $text)
    };
    ($text:expr $(,)?) => {
        $crate::__c_str!($text)
    };
}

#[cfg(all(feature = "std", no_offset_of, feature = "cstr"))]
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
        // `len` and `as_ptr` are const methods of both str and slices, on every compiler: they
        // are what a text and its bytes have in common where traits cannot be called in const.
        const __C_STR_LEN: usize = $text.len();
        const __C_STR_START: *const u8 = $text.as_ptr();
        const __C_STR_BYTES: [u8; __C_STR_LEN + 1] = {
            // SAFETY: the constant's text has `__C_STR_LEN` bytes from `__C_STR_START` on, and
            // lives for ever. (Raw pointers can be dereferenced in const only from Rust 1.58.)
            let text: &[u8; __C_STR_LEN] =
                unsafe { $crate::__private::core::mem::transmute(__C_STR_START) };
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
        // A type error, because a failing constant is a mere lint on old compilers, and
        // `--cap-lints` silences it.
        const _: $crate::__private::Text<[(); __C_STR_HAS_NUL as usize]> =
            $crate::__private::Text($crate::__private::core::marker::PhantomData);
        const __C_STR: &$crate::ffi::CStr = $crate::__c_str_from_bytes!(&__C_STR_BYTES);
        __C_STR
    }};
}

#[cfg(no_const_cstr_unchecked)]
#[doc(hidden)]
#[macro_export]
macro_rules! __c_str_from_bytes {
    ($bytes:expr) => {{
        let bytes: &'static [u8] = $bytes;
        // SAFETY: the bytes end in their only NUL. On the compilers that take this branch, all
        // of them released, a CStr has the layout of its bytes with the NUL.
        unsafe { $crate::__private::core::mem::transmute(bytes) }
    }};
}

#[cfg(not(no_const_cstr_unchecked))]
#[doc(hidden)]
#[macro_export]
macro_rules! __c_str_from_bytes {
    ($bytes:expr) => {
        // SAFETY: the bytes end in their only NUL.
        unsafe { $crate::ffi::CStr::from_bytes_with_nul_unchecked($bytes) }
    };
}

/// The proof that the text of a `c_str!` has no NUL: `N` of `[(); N]` says whether it has one.
#[doc(hidden)]
pub struct Text<T: WithoutNul>(pub core::marker::PhantomData<T>);

/// What the argument of `c_str!` must be.
#[doc(hidden)]
#[cfg_attr(
    not(no_diagnostic_on_unimplemented),
    diagnostic::on_unimplemented(
        message = "the text of this `c_str!` has a NUL byte inside",
        label = "a C string ends at its first NUL"
    )
)]
pub trait WithoutNul {}
impl WithoutNul for [(); 0] {}
