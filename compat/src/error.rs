//! [`core::error`].

#[cfg(not(before_1_81))]
pub use core::error::*;
#[cfg(all(before_1_81, feature = "std"))]
pub use std::error::*;
