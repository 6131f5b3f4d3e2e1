// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::pin`].

pub use base::pin::*;

#[cfg(before_1_68)]
pub use crate::pin;

/// Pins a value in place: `core::pin::pin!` from Rust 1.68.
///
/// Before that release the value lives to the end of the statement, so this can be used in an argument or a `match`;
/// `let x = pin!(…);` does not compile when `x` is used.
#[cfg(before_1_68)]
#[macro_export]
macro_rules! pin {
    ($value:expr $(,)?) => {
        match &mut { $value } {
            #[allow(unused_unsafe)]
            // SAFETY: nothing else names the value, so it never moves.
            value => unsafe { $crate::__private::core::pin::Pin::new_unchecked(value) },
        }
    };
}

/// Moves a variable, and shadows it by a pin. `cargo oldstable lower` makes `let x = …; __pin!(x);` of
/// `let x = pin!(…);`.
#[doc(hidden)]
#[macro_export]
macro_rules! __pin {
    (mut $name:ident $($type:tt)*) => {
        let mut $name = $name;
        #[allow(unused_unsafe)]
        // SAFETY: the new variable hides the value's own, so it never moves.
        let mut $name $($type)* = unsafe { $crate::__private::core::pin::Pin::new_unchecked(&mut $name) };
    };
    ($name:ident $($type:tt)*) => {
        let mut $name = $name;
        #[allow(unused_unsafe)]
        // SAFETY: as above.
        let $name $($type)* = unsafe { $crate::__private::core::pin::Pin::new_unchecked(&mut $name) };
    };
}
