//! The lowest compiler that passes.
//!
//! The cells are bisected in the order of their compilers. What lies between the last that fails and the first that
//! passes is cargo-msrv's to find, which needs rustup and its own installation.

use std::process::Command;

use anyhow::{bail, Result};

use crate::matrix::{self, Choice};
use crate::mmdebstrap::on_path;
use crate::report::{Report, Step};
use crate::version::Version;
use crate::workbench::{Ready, Workbench};

/// Bisects the cells and says what was found; the exit status.
pub fn run(bench: &Workbench, jobs: usize) -> Result<i32> {
    let all: Vec<_> = bench.project.config.cells.iter().collect();
    let mut cells: Vec<Ready> = matrix::prepare(bench, &all, jobs).into_iter().flatten().collect();
    cells.sort_by(|a, b| a.rustc.cmp(&b.rustc));
    cells.dedup_by(|a, b| a.rustc == b.rustc);
    if cells.is_empty() {
        bail!("no cell can be made ready: `cargo oldstable setup` says why");
    }
    let mut error = None;
    let passing = lowest(cells.len(), |index| match passes(bench, &cells[index]) {
        Ok(passes) => passes,
        Err(e) => {
            error = Some(e);
            false
        }
    });
    if let Some(error) = error {
        return Err(error);
    }
    let found = match passing {
        Some(found) => found,
        None => bail!("no cell passes: `cargo oldstable matrix` says why"),
    };
    println!("the lowest compiler of a cell that passes is {} in {}", cells[found].rustc, cells[found].cell.name);
    if found > 0 {
        let (below, above) = (&cells[found - 1].rustc, &cells[found].rustc);
        println!("{below} in {} does not pass", cells[found - 1].cell.name);
        between(bench, below, above)?;
    }
    Ok(0)
}

/// Builds and tests in one cell.
fn passes(bench: &Workbench, ready: &Ready) -> Result<bool> {
    let cells = vec![bench.project.config.cell(&ready.cell.name)?];
    let steps = vec![Step::Build, Step::Test];
    let choice = Choice { cells, steps, jobs: 1, reuse: true, keep_going: false, verbose: false };
    let Report { rows } = matrix::run(bench, &choice)?;
    let passes = rows.iter().flat_map(|row| row.steps.values()).all(|outcome| outcome.counts.failed == 0);
    println!("{} ({}): {}", ready.rustc, ready.cell.name, if passes { "passes" } else { "does not pass" });
    Ok(passes)
}

/// The first index that passes, where all that come after one that passes do so too.
fn lowest(count: usize, mut passes: impl FnMut(usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low).filter(|index| *index < count)
}

/// Lets cargo-msrv look between two compilers, where it can run.
fn between(bench: &Workbench, below: &Version, above: &Version) -> Result<()> {
    for (program, package) in [("rustup", "rustup"), ("cargo-msrv", "cargo-msrv")] {
        if on_path(program).is_none() {
            println!("between them nobody has looked: cargo-msrv would, but {package} is not installed");
            return Ok(());
        }
    }
    let status = Command::new("cargo-msrv")
        .args(["msrv", "find", "--bisect", "--min", &below.to_string(), "--max", &above.to_string()])
        .current_dir(&bench.project.root)
        .status()?;
    if !status.success() {
        println!("between them cargo-msrv found nothing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_that_passes_is_found() {
        for count in 0..6 {
            for first in 0..=count {
                let expected = Some(first).filter(|index| *index < count);
                assert_eq!(lowest(count, |index| index >= first), expected, "{first} of {count}");
            }
        }
    }
}
