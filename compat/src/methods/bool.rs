// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `bool`.

#[cfg(before_1_50)]
extension! {
    /// Methods of `bool` from Rust 1.50.
    BoolThen for bool;
    /// The function's result if true, else `None`.
    fn then<T, F>(self, f: F) -> Option<T>
    where F: FnOnce() -> T {
        if self {
            Some(f())
        } else {
            None
        }
    }
}

#[cfg(before_1_62)]
extension! {
    /// Methods of `bool` from Rust 1.62.
    BoolThenSome for bool;
    /// The value if true, else `None`.
    fn then_some<T>(self, value: T) -> Option<T> {
        if self {
            Some(value)
        } else {
            None
        }
    }
}
