// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Jobs for continuous integration services: one for each cell, all with the same command, and
//! one for the lock files.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;

use crate::host::output;
use crate::project::config::Cell;
use crate::project::lockfile;
use crate::project::workspace::Project;

/// Writes the jobs.
pub fn run(project: &Project, service: Service) -> Result<i32> {
    let file = service.file(&project.root);
    lockfile::keep(&file, &service.text(project))?;
    output::line(file.display());
    Ok(0)
}

/// A service with its own format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Service {
    Github,
    Gitlab,
}

impl Service {
    pub const ALL: [Service; 2] = [Service::Github, Service::Gitlab];

    /// Where the service looks for it, or the path from which a project includes it.
    pub fn file(self, root: &Path) -> PathBuf {
        match self {
            Service::Github => root.join(".github/workflows/oldstable.yml"),
            Service::Gitlab => root.join(".gitlab/oldstable.yml"),
        }
    }

    /// The jobs.
    pub fn text(self, project: &Project) -> String {
        // The services' machines are amd64, and an emulated compiler would take hours, as would an emulated QEMU.
        let runs = |cell: &&Cell| {
            matches!(cell.arch.as_deref(), None | Some("amd64") | Some("i386")) || cell.cross && cell.qemu.is_none()
        };
        let (cells, emulated): (Vec<&Cell>, Vec<&Cell>) = project.config.cells.iter().partition(runs);
        // Without quotation marks, 1.70 would be a number, and the same as 1.7.
        let names: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.name)).collect();
        let checks = lockfile::checks(&project.root);
        let (jobs, locks, step) = match self {
            Service::Github => (GITHUB, GITHUB_LOCKS, "      - run: "),
            Service::Gitlab => (GITLAB, GITLAB_LOCKS, "    - "),
        };
        let mut text = jobs.replace("CELLS", &names.join(", "));
        if !checks.is_empty() {
            text.push_str(locks);
            text.extend(checks.iter().map(|check| format!("{step}{check}\n")));
        }
        let source = project.config.install.as_deref().unwrap_or("cargo-oldstable");
        let text = text.replace("INSTALL", &format!("cargo oldstable --version || cargo install --locked {source}"));
        let mut head = "# Written by `cargo oldstable workflow` from msrv.toml: change that.\n".to_string();
        if !emulated.is_empty() {
            let names: Vec<&str> = emulated.iter().map(|cell| &*cell.name).collect();
            head.push_str(&format!(
                "# Cells that are emulated take too long and are left out: {}.\n",
                names.join(", ")
            ));
        }
        head + &text
    }
}

/// Caches are renewed weekly, since Debian's packages change. A root file system is entered by mounting, so a container
/// needs that permission.
const GITHUB: &str = "name: oldstable
on:
  push:
  pull_request:
  schedule:
    - cron: \"30 5 * * 1\"
permissions:
  contents: read
jobs:
  cell:
    runs-on: ubuntu-latest
    container:
      image: rust:bookworm
      options: --privileged
    strategy:
      fail-fast: false
      matrix:
        cell: [CELLS]
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - id: week
        run: echo \"of=$(date +%G-%V)\" >>\"$GITHUB_OUTPUT\"
      - uses: actions/cache@v4
        with:
          path: |
            ~/.cache/oldstable
            /usr/local/cargo/bin/cargo-oldstable
          key: oldstable-${{ matrix.cell }}-${{ steps.week.outputs.of }}-${{ hashFiles('msrv.toml') }}
      - run: INSTALL
      - run: cargo oldstable setup --cell ${{ matrix.cell }}
      - run: cargo oldstable matrix --keep-going --cell ${{ matrix.cell }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: report-${{ matrix.cell }}
          path: |
            target/oldstable/report
            target/oldstable/logs
";

/// A new release of a dependency outdates a lock file. That is not the fault of a change, so a separate job checks it.
const GITHUB_LOCKS: &str = "  locks:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    container:
      image: rust:bookworm
      options: --privileged
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - run: INSTALL
      - run: cargo oldstable setup
";

const GITLAB: &str = "# A runner for these jobs is privileged: root file systems are entered by mounting.
oldstable:
  image: rust:bookworm
  variables:
    XDG_CACHE_HOME: $CI_PROJECT_DIR/.cache
  cache:
    key: oldstable-$CELL
    paths: [.cache/oldstable]
  parallel:
    matrix:
      - CELL: [CELLS]
  script:
    - INSTALL
    - cargo oldstable setup --cell $CELL
    - cargo oldstable matrix --keep-going --cell $CELL
  artifacts:
    when: always
    paths: [target/oldstable/report, target/oldstable/logs]
    reports:
      junit: target/oldstable/report/junit.xml
";

const GITLAB_LOCKS: &str = "
oldstable-locks:
  image: rust:bookworm
  rules:
    - if: $CI_PIPELINE_SOURCE == \"schedule\"
  script:
    - INSTALL
    - cargo oldstable setup
";
