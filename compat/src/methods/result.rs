// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Result`.

#[cfg(before_1_58)]
extension! {
    /// Methods of `Result` from Rust 1.58.
    ResultUnwrapUnchecked<T, E> for Result<T, E>;
    /// The value, without a check.
    ///
    /// # Safety
    ///
    /// It is `Ok`.
    unsafe fn unwrap_unchecked(self) -> T {
        match self {
            Ok(value) => value,
            Err(_) => core::hint::unreachable_unchecked(),
        }
    }
    /// The error, without a check.
    ///
    /// # Safety
    ///
    /// It is `Err`.
    unsafe fn unwrap_err_unchecked(self) -> E {
        match self {
            Ok(_) => core::hint::unreachable_unchecked(),
            Err(error) => error,
        }
    }
}

#[cfg(before_1_59)]
extension! {
    /// Methods of `Result<&T, E>` from Rust 1.59.
    ResultCopied<T, E> for Result<&T, E>;
    /// A copy of the value.
    fn copied(self) -> Result<T, E>
    where T: Copy {
        self.map(|value| *value)
    }
    /// A clone of the value.
    fn cloned(self) -> Result<T, E>
    where T: Clone {
        self.map(T::clone)
    }
}

#[cfg(before_1_59)]
extension! {
    /// Methods of `Result<&mut T, E>` from Rust 1.59.
    ResultMutCopied<T, E> for Result<&mut T, E>;
    /// A copy of the value.
    fn copied(self) -> Result<T, E>
    where T: Copy {
        self.map(|value| *value)
    }
    /// A clone of the value.
    fn cloned(self) -> Result<T, E>
    where T: Clone {
        self.map(|value| value.clone())
    }
}

#[cfg(before_1_70)]
extension! {
    /// Methods of `Result` from Rust 1.70.
    IsOkAnd<T, E> for Result<T, E>;
    /// Whether it is `Ok` and its value fulfils a condition.
    fn is_ok_and(self, condition: impl FnOnce(T) -> bool) -> bool {
        self.map_or(false, condition)
    }
    /// Whether it is `Err` and its error fulfils a condition.
    fn is_err_and(self, condition: impl FnOnce(E) -> bool) -> bool {
        self.err().map_or(false, condition)
    }
}

#[cfg(before_1_76)]
extension! {
    /// Methods of `Result` from Rust 1.76.
    ResultInspect<T, E> for Result<T, E>;
    /// Calls a function with the value, if there is one.
    fn inspect<F>(self, f: F) -> Self
    where F: FnOnce(&T) {
        if let Ok(value) = &self {
            f(value);
        }
        self
    }
    /// Calls a function with the error, if there is one.
    fn inspect_err<F>(self, f: F) -> Self
    where F: FnOnce(&E) {
        if let Err(error) = &self {
            f(error);
        }
        self
    }
}

#[cfg(before_1_89)]
extension! {
    /// Methods of nested `Result`s from Rust 1.89.
    ResultFlatten<T, E> for Result<Result<T, E>, E>;
    /// The inner result, or the outer error.
    fn flatten(self) -> Result<T, E> {
        match self {
            Ok(inner) => inner,
            Err(error) => Err(error),
        }
    }
}
