// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The newer std APIs that packages use, and those of them that oldstable-compat has.

pub mod lint;
pub mod tally;
