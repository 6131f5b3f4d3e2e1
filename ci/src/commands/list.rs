// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable list`: the cells, and which of them are set up.

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::host::output;

/// Prints a line for each cell.
pub fn run(bench: &Workbench) -> Result<i32> {
    let config = &bench.project.config;
    for cell in &config.cells {
        let source = match (&cell.suite, &cell.rustup) {
            (Some(suite), _) if cell.cross => format!("Debian {suite}, cross-built for {}", cell.arch()),
            (Some(suite), _) => format!("Debian {suite}, {}", cell.arch()),
            (None, Some(toolchain)) => format!("rustup's {toolchain}"),
            (None, None) => "the compiler on PATH".to_string(),
        };
        let rustc = cell.rustc.as_ref().map_or_else(String::new, |v| format!(", rustc {v}"));
        let qemu = match (&cell.qemu, &cell.qemu_of) {
            (Some(release), _) => format!(", QEMU {release}"),
            (None, Some(other)) => format!(", the QEMU of {other}"),
            (None, None) => String::new(),
        };
        let state = match bench.roots().existing(cell) {
            Some(root) => format!("in {}", root.path().display()),
            None if cell.suite.is_some() => "not set up".to_string(),
            None => "as installed".to_string(),
        };
        output::line(format_args!("{}: {source}{rustc}{qemu}: {state}", cell.name));
    }
    Ok(0)
}
