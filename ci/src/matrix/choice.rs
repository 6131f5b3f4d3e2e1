// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The part of the matrix that is run, and the way in which it is run.

use std::path::Path;

use anyhow::{ensure, Result};
use clap::ValueEnum;

use crate::cell::workbench::Workbench;
use crate::matrix::fingerprint::Digests;
use crate::matrix::results::Results;
use crate::project::config::Cell;
use crate::report::model::Step;

/// The user's choices.
pub struct Choice<'a> {
    pub cells: Vec<&'a Cell>,
    /// Workspaces that are tested on this machine besides the cells.
    pub host: Vec<&'a Path>,
    /// All steps when none is named.
    pub steps: Vec<Step>,
    /// The number of cells and workspaces processed in parallel.
    pub jobs: usize,
    /// Whether a step that has passed with the same sources and tools is not run again.
    pub reuse: bool,
    /// Whether a cell's steps are run after one that failed.
    pub keep_going: bool,
    /// Whether logs are shown while they are written.
    pub verbose: bool,
    /// Whether the rust-version of packages is ignored.
    pub ignore_rust_version: bool,
}

impl<'a> Choice<'a> {
    pub fn wants(&self, step: Step) -> bool {
        self.steps.is_empty() || self.steps.contains(&step)
    }

    /// Whether a cell has the step: what it leaves out runs only if it is asked for.
    pub fn wants_in(&self, cell: &Cell, step: Step) -> bool {
        self.wants(step) && !(self.steps.is_empty() && cell.without.contains(&step.key()))
    }

    /// Refuses a cell that leaves out what does not exist.
    pub fn check(&self) -> Result<()> {
        for cell in &self.cells {
            for name in &cell.without {
                ensure!(
                    Step::from_str(name, false).is_ok(),
                    "cell {} has without = [\"{name}\"], which is no column: use the names that --step takes",
                    cell.name
                );
            }
        }
        Ok(())
    }
}

/// The state that the cells of one run share.
pub struct Run<'a> {
    pub bench: &'a Workbench,
    pub choice: &'a Choice<'a>,
    pub results: Results,
    pub digests: Digests,
    /// A digest of this program: another build may behave differently.
    pub tool: String,
}
