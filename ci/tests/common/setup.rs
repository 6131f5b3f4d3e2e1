// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether this machine can make root file systems.

use std::process::Command;

use super::folder::said;

/// Returns the reason why the command `setup` fails, if it does.
pub fn failure(setup: &mut Command) -> Option<String> {
    let output = setup.output().unwrap();
    let said = said(&output);
    (!output.status.success()).then(|| said.lines().last().unwrap_or("no root file systems can be made").to_string())
}
