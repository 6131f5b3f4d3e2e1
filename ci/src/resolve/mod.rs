//! The dependency versions that a cell takes.

pub mod constraints;
pub mod debian;
pub mod diagnosis;
pub mod search;
pub mod stubs;
