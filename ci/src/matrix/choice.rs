//! What of the matrix is run, and how.

use std::path::Path;

use crate::cell::workbench::Workbench;
use crate::matrix::fingerprint::Digests;
use crate::matrix::results::Results;
use crate::project::config::Cell;
use crate::report::model::Step;

/// What the user asks for.
pub struct Choice<'a> {
    pub cells: Vec<&'a Cell>,
    /// Workspaces that are tested on this machine beside the cells.
    pub host: Vec<&'a Path>,
    /// All steps when none is named.
    pub steps: Vec<Step>,
    /// How many cells and workspaces are worked on at once.
    pub jobs: usize,
    /// Whether a step that passed before, with the same sources and tools, is not run again.
    pub reuse: bool,
    /// Whether a cell's steps are run behind one that failed.
    pub keep_going: bool,
    /// Whether logs are shown while they are written.
    pub verbose: bool,
    /// Whether the rust-version that packages state does not count.
    pub ignore_rust_version: bool,
}

impl<'a> Choice<'a> {
    pub fn wants(&self, step: Step) -> bool {
        self.steps.is_empty() || self.steps.contains(&step)
    }
}

/// What the cells of one run share.
pub struct Run<'a> {
    pub bench: &'a Workbench,
    pub choice: &'a Choice<'a>,
    pub results: Results,
    pub digests: Digests,
    /// A digest of this program: another one may do something else.
    pub tool: String,
}
