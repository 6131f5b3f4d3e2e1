// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The macro that implements `Debug` at no cost for users that do not print the type.

/// Implements `Debug` like `derive(Debug)`, but `#[inline]`: old compilers compile a derived one for each user of the
/// crate.
macro_rules! inline_debug {
    (enum $Enum:ident { $($Variant:ident)* }) => {
        impl core::fmt::Debug for $Enum {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(match self {
                    $($Enum::$Variant => stringify!($Variant),)*
                })
            }
        }
    };
    (struct $Struct:ident $(<$lifetime:lifetime>)? { $($field:tt)* }) => {
        impl $(<$lifetime>)? core::fmt::Debug for $Struct $(<$lifetime>)? {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($Struct))$(.field(stringify!($field), &self.$field))*.finish()
            }
        }
    };
}
