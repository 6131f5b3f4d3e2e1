//! Tests that run inside a real QEMU: see README.md.

#[macro_use]
mod runner;

mod bql;
mod cast;
mod error;
mod object;
mod owned;
mod stream;
mod timer;
mod vmstate;

use runner::Subject;

/// What is tested, a file for each subject.
const SUBJECTS: &[Subject] = &[object::SUBJECT, cast::SUBJECT, error::SUBJECT, owned::SUBJECT, bql::SUBJECT, timer::SUBJECT, vmstate::SUBJECT];

oldstable::plugin!(object::Thing; start runner::start);
