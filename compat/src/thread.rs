// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::thread`].

pub use std::thread::*;

#[cfg(before_1_59)]
mod parallelism;
#[cfg(before_1_63)]
mod scoped;

#[cfg(before_1_59)]
pub use parallelism::available_parallelism;
#[cfg(before_1_63)]
pub use scoped::{scope, Scope, ScopedJoinHandle};

/// Thread-local values: `std::thread_local!`, with `const { … }` from Rust 1.59.
///
/// Before that release a constant is initialised like any other value, when a thread first uses it.
#[cfg(before_1_59)]
#[macro_export]
macro_rules! thread_local {
    () => {};
    ($(#[$meta:meta])* $vis:vis static $NAME:ident: $T:ty = const { $($init:tt)* } $(; $($rest:tt)*)?) => {
        $crate::__private::thread_local! {
            $(#[$meta])* $vis static $NAME: $T = {
                const INIT: $T = { $($init)* };
                INIT
            };
        }
        $($crate::thread_local! { $($rest)* })?
    };
    ($(#[$meta:meta])* $vis:vis static $NAME:ident: $T:ty = $init:expr $(; $($rest:tt)*)?) => {
        $crate::__private::thread_local! { $(#[$meta])* $vis static $NAME: $T = $init; }
        $($crate::thread_local! { $($rest)* })?
    };
}
