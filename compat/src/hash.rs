//! [`std::hash`].

pub use base::hash::*;

#[cfg(all(before_1_76, feature = "std"))]
pub use std::collections::hash_map::{DefaultHasher, RandomState};
