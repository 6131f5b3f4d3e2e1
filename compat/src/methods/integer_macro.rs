//! The macro that makes methods of integers.

#[cfg(before_1_93)]
use core::num::*;

/// An integer, and the types that its methods take and give: one trait for all, since each associated
/// type costs the compiler time for each integer.
#[cfg(before_1_93)]
pub trait Family: Sized {
    /// The unsigned type of the same width.
    type Unsigned;
    /// The signed type of the same width.
    type Signed;
    /// The integer that may be 0.
    type Int;
}

#[cfg(before_1_93)]
macro_rules! families {
    ($($Unsigned:ident $Signed:ident $NonZeroUnsigned:ident $NonZeroSigned:ident;)+) => {$(
        families! { @one $Unsigned, $Unsigned, $Signed, $Unsigned }
        families! { @one $Signed, $Unsigned, $Signed, $Signed }
        families! { @one $NonZeroUnsigned, $NonZeroUnsigned, $NonZeroSigned, $Unsigned }
        families! { @one $NonZeroSigned, $NonZeroUnsigned, $NonZeroSigned, $Signed }
    )+};
    (@one $Self:ty, $Unsigned:ty, $Signed:ty, $Int:ty) => {
        impl Family for $Self {
            type Unsigned = $Unsigned;
            type Signed = $Signed;
            type Int = $Int;
        }
    };
}
#[cfg(before_1_93)]
families! {
    u8 i8 NonZeroU8 NonZeroI8;
    u16 i16 NonZeroU16 NonZeroI16;
    u32 i32 NonZeroU32 NonZeroI32;
    u64 i64 NonZeroU64 NonZeroI64;
    u128 i128 NonZeroU128 NonZeroI128;
    usize isize NonZeroUsize NonZeroIsize;
}

/// Declares methods that old compilers lack, for all integers of one kind: `unsigned`, `signed` or
/// `any`, and with `non_zero_` before it those that are not 0.
///
/// The bodies may name what [`Family`] has.
macro_rules! integers {
    (
        $(#[$about:meta])+
        $Trait:ident for $kind:ident;
        $($methods:tt)+
    ) => {
        integers! { @trait [$(#[$about])+] $Trait $($methods)+ }
        integers! { @$kind $Trait { $($methods)+ } }
    };
    (@trait [$($about:tt)+] $Trait:ident
        $(
            $(#[$meta:meta])*
            $(unsafe $(@ $unsafe:tt)?)? fn $name:ident ($($args:tt)*) -> $R:ty $body:block
        )+
    ) => {
        $($about)+
        #[allow(clippy::wrong_self_convention, clippy::should_implement_trait)]
        pub trait $Trait: $crate::methods::integer_macro::Family {
            $($(#[$meta])* $(unsafe $(@ $unsafe)?)? fn $name($($args)*) -> $R;)+
        }
    };
    (@any $Trait:ident $methods:tt) => {
        integers! { @unsigned $Trait $methods }
        integers! { @signed $Trait $methods }
    };
    (@unsigned $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods u8 u16 u32 u64 u128 usize }
    };
    (@signed $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods i8 i16 i32 i64 i128 isize }
    };
    (@non_zero_any $Trait:ident $methods:tt) => {
        integers! { @non_zero_unsigned $Trait $methods }
        integers! { @non_zero_signed $Trait $methods }
    };
    (@non_zero_unsigned $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods
            NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize
        }
    };
    (@non_zero_signed $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods
            NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize
        }
    };
    (@each $Trait:ident $methods:tt $($Self:ident)+) => {
        $(integers! { @impl $Trait $Self $methods })+
    };
    (@impl $Trait:ident $Self:ident {
        $(
            $(#[$meta:meta])*
            $(unsafe $(@ $unsafe:tt)?)? fn $name:ident ($($args:tt)*) -> $R:ty $body:block
        )+
    }) => {
        impl $Trait for $Self {
            $(
                #[inline]
                #[track_caller]
                $(unsafe $(@ $unsafe)?)? fn $name($($args)*) -> $R $body
            )+
        }
    };
}
