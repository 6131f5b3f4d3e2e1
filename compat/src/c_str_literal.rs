//! `c_str!`, for the C string literals of Rust 1.77.

/// A `&'static CStr` constant from a text without its NUL: what `c"…"` is from Rust 1.77.
///
/// Takes a string literal, a byte string literal, what `concat!` and `stringify!` make of them,
/// and constants of type `&str`, `&[u8]` or `&[u8; N]`. A NUL byte inside the text is a compile
/// error. `Self::NAME` is written with the type's name, and the constant of a type parameter cannot be
/// made a C string here: give the trait a constant that is one. A macro cannot spell `c"…"`, so this one is needed on every compiler; the value is a
/// constant on every one.
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

/// The same, with the cstr crate for literals. It would take a name for its text, so a token is
/// handed to it only when it is a literal, and everything else goes to our own macro.
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
        // `len` and `as_ptr` are const methods of both str and slices, on every compiler: they
        // are what a text and its bytes have in common where traits cannot be called in const.
        const __C_STR_LEN: usize = $text.len();
        const __C_STR_START: *const u8 = $text.as_ptr();
        // Clippy takes a const item for a const function, where transmute is stable from 1.56 on.
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
        // A type error, because a failing constant is a mere lint on old compilers, and
        // `--cap-lints` silences it.
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
/// As for the function: the caller writes `unsafe`, and vouches for the NUL.
#[cfg(all(before_1_59, feature = "std"))]
#[macro_export]
macro_rules! from_bytes_with_nul_unchecked {
    ($bytes:expr) => {
        // On the compilers that take this branch, all of them released, a CStr has the layout of
        // its bytes with the NUL.
        $crate::__private::core::mem::transmute::<&[u8], &$crate::ffi::CStr>($bytes)
    };
}

/// A `&CStr` from bytes that end in their only NUL, in const on every compiler:
/// `CStr::from_bytes_with_nul_unchecked`, which is const from Rust 1.59.
///
/// # Safety
///
/// As for the function: the caller writes `unsafe`, and vouches for the NUL.
#[cfg(all(not(before_1_59), any(feature = "std", not(before_1_64))))]
#[macro_export]
macro_rules! from_bytes_with_nul_unchecked {
    ($bytes:expr) => {
        $crate::ffi::CStr::from_bytes_with_nul_unchecked($bytes)
    };
}

/// Says in a type whether the text of a `c_str!` has a NUL inside: `[(); 0]` if it has none.
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

/// What a C string may have.
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
