//! The steps that any crate has, in all cells side by side.

pub mod choice;
pub mod fingerprint;
pub mod host;
pub mod read_by;
pub mod results;
pub mod run;
pub mod steps;
mod targets;
pub mod test_log;
