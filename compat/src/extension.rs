// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The macro that makes methods: a trait and its implementation from one declaration.

/// Declares methods that old compilers lack, for one type.
///
/// ```text
/// extension! {
///     /// Methods of `Option` from Rust 1.53.
///     OptionInsert<T> for Option<T>;
///     /// Stores a value and returns a reference to it.
///     fn insert(&mut self, value: T) -> &mut T {
///         *self = None;
///         self.get_or_insert(value)
///     }
/// }
/// ```
///
/// Bounds of the type follow it: `for Vec<T> where T: Clone;`. Bounds of a method's own parameters are in its `where`
/// clause, one for each.
macro_rules! extension {
    (
        $(#[$about:meta])+
        $Trait:ident $(<$($T:ident $(: ?$Unsized:ident)?),*>)? for $Type:ty
        $(where $($Bound:ident : $By:path),+)?;
        $(
            $(#[$meta:meta])*
            $(unsafe $(@ $unsafe:tt)?)? fn $name:ident $(<$($G:tt),+>)? ($($args:tt)*) $(-> $R:ty)?
            $(where $($Of:ident : $(?$Unsize:ident)? $($Is:path)?),+)?
            $body:block
        )+
    ) => {
        $(#[$about])+
        #[allow(clippy::wrong_self_convention, clippy::should_implement_trait)]
        pub trait $Trait $(<$($T $(: ?$Unsized)?),*>)? $(where $($Bound: $By),+)? {
            $(
                $(#[$meta])*
                $(unsafe $(@ $unsafe)?)? fn $name $(<$($G),+>)? ($($args)*) $(-> $R)?
                $(where $($Of: $(?$Unsize)? $($Is)?),+)?;
            )+
        }

        impl $(<$($T $(: ?$Unsized)?),*>)? $Trait $(<$($T),*>)? for $Type
        $(where $($Bound: $By),+)? {
            $(
                #[inline]
                $(unsafe $(@ $unsafe)?)? fn $name $(<$($G),+>)? ($($args)*) $(-> $R)?
                $(where $($Of: $(?$Unsize)? $($Is)?),+)?
                $body
            )+
        }
    };
}
