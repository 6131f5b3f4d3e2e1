//! [`std::backtrace`].

#[cfg(not(before_1_65))]
pub use std::backtrace::*;

/// The calls that led here: `std::backtrace::Backtrace` from Rust 1.65. Here it captures nothing.
#[cfg(before_1_65)]
pub struct Backtrace(());

/// Whether a backtrace has something: `std::backtrace::BacktraceStatus` from Rust 1.65.
#[cfg(before_1_65)]
#[non_exhaustive]
#[derive(PartialEq, Eq)]
pub enum BacktraceStatus {
    /// There are none.
    Unsupported,
    /// It was not asked for.
    Disabled,
    /// It has.
    Captured,
}

#[cfg(before_1_65)]
inline_debug! { enum BacktraceStatus { Unsupported Disabled Captured } }

#[cfg(before_1_65)]
impl Backtrace {
    /// The calls that led here, if the environment asks for them; never here.
    #[inline]
    pub fn capture() -> Backtrace {
        Backtrace(())
    }
    /// The calls that led here; never here.
    #[inline]
    pub fn force_capture() -> Backtrace {
        Backtrace(())
    }
    /// None.
    #[inline]
    pub const fn disabled() -> Backtrace {
        Backtrace(())
    }
    /// That there are none.
    #[inline]
    pub fn status(&self) -> BacktraceStatus {
        BacktraceStatus::Unsupported
    }
}

#[cfg(before_1_65)]
impl std::fmt::Debug for Backtrace {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<unsupported>")
    }
}

#[cfg(before_1_65)]
impl std::fmt::Display for Backtrace {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unsupported backtrace")
    }
}
