//! The macro that makes methods of integers.

/// Declares methods that old compilers lack, for all integers of one kind: `unsigned`, `signed` or
/// `any`, and with `non_zero_` before it those that are not 0.
///
/// `Self::Unsigned` and `Self::Signed` are the types of the same width, and `Self::Int` is the type
/// that may be 0.
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
        pub trait $Trait: Sized {
            /// The unsigned type of the same width.
            type Unsigned;
            /// The signed type of the same width.
            type Signed;
            /// The integer.
            type Int;
            $($(#[$meta])* $(unsafe $(@ $unsafe)?)? fn $name($($args)*) -> $R;)+
        }
    };
    (@any $Trait:ident $methods:tt) => {
        integers! { @unsigned $Trait $methods }
        integers! { @signed $Trait $methods }
    };
    (@unsigned $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods
            (u8 u8 i8 u8) (u16 u16 i16 u16)
            (u32 u32 i32 u32) (u64 u64 i64 u64)
            (u128 u128 i128 u128) (usize usize isize usize)
        }
    };
    (@signed $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods
            (i8 u8 i8 i8) (i16 u16 i16 i16)
            (i32 u32 i32 i32) (i64 u64 i64 i64)
            (i128 u128 i128 i128) (isize usize isize isize)
        }
    };
    (@non_zero_any $Trait:ident $methods:tt) => {
        integers! { @non_zero_unsigned $Trait $methods }
        integers! { @non_zero_signed $Trait $methods }
    };
    (@non_zero_unsigned $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods
            (NonZeroU8 NonZeroU8 NonZeroI8 u8) (NonZeroU16 NonZeroU16 NonZeroI16 u16)
            (NonZeroU32 NonZeroU32 NonZeroI32 u32) (NonZeroU64 NonZeroU64 NonZeroI64 u64)
            (NonZeroU128 NonZeroU128 NonZeroI128 u128) (NonZeroUsize NonZeroUsize NonZeroIsize usize)
        }
    };
    (@non_zero_signed $Trait:ident $methods:tt) => {
        integers! { @each $Trait $methods
            (NonZeroI8 NonZeroU8 NonZeroI8 i8) (NonZeroI16 NonZeroU16 NonZeroI16 i16)
            (NonZeroI32 NonZeroU32 NonZeroI32 i32) (NonZeroI64 NonZeroU64 NonZeroI64 i64)
            (NonZeroI128 NonZeroU128 NonZeroI128 i128) (NonZeroIsize NonZeroUsize NonZeroIsize isize)
        }
    };
    (@each $Trait:ident $methods:tt $($types:tt)+) => {
        $(integers! { @impl $Trait $types $methods })+
    };
    (@impl $Trait:ident ($Self:ident $Unsigned:ident $Signed:ident $Int:ident) {
        $(
            $(#[$meta:meta])*
            $(unsafe $(@ $unsafe:tt)?)? fn $name:ident ($($args:tt)*) -> $R:ty $body:block
        )+
    }) => {
        impl $Trait for $Self {
            type Unsigned = $Unsigned;
            type Signed = $Signed;
            type Int = $Int;
            $(
                #[inline]
                #[track_caller]
                $(unsafe $(@ $unsafe)?)? fn $name($($args)*) -> $R $body
            )+
        }
    };
}
