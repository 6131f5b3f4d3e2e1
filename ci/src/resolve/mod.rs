// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The versions of dependencies that a cell can build.

pub mod constraints;
pub mod debian;
pub mod diagnosis;
mod own;
mod rounds;
pub mod search;
pub mod stubs;
