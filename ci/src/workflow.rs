//! Jobs for continuous integration services: one for each cell, all with the same command.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::config::Config;

/// A service with its own format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Service {
    Github,
    Gitlab,
}

impl Service {
    pub const ALL: [Service; 2] = [Service::Github, Service::Gitlab];

    /// Where the service looks for it, or where a project includes it from.
    pub fn file(self, root: &Path) -> PathBuf {
        match self {
            Service::Github => root.join(".github/workflows/oldstable.yml"),
            Service::Gitlab => root.join(".gitlab/oldstable.yml"),
        }
    }

    /// The jobs.
    pub fn text(self, config: &Config) -> String {
        // Without quotation marks, 1.70 would be a number, and the same as 1.7.
        let names: Vec<String> = config.cells.iter().map(|cell| format!("\"{}\"", cell.name)).collect();
        let names = names.join(", ");
        let mut text = "# Written by `cargo oldstable workflow` from msrv.toml: change that.\n".to_string();
        let _ = match self {
            Service::Github => write!(text, "{}", GITHUB.replace("CELLS", &names)),
            Service::Gitlab => write!(text, "{}", GITLAB.replace("CELLS", &names)),
        };
        text
    }
}

/// Root file systems are entered by mounting, which a container must be allowed to do.
const GITHUB: &str = "name: oldstable
on: [push, pull_request]
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
      - run: cargo oldstable --version || cargo install cargo-oldstable --locked
      - run: cargo oldstable matrix --keep-going --cell ${{ matrix.cell }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: report-${{ matrix.cell }}
          path: target/oldstable/report
";

const GITLAB: &str = "# A runner for these jobs is privileged: root file systems are entered by mounting.
oldstable:
  image: rust:bookworm
  parallel:
    matrix:
      - CELL: [CELLS]
  script:
    - cargo oldstable --version || cargo install cargo-oldstable --locked
    - cargo oldstable matrix --keep-going --cell $CELL
  artifacts:
    when: always
    paths: [target/oldstable/report]
    reports:
      junit: target/oldstable/report/junit.xml
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_a_job() {
        let cells = ["bullseye", "1.70"].map(|name| format!("[[cell]]\nname = \"{name}\"\npath = true\n"));
        let config = Config::parse(&format!("floor = \"1.48.0\"\n{}", cells.concat())).unwrap();
        for service in Service::ALL {
            let text = service.text(&config);
            assert!(text.contains("[\"bullseye\", \"1.70\"]"), "{text}");
            assert!(text.contains("cargo oldstable matrix --keep-going --cell $"), "{text}");
        }
    }
}
