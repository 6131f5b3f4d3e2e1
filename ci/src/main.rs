// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable`: builds and tests a crate on the compilers that Debian ships.
//! The modules, from the top down. A module uses only those below it, which `tests/order.rs` checks:
//!
//! * [`commands`]: the command line, and a file for each command
//! * [`debs`]: Debian packages of the project
//! * [`qemu`]: the additions for cells with a QEMU: the emulator, guests, the tests inside QEMU
//! * [`lower`]: rewriting a package for an older floor
//! * [`demand`]: the newer std APIs that packages use, and those of them that oldstable-compat has
//! * [`retire`]: the items of oldstable-compat that a higher floor makes superfluous
//! * [`resolve`]: the versions of dependencies that a cell can build
//! * [`matrix`]: the steps of any crate, in all cells in parallel
//! * [`cell`]: a cell's compiler, its root file system, and the programs run there
//! * [`report`]: the results of the cells, and their output formats
//! * [`project`]: msrv.toml, the packages, their manifests, lock files, and the sources of dependencies
//! * [`host`]: this machine: the cache folder, processes and their logs, and the output to the user
#![deny(missing_docs)]

mod cell;
mod commands;
mod debs;
mod demand;
mod host;
mod lower;
mod matrix;
mod project;
mod qemu;
mod report;
mod resolve;
mod retire;

use std::process::exit;

use commands::cli;
use host::{ending, progress};

fn main() {
    // cargo passes a subcommand its own name as the first argument.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).map_or(false, |first| first == "oldstable") {
        arguments.remove(1);
    }
    let arguments = cli::parse(arguments);
    match ending::prepare().and_then(|()| commands::run(arguments)) {
        Ok(status) => exit(status),
        Err(error) => {
            progress::note(&format!("error: {error:#}"));
            exit(2)
        }
    }
}
