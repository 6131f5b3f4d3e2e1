//! Methods of `bool`.

/// `then` of `bool`.
#[cfg(no_bool_then)]
pub trait BoolThen {
    /// What the function returns if true, else `None`; std has it from Rust 1.50.
    fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T>;
}

#[cfg(no_bool_then)]
impl BoolThen for bool {
    #[inline]
    fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T> {
        if self {
            Some(f())
        } else {
            None
        }
    }
}

/// `then_some` of `bool`.
#[cfg(no_bool_then_some)]
pub trait BoolThenSome {
    /// The value if true, else `None`; std has it from Rust 1.62.
    fn then_some<T>(self, value: T) -> Option<T>;
}

#[cfg(no_bool_then_some)]
impl BoolThenSome for bool {
    #[inline]
    fn then_some<T>(self, value: T) -> Option<T> {
        if self {
            Some(value)
        } else {
            None
        }
    }
}
