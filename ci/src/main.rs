//! `cargo oldstable`: builds and tests a crate on the compilers that Debian ships.
//!
//! The rooms, from the top down. A room uses only those below it, which `tests/order.rs` checks:
//!
//! * [`commands`]: the command line, and a file for each command
//! * [`debs`]: Debian packages of the project
//! * [`qemu`]: what cells with a QEMU add: the emulator, guests, the tests inside QEMU
//! * [`lower`]: a package rewritten for an older floor
//! * [`demand`]: what packages use of newer std, and what of it oldstable-compat has
//! * [`retire`]: what a higher floor makes superfluous
//! * [`resolve`]: the dependency versions that a cell takes
//! * [`matrix`]: the steps that any crate has, in all cells side by side
//! * [`cell`]: a cell's compiler, the root file system that it lies in, and what is run there
//! * [`report`]: what was found in the cells, and the forms that it is shown in
//! * [`project`]: msrv.toml, the packages, their manifests, lock files, and the sources of dependencies
//! * [`host`]: this machine: the cache folder, processes, their logs, and what is said to the user
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
use host::progress;

fn main() {
    // cargo starts a subcommand with its own name as the first argument.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).map_or(false, |first| first == "oldstable") {
        arguments.remove(1);
    }
    match commands::run(cli::parse(arguments)) {
        Ok(status) => exit(status),
        Err(error) => {
            progress::note(&format!("error: {error:#}"));
            exit(2)
        }
    }
}
