//! Methods of `Option`.

/// `insert` of `Option`.
#[cfg(no_option_insert)]
pub trait OptionInsert<T> {
    /// Replaces what is there by a value and returns it; std has it from Rust 1.53.
    fn insert(&mut self, value: T) -> &mut T;
}

#[cfg(no_option_insert)]
impl<T> OptionInsert<T> for Option<T> {
    #[inline]
    fn insert(&mut self, value: T) -> &mut T {
        *self = None;
        self.get_or_insert(value)
    }
}

/// `unwrap_unchecked` of `Option`.
#[cfg(no_unwrap_unchecked)]
pub trait OptionUnwrapUnchecked<T> {
    /// The value, without a check; std has it from Rust 1.58.
    ///
    /// # Safety
    ///
    /// There is one.
    unsafe fn unwrap_unchecked(self) -> T;
}

#[cfg(no_unwrap_unchecked)]
impl<T> OptionUnwrapUnchecked<T> for Option<T> {
    #[inline]
    unsafe fn unwrap_unchecked(self) -> T {
        match self {
            Some(value) => value,
            None => core::hint::unreachable_unchecked(),
        }
    }
}

/// `is_some_and` of `Option`.
#[cfg(no_is_some_and)]
// Std's own signature.
#[allow(clippy::wrong_self_convention)]
pub trait IsSomeAnd<T> {
    /// Whether there is a value, and it fulfils a condition; std has it from Rust 1.70.
    fn is_some_and(self, condition: impl FnOnce(T) -> bool) -> bool;
}

#[cfg(no_is_some_and)]
impl<T> IsSomeAnd<T> for Option<T> {
    #[inline]
    fn is_some_and(self, condition: impl FnOnce(T) -> bool) -> bool {
        self.map_or(false, condition)
    }
}

/// `is_none_or` of `Option`.
#[cfg(no_is_none_or)]
// Std's own signature.
#[allow(clippy::wrong_self_convention)]
pub trait IsNoneOr<T> {
    /// Whether there is no value, or it fulfils a condition; std has it from Rust 1.82.
    fn is_none_or(self, condition: impl FnOnce(T) -> bool) -> bool;
}

#[cfg(no_is_none_or)]
impl<T> IsNoneOr<T> for Option<T> {
    #[inline]
    fn is_none_or(self, condition: impl FnOnce(T) -> bool) -> bool {
        self.map_or(true, condition)
    }
}
