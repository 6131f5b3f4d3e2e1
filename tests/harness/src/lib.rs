//! Tests that run inside a real QEMU: see README.md.

#[macro_use]
mod runner;

mod bql;
mod cast;
mod object;
mod owned;

use runner::Subject;

/// What is tested, a file for each subject.
const SUBJECTS: &[Subject] = &[object::SUBJECT, cast::SUBJECT, owned::SUBJECT, bql::SUBJECT];

oldstable::plugin!(object::Thing; start runner::start);
