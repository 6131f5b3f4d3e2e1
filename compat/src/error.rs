//! [`core::error`].

#[cfg(not(no_core_error))]
pub use core::error::Error;
#[cfg(all(no_core_error, feature = "std"))]
pub use std::error::Error;
