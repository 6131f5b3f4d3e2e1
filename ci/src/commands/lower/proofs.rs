// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What shows that a copy does what its original does: the package's own tests, on the floor and on the newest compiler.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::rounds::{write, ROUNDS};
use super::Floor;
use crate::lower::manifest::Manifest;
use crate::lower::messages::Message;
use crate::lower::own_tests::{Known, Runner};
use crate::lower::results::Tests;
use crate::lower::trial;
use crate::lower::{copy, newer, Package};
use crate::project::inheritance;

/// The limit for fixing examples: each time all of them are built again.
const EXAMPLES: usize = 3;

/// The results of a copy on the newest compiler.
pub struct Newest {
    pub tests: Tests,
    /// The uses in the copy that the floor's std lacks, by clippy; `None` if it does not build.
    pub newer: Option<Vec<String>>,
}

/// The work to do besides lowering.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proofs {
    /// Refuse rewrites that can change the meaning.
    pub strict: bool,
    /// Run the package's own tests on the floor.
    pub test: bool,
    /// Run those of the copy on the newest compiler, and clippy.
    pub newest: bool,
}

/// Rewrites the examples in the documentation, and fixes the errors in the package's tests that the floor's compiler reports.
pub fn settle_tests(package: &mut Package, made: &Path, scratch: &Path, floor: &Floor, known: &Known) -> Result<()> {
    package.lower_examples();
    for _ in 0..ROUNDS {
        write(package, made, floor)?;
        let errors = on_floor(package, made, scratch, floor, known).errors()?;
        if errors.is_empty() || !package.mend(&errors) {
            break;
        }
    }
    for _ in 0..EXAMPLES {
        let failed = on_floor(package, made, scratch, floor, known).failed_examples()?;
        if failed.is_empty() || !package.mend_examples(&failed) {
            break;
        }
        write(package, made, floor)?;
    }
    Ok(())
}

fn on_floor<'a>(
    package: &'a Package,
    made: &'a Path,
    scratch: &'a Path,
    floor: &'a Floor,
    known: &'a Known,
) -> Runner<'a> {
    let (manifest, minor) = (&package.manifest, package.target.minor);
    Runner { manifest, files: made, scratch, built: floor.built, cargo: floor.cargo, floor: Some(minor), known }
}

/// Runs the package's own tests on the floor.
pub fn tests(package: &Package, made: &Path, scratch: &Path, floor: &Floor, known: &Known) -> Result<Tests> {
    on_floor(package, made, scratch, floor, known).run()
}

/// Returns the results of the copy on the newest compiler, and what clippy found of items that are newer than the floor.
pub fn newest(
    package: &Package,
    made: &Path,
    scratch: &Path,
    floor: &Floor,
    newer: Option<Vec<Message>>,
) -> Result<Newest> {
    let cargo = |folder: &Path, target: &Path| Ok(trial::newest(folder, target));
    let own = scratch.join("newest");
    fs::create_dir_all(&own)?;
    let (manifest, built) = (&package.manifest, floor.built);
    let complete = manifest.for_newest().map_err(anyhow::Error::msg)?;
    let copy = Runner {
        manifest: &complete,
        files: made,
        scratch: &own,
        built,
        cargo: &cargo,
        floor: None,
        known: &Known::default(),
    };
    Ok(Newest { tests: copy.run()?, newer: newer.map(|said| newer::lacking(package, said)) })
}

/// Runs the tests of a package as it is on the newest compiler.
pub fn original(folder: &Path, built: &Path) -> Result<Tests> {
    let cargo = |folder: &Path, target: &Path| Ok(trial::newest(folder, target));
    let scratch = tempfile::tempdir_in(built)?;
    // Tests may write next to their files.
    let files = scratch.path().join("package");
    copy::whole(folder, &files)?;
    let manifest = Manifest::parse(&inheritance::manifest(folder)?).map_err(anyhow::Error::msg)?;
    let (scratch, known) = (scratch.path(), &Known::default());
    Runner { manifest: &manifest, files: &files, scratch, built, cargo: &cargo, floor: None, known }.run()
}
