// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Assertions.

/// Asserts that a value matches a pattern: `core::assert_matches!` from Rust 1.96.
///
/// # Panics
///
/// If it does not, with the value in the message.
#[cfg(before_1_96)]
#[macro_export]
macro_rules! assert_matches {
    ($left:expr, $(|)? $($pattern:pat)|+ $(if $guard:expr)? $(,)?) => {
        match $left {
            $($pattern)|+ $(if $guard)? => {}
            ref left => $crate::__private::core::panic!(
                "assertion `left matches right` failed\n  left: {:?}\n right: {}",
                left,
                $crate::__private::core::stringify!($($pattern)|+ $(if $guard)?)
            ),
        }
    };
    ($left:expr, $(|)? $($pattern:pat)|+ $(if $guard:expr)?, $($message:tt)+) => {
        match $left {
            $($pattern)|+ $(if $guard)? => {}
            ref left => $crate::__private::core::panic!(
                "assertion `left matches right` failed: {}\n  left: {:?}\n right: {}",
                $crate::__private::core::format_args!($($message)+),
                left,
                $crate::__private::core::stringify!($($pattern)|+ $(if $guard)?)
            ),
        }
    };
}

/// Asserts that a value matches a pattern, in builds with debug assertions:
/// `core::debug_assert_matches!` from Rust 1.96.
///
/// # Panics
///
/// If it does not, with the value in the message.
#[cfg(before_1_96)]
#[macro_export]
macro_rules! debug_assert_matches {
    ($($arg:tt)*) => {
        if $crate::__private::core::cfg!(debug_assertions) {
            $crate::assert_matches!($($arg)*);
        }
    };
}

/// An item that does not compile unless a constant is true.
///
/// Std has no such macro: it is `const _: () = assert!(…)` from Rust 1.57 on. Before 1.65 it is a type error here,
/// because there a failing constant is only a lint, which `--cap-lints` silences.
///
/// ```
/// oldstable_compat::const_assert!(u8::MAX == 255, "a byte has eight bits");
/// ```
#[cfg(before_1_65)]
#[macro_export]
macro_rules! const_assert {
    ($condition:expr $(, $message:literal)? $(,)?) => {
        const _: [(); 0] = [(); !$condition as usize];
    };
}

/// An item that does not compile unless a constant is true.
///
/// Std has no such macro: it is `const _: () = assert!(…)`.
///
/// ```
/// oldstable_compat::const_assert!(u8::MAX == 255, "a byte has eight bits");
/// ```
#[cfg(not(before_1_65))]
#[macro_export]
macro_rules! const_assert {
    ($condition:expr $(, $message:literal)? $(,)?) => {
        const _: () = $crate::__private::core::assert!($condition $(, $message)?);
    };
}
