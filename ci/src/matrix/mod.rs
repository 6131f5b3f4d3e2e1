// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
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
