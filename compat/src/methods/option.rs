// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Option`.

#[cfg(before_1_53)]
extension! {
    /// Methods of `Option` from Rust 1.53.
    OptionInsert<T> for Option<T>;
    /// Stores a value and returns a reference to it.
    fn insert(&mut self, value: T) -> &mut T {
        *self = None;
        self.get_or_insert(value)
    }
}

#[cfg(before_1_58)]
extension! {
    /// Methods of `Option` from Rust 1.58.
    OptionUnwrapUnchecked<T> for Option<T>;
    /// The value, without a check.
    ///
    /// # Safety
    ///
    /// There is a value.
    unsafe fn unwrap_unchecked(self) -> T {
        match self {
            Some(value) => value,
            None => core::hint::unreachable_unchecked(),
        }
    }
}

#[cfg(before_1_66)]
extension! {
    /// Methods of `Option` from Rust 1.66, for pairs.
    OptionUnzip<T, U> for Option<(T, U)>;
    /// The two values of a pair, each in its own `Option`.
    fn unzip(self) -> (Option<T>, Option<U>) {
        match self {
            Some((first, second)) => (Some(first), Some(second)),
            None => (None, None),
        }
    }
}

#[cfg(before_1_70)]
extension! {
    /// Methods of `Option` from Rust 1.70.
    IsSomeAnd<T> for Option<T>;
    /// Whether there is a value, and it fulfils a condition.
    fn is_some_and(self, condition: impl FnOnce(T) -> bool) -> bool {
        self.map_or(false, condition)
    }
}

#[cfg(before_1_75)]
extension! {
    /// Methods of `Option` from Rust 1.75.
    OptionAsSlice<T> for Option<T>;
    /// A slice of the value, or an empty one.
    fn as_slice(&self) -> &[T] {
        self.as_ref().map_or(&[], core::slice::from_ref)
    }
    /// A slice of the value, or an empty one.
    fn as_mut_slice(&mut self) -> &mut [T] {
        self.as_mut().map_or(&mut [], core::slice::from_mut)
    }
}

#[cfg(before_1_76)]
extension! {
    /// Methods of `Option` from Rust 1.76.
    OptionInspect<T> for Option<T>;
    /// Calls a function with the value, if there is one.
    fn inspect<F>(self, f: F) -> Self
    where F: FnOnce(&T) {
        if let Some(value) = &self {
            f(value);
        }
        self
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of `Option` from Rust 1.80.
    OptionTakeIf<T> for Option<T>;
    /// Takes the value out if it fulfils a condition.
    fn take_if<P>(&mut self, predicate: P) -> Option<T>
    where P: FnOnce(&mut T) -> bool {
        if self.as_mut().map(predicate) == Some(true) {
            self.take()
        } else {
            None
        }
    }
}

#[cfg(before_1_82)]
extension! {
    /// Methods of `Option` from Rust 1.82.
    IsNoneOr<T> for Option<T>;
    /// Whether there is no value, or it fulfils a condition.
    fn is_none_or(self, condition: impl FnOnce(T) -> bool) -> bool {
        self.map_or(true, condition)
    }
}

#[cfg(before_1_83)]
extension! {
    /// Methods of `Option` from Rust 1.83.
    OptionGetOrInsertDefault<T> for Option<T>;
    /// The value; inserts the default one if there is none.
    fn get_or_insert_default(&mut self) -> &mut T
    where T: Default {
        self.get_or_insert_with(T::default)
    }
}
