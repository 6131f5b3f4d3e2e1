// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::demand;
use crate::commands::lower;
use crate::commands::new;
use crate::commands::survey;
use crate::commands::workflow::Service;
use crate::project::selection;
use crate::project::version::Version;
use crate::report::model::Step;

/// Builds and tests a crate on the compilers that Debian ships, offline as a packager would.
///
/// msrv.toml has the settings. Missing compilers are downloaded from Debian and kept in the cache folder
/// ($XDG_CACHE_HOME/oldstable or ~/.cache/oldstable).
#[derive(Debug, Parser)]
#[command(name = "cargo-oldstable", bin_name = "cargo oldstable", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Download Debian's packages from this mirror, instead of the one that this machine's apt uses.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mirror: Option<String>,
}

/// The commands for QEMU devices, which `--help` shows separately: most crates have none.
const FOR_QEMU: [&str; 4] = ["boot", "build", "new", "run"];

/// Parses the command line; exits the program if it is not valid, or asks for help.
pub fn parse(arguments: Vec<OsString>) -> Cli {
    let matches = with_qemu_apart(Cli::command()).get_matches_from(arguments);
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

fn with_qemu_apart(mut command: clap::Command) -> clap::Command {
    let mut apart = "For QEMU devices:\n".to_string();
    for name in FOR_QEMU {
        let about = command.find_subcommand(name).and_then(clap::Command::get_about);
        apart.push_str(&format!("  {name:<12} {}\n", about.map_or_else(String::new, |about| about.to_string())));
        command = command.mut_subcommand(name, |command| command.hide(true));
    }
    command.after_help(apart)
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a msrv.toml for the crate in this folder.
    Init,
    /// Write a new crate with a device for QEMU, and its tests.
    New(new::Arguments),
    #[command(flatten)]
    InProject(InProject),
    /// Rewrite a copy of a package for an older compiler, and build it there.
    Lower(lower::Arguments),
    /// Lower many packages for several compilers, and write a table of the results.
    Survey(survey::Arguments),
    /// List the newer std APIs that packages use, and which of them oldstable-compat provides.
    Demand(demand::Arguments),
    /// Print the manual page.
    Man,
    /// Print completions for a shell.
    Completions { shell: Shell },
}

/// The commands for a project with a msrv.toml.
#[derive(Debug, Subcommand)]
pub enum InProject {
    /// Run every step in every cell, and print a table. A cell stops at the first step that fails.
    Matrix {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        packages: Packages,
        /// Run only this step and the steps that it needs. May be given several times.
        #[arg(long = "step", value_name = "STEP")]
        steps: Vec<Step>,
        /// Run a cell's other steps even if one has failed, as `cargo oldstable test` does.
        #[arg(long, short)]
        keep_going: bool,
        #[command(flatten)]
        how: How,
    },
    /// Run the tests of the host and the cells that msrv.toml marks `ci = true`.
    Test {
        #[command(flatten)]
        packages: Packages,
        #[command(flatten)]
        how: How,
    },
    /// Make the cells' root file systems, and install their toolchains with rustup.
    Setup {
        #[command(flatten)]
        selection: Selection,
        /// Make them again, with the newest packages.
        #[arg(long)]
        refresh: bool,
        #[command(flatten)]
        jobs: Jobs,
    },
    /// List the cells, their compilers and QEMUs, and whether they are set up.
    List,
    /// Find the newest dependency versions that build in each cell, and write them to ci/locks, with the reason for
    /// each that is held back.
    Lock {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        packages: Packages,
        /// Use only the versions of the suite's librust-*-dev packages, as a packager must, and write
        /// CELL.packager.lock.
        #[arg(long)]
        packager: bool,
        /// Write nothing, and fail if a lock file is out of date. Without a cell, check the existing files.
        #[arg(long)]
        check: bool,
    },
    /// Download the sources of the cells' locked dependencies to the cache, check that each cell's cargo can read their
    /// manifests, and print the folders.
    Vendor {
        #[command(flatten)]
        selection: Selection,
    },
    /// Find the lowest compiler that passes.
    Find {
        /// Only build, without the tests.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        packages: Packages,
        #[command(flatten)]
        jobs: Jobs,
    },
    /// Write jobs for a continuous integration service, one for each cell.
    Workflow { service: Service },
    /// Write the settings of msrv.toml to clippy.toml, the README's table, the workflows, and a missing rust-version.
    Sync {
        /// Also change the rust-version of packages that state a different one.
        #[arg(long)]
        rust_version: bool,
        /// Write nothing, and fail if something differs.
        #[arg(long)]
        check: bool,
    },
    /// List the parts of oldstable-compat that a higher floor makes unnecessary, and where they are used.
    Retire {
        /// The higher floor, such as 1.63.
        #[arg(value_name = "VERSION")]
        floor: Version,
        /// Replace the uses by std's items.
        #[arg(long)]
        apply: bool,
    },
    /// Remove the cells' build results, their logs, and the results of earlier runs.
    Clean {
        #[command(flatten)]
        selection: Selection,
        /// Also remove the cells' root file systems, which other projects may use.
        #[arg(long)]
        roots: bool,
        /// Remove the whole cache, including other projects' cells.
        #[arg(long, conflicts_with = "cells")]
        all: bool,
    },
    /// Build the Debian packages in clean root file systems, and test them in others.
    Debs {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        how: How,
    },
    /// Boot U-Boot in a cell's QEMU, with the object built in that cell as its serial port.
    Boot {
        #[arg(long, default_value = "bullseye", value_name = "NAME")]
        cell: String,
        /// Type this line at the prompt, print the answer, and exit.
        #[arg(long, value_name = "LINE")]
        exec: Option<String>,
        /// Load no plugin: QEMU's own PL011 is the serial port.
        #[arg(long)]
        stock: bool,
        /// An argument of the plugin. May be given several times.
        #[arg(long = "plugin-arg", value_name = "KEY=VALUE", conflicts_with = "stock")]
        plugin_arguments: Vec<String>,
    },
    /// Build the object for QEMU with a cell's compiler, and print its path as the last line.
    Build {
        #[arg(long, value_name = "NAME")]
        cell: String,
    },
    /// Start a cell's own QEMU with the object loaded.
    Run(RunArguments),
}

#[derive(Debug, Args)]
pub struct RunArguments {
    #[arg(long, value_name = "NAME")]
    pub cell: String,
    /// The architecture to emulate.
    #[arg(long, default_value = "aarch64", value_name = "ARCH")]
    pub system: String,
    /// Load no plugin.
    #[arg(long, conflicts_with = "object")]
    pub stock: bool,
    /// Load this object, instead of the one that the cell builds.
    #[arg(long, value_name = "FILE")]
    pub object: Option<PathBuf>,
    /// An argument of the plugin. May be given several times.
    #[arg(long = "plugin-arg", value_name = "KEY=VALUE", conflicts_with = "stock")]
    pub plugin_arguments: Vec<String>,
    /// QEMU's own arguments.
    #[arg(last = true, value_name = "ARGS")]
    pub arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub struct Selection {
    /// Use only this cell. May be given several times.
    #[arg(long = "cell", value_name = "NAME")]
    pub cells: Vec<String>,
}

/// The selection of packages in a workspace.
#[derive(Debug, Args)]
pub struct Packages {
    /// Use only this package of the workspace, even if it is not published. May be given several times.
    #[arg(long = "package", short, value_name = "PACKAGE")]
    pub packages: Vec<String>,
    /// Use all packages except this one. May be given several times.
    #[arg(long, value_name = "PACKAGE")]
    pub exclude: Vec<String>,
}

impl Packages {
    /// Returns the selected packages, whether or not a compiler is below their floors.
    pub fn selection(self, below_floors: bool) -> selection::Selection {
        selection::Selection { packages: self.packages, exclude: self.exclude, below_floors }
    }
}

#[derive(Debug, Args)]
pub struct How {
    /// Also run steps that passed before and have not changed since.
    #[arg(long)]
    pub again: bool,
    /// Show the log of each step as it is written, with the cell and step before every line.
    #[arg(long, short)]
    pub verbose: bool,
    #[command(flatten)]
    pub jobs: Jobs,
}

#[derive(Debug, Args)]
pub struct Jobs {
    /// The number of cells to run at the same time; by default one more than there are processors.
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
}

impl Jobs {
    pub fn count(&self) -> usize {
        // Steps wait for guests, clocks and disks.
        self.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_shows_what_every_crate_has_first_and_qemu_apart() {
        let help = with_qemu_apart(Cli::command()).render_help().to_string();
        let at = |start: &str| help.lines().position(|line| line.trim_start().starts_with(start)).expect(start);
        assert!(at("init ") < at("matrix ") && at("matrix ") < at("debs "), "{help}");
        for name in FOR_QEMU {
            assert!(at("For QEMU devices:") < at(&format!("{name} ")), "{help}");
            let line = help.lines().nth(at(&format!("{name} "))).unwrap();
            assert!(line.len() > 20, "{name} is not explained: {help}");
        }
    }

    #[test]
    fn a_shell_accepts_its_completions() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("completions");
        let mut text = Vec::new();
        clap_complete::generate(Shell::Bash, &mut Cli::command(), "cargo-oldstable", &mut text);
        std::fs::write(&file, text).unwrap();
        let output = std::process::Command::new("bash").arg("-n").arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[test]
    fn what_stands_behind_two_dashes_is_qemus() {
        let cli = Cli::try_parse_from(["cargo oldstable", "run", "--cell", "a", "--", "-M", "virt", "--cell"]).unwrap();
        match cli.command {
            Command::InProject(InProject::Run(run)) => assert_eq!(run.arguments, ["-M", "virt", "--cell"]),
            other => panic!("{other:?}"),
        }
    }
}
