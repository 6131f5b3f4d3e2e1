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
/// What is asked for stands in msrv.toml. What is missing is fetched from Debian and kept in the cache
/// folder ($XDG_CACHE_HOME/oldstable or ~/.cache/oldstable).
#[derive(Debug, Parser)]
#[command(name = "cargo-oldstable", bin_name = "cargo oldstable", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Take Debian's packages from this mirror, in place of the one that this machine's apt uses.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mirror: Option<String>,
}

/// The commands for QEMU devices, which `--help` shows apart: most crates have none.
const FOR_QEMU: [&str; 4] = ["boot", "build", "new", "run"];

/// Reads the command line; ends the program where it is not understood, and where it asks for help.
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
    /// Rewrite a copy of a package for an older compiler, and prove it there.
    Lower(lower::Arguments),
    /// Lower many packages for several compilers, and write a table of what came out.
    Survey(survey::Arguments),
    /// List the newer std APIs that packages use, and which of them oldstable-compat serves.
    Demand(demand::Arguments),
    /// Print the manual page.
    Man,
    /// Print completions for a shell.
    Completions { shell: Shell },
}

/// What is done in a project with a msrv.toml.
#[derive(Debug, Subcommand)]
pub enum InProject {
    /// Run every step in every cell, and print a table. A cell ends with its first step that fails.
    Matrix {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        packages: Packages,
        /// Only this step, and what it needs. May be given several times.
        #[arg(long = "step", value_name = "STEP")]
        steps: Vec<Step>,
        /// Run the other steps of a cell too when one has failed, as `cargo oldstable test` does.
        #[arg(long, short)]
        keep_going: bool,
        #[command(flatten)]
        how: How,
    },
    /// Run the tests of the host and the cells that msrv.toml marks `ci = true`.
    Test {
        #[command(flatten)]
        how: How,
    },
    /// Make the root file systems of the cells, and have rustup install their toolchains.
    Setup {
        #[command(flatten)]
        selection: Selection,
        /// Make them anew, with the newest packages.
        #[arg(long)]
        refresh: bool,
        #[command(flatten)]
        jobs: Jobs,
    },
    /// List the cells, what is expected in them, and which are set up.
    List,
    /// Find for each cell the newest versions of all dependencies that its compiler takes, and write them
    /// with the reasons for what is held back into ci/locks.
    Lock {
        #[command(flatten)]
        selection: Selection,
        /// Take only versions that the suite's own librust-*-dev packages have, as a packager must, and write
        /// CELL.packager.lock.
        #[arg(long)]
        packager: bool,
        /// Write nothing, and fail if something else would be written. Without a name, of those that are there.
        #[arg(long)]
        check: bool,
    },
    /// Fetch the sources of the cells' locked dependencies into the cache, have each cell's cargo read their manifests,
    /// and print the folders.
    Vendor {
        #[command(flatten)]
        selection: Selection,
    },
    /// Find the lowest compiler that passes.
    Find {
        /// Build alone, without the tests.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        packages: Packages,
        #[command(flatten)]
        jobs: Jobs,
    },
    /// Write jobs for a continuous integration service, one for each cell.
    Workflow { service: Service },
    /// Write what msrv.toml says into clippy.toml, the README's table, the workflows, and rust-version where none is stated.
    Sync {
        /// Change the rust-version of packages that state another one, too.
        #[arg(long)]
        rust_version: bool,
        /// Write nothing, and fail if something differs.
        #[arg(long)]
        check: bool,
    },
    /// List what a higher floor makes superfluous of oldstable-compat, and where it is used.
    Retire {
        /// The floor that you think of, such as 1.63.
        #[arg(value_name = "VERSION")]
        floor: Version,
        /// Rewrite the uses to std.
        #[arg(long)]
        apply: bool,
    },
    /// Remove what was built in the cells, their logs, and what is known of earlier runs.
    Clean {
        #[command(flatten)]
        selection: Selection,
        /// Remove the cells' root file systems too, which other projects may share.
        #[arg(long)]
        roots: bool,
        /// Remove the whole cache, other projects' cells too.
        #[arg(long, conflicts_with = "cells")]
        all: bool,
    },
    /// Build the Debian packages in clean root file systems, install them in others, and try them.
    Debs {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        how: How,
    },
    /// Boot U-Boot in a cell's QEMU, its serial port driven by the object built in that cell.
    Boot {
        #[arg(long, default_value = "bullseye", value_name = "NAME")]
        cell: String,
        /// Type this line at the prompt, print the answer, and end.
        #[arg(long, value_name = "LINE")]
        exec: Option<String>,
        /// Plug nothing in: QEMU's own PL011 drives the port.
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
    /// Start a cell's own QEMU with the object plugged in.
    Run(RunArguments),
}

#[derive(Debug, Args)]
pub struct RunArguments {
    #[arg(long, value_name = "NAME")]
    pub cell: String,
    /// The architecture that is emulated.
    #[arg(long, default_value = "aarch64", value_name = "ARCH")]
    pub system: String,
    /// Plug nothing in.
    #[arg(long, conflicts_with = "object")]
    pub stock: bool,
    /// Plug in this object, in place of the one that the cell builds.
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
    /// Only this cell. May be given several times.
    #[arg(long = "cell", value_name = "NAME")]
    pub cells: Vec<String>,
}

/// Of a workspace with several packages.
#[derive(Debug, Args)]
pub struct Packages {
    /// Only this package of the workspace, and one that is not published too. May be given several times.
    #[arg(long = "package", short, value_name = "PACKAGE")]
    pub packages: Vec<String>,
    /// All packages but this one. May be given several times.
    #[arg(long, value_name = "PACKAGE")]
    pub exclude: Vec<String>,
}

impl Packages {
    /// Which packages that are, whether or not a compiler is below their floors.
    pub fn selection(self, below_floors: bool) -> selection::Selection {
        selection::Selection { packages: self.packages, exclude: self.exclude, below_floors }
    }
}

#[derive(Debug, Args)]
pub struct How {
    /// Run also what passed before and has not changed since.
    #[arg(long)]
    pub again: bool,
    /// Show the log of each step while it is written, every line behind its cell and step.
    #[arg(long, short)]
    pub verbose: bool,
    #[command(flatten)]
    pub jobs: Jobs,
}

#[derive(Debug, Args)]
pub struct Jobs {
    /// How many cells are worked on at once: as many as there are processors, if not given.
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
}

impl Jobs {
    pub fn count(&self) -> usize {
        self.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()))
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
