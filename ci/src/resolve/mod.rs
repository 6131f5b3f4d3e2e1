//! The versions of dependencies that a cell can build.

pub mod constraints;
pub mod debian;
pub mod diagnosis;
pub mod search;
pub mod stubs;
