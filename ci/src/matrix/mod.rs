//! The steps of any crate, in all cells in parallel.

pub mod choice;
pub mod fingerprint;
pub mod host;
pub mod read_by;
pub mod results;
pub mod run;
pub mod steps;
mod targets;
pub mod test_log;
