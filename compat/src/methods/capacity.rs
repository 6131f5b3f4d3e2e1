// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The macros for methods that change a collection's capacity, which are the same for each.

/// Declares `shrink_to` of a collection that can only shrink to its length.
macro_rules! shrink_to {
    ($(#[$about:meta])+ $Trait:ident<$($T:ident),+> for $Type:ty $(where $($Bound:ident: $By:path),+)?;) => {
        extension! {
            $(#[$about])+
            $Trait<$($T),+> for $Type $(where $($Bound: $By),+)?;
            /// Frees memory, down to a capacity, or the length if that is greater. Here it may free nothing, unless it may
            /// shrink to the length.
            fn shrink_to(&mut self, min_capacity: usize) {
                if min_capacity <= self.len() {
                    self.shrink_to_fit();
                }
            }
        }
    };
}

/// Declares `try_reserve`, and `try_reserve_exact` if the collection has `reserve_exact`; `by` is the check for its
/// elements.
macro_rules! try_reserve {
    ($(#[$about:meta])+ $Trait:ident $(<$($T:ident),+>)? for $Type:ty $(where $($Bound:ident: $By:path),+)?;
        by $check:expr; $($method:ident $reserve:ident)+) => {
        extension! {
            $(#[$about])+
            $Trait $(<$($T),+>)? for $Type $(where $($Bound: $By),+)?;
            $(
                /// Reserves room for more, and some spare room unless it is `exact`.
                ///
                /// # Errors
                ///
                /// If the capacity overflows, or there is no memory.
                fn $method(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError> {
                    $check(self.len(), self.capacity(), additional)?;
                    self.$reserve(additional);
                    Ok(())
                }
            )+
        }
    };
}
