//! Which items of oldstable-compat a higher floor makes superfluous, and where a project's source uses them.
//!
//! What there is, and since when std has it, is read from the items.tsv of the very
//! oldstable-compat that the project builds with.

pub mod source;
pub mod table;
