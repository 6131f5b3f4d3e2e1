//! What packages use of newer std, and what of it oldstable-compat has.

pub mod lint;
pub mod tally;
