// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line, and a file for each command.

pub mod boot;
pub mod build;
pub mod clean;
pub mod cli;
pub mod completions;
pub mod debs;
pub mod demand;
pub mod find;
pub mod init;
pub mod list;
pub mod lock;
pub mod lower;
pub mod man;
pub mod matrix;
pub mod new;
pub mod retire;
pub mod run;
pub mod setup;
pub mod survey;
pub mod sync;
pub mod test;
pub mod vendor;
pub mod workflow;

use anyhow::Result;

use self::cli::{Cli, Command, InProject};
use crate::cell::workbench::Workbench;

/// Runs the command that was asked for and returns the exit status.
pub fn run(cli: Cli) -> Result<i32> {
    match cli.command {
        Command::Init => init::run(&std::env::current_dir()?),
        Command::New(arguments) => new::run(&arguments, cli.mirror),
        Command::InProject(command) => in_project(&mut Workbench::open(cli.mirror)?, command),
        Command::Lower(arguments) => lower::run(&arguments, cli.mirror),
        Command::Survey(arguments) => survey::run(&arguments),
        Command::Demand(arguments) => demand::run(&arguments),
        Command::Man => man::run(),
        Command::Completions { shell } => completions::run(shell),
    }
}

fn in_project(bench: &mut Workbench, command: InProject) -> Result<i32> {
    match command {
        InProject::Boot { cell, exec, stock, plugin_arguments } => {
            boot::run(bench, &cell, exec.as_deref(), stock, &plugin_arguments)
        }
        InProject::Build { cell } => build::run(bench, &cell),
        InProject::Run(arguments) => run::run(bench, &arguments),
        InProject::Test { packages, how } => {
            bench.selection = packages.selection(false);
            test::run(bench, &how)
        }
        InProject::Matrix { selection, packages, steps, keep_going, how } => {
            bench.selection = packages.selection(false);
            matrix::run(bench, &selection.cells, steps, keep_going, &how)
        }
        InProject::Debs { selection, how } => debs::run(bench, &selection.cells, &how),
        InProject::Setup { selection, refresh, jobs } => setup::run(bench, &selection.cells, refresh, jobs.count()),
        InProject::List => list::run(bench),
        InProject::Lock { selection, packages, packager, check } => {
            bench.selection = packages.selection(false);
            lock::run(bench, &selection.cells, packager, check)
        }
        InProject::Vendor { selection } => vendor::run(bench, &selection.cells),
        InProject::Retire { floor, apply } => retire::run(&bench.project, &floor, apply),
        InProject::Find { check, packages, jobs } => {
            bench.selection = packages.selection(true);
            find::run(bench, jobs.count(), check)
        }
        InProject::Workflow { service } => workflow::run(&bench.project, service),
        InProject::Sync { check, rust_version } => sync::run(&bench.project, check, rust_version),
        InProject::Clean { selection, roots, all } => clean::run(bench, &selection.cells, roots, all),
    }
}
