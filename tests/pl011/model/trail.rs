// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The operations before a failure.

use std::collections::VecDeque;

/// The last operations, printed if a test fails.
#[derive(Default)]
pub struct Trail(VecDeque<String>);

impl Trail {
    pub fn note(&mut self, operation: &dyn std::fmt::Debug) {
        self.0.push_back(format!("{:?}", operation));
        if self.0.len() > 40 {
            self.0.pop_front();
        }
    }
}

impl Drop for Trail {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for operation in &self.0 {
                println!("{}", operation);
            }
        }
    }
}
