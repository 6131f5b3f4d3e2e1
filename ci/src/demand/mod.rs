//! The newer std APIs that packages use, and those of them that oldstable-compat has.

pub mod lint;
pub mod tally;
