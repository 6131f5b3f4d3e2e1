// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! This machine: the cache folder, processes and their logs, and the output to the user.

pub mod cache;
pub mod disk;
pub mod ending;
pub mod log;
pub mod log_tail;
pub mod output;
pub mod process;
pub mod progress;
pub mod temporary;
