// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable completions`: completions for a shell.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::commands::cli::Cli;
use crate::host::output;

/// Prints the completion script for a shell.
pub fn run(shell: Shell) -> Result<i32> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cargo-oldstable", &mut script);
    output::all(String::from_utf8(script)?);
    Ok(0)
}
