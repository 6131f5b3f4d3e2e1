// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The rounds in which the floor's compiler builds a copy and its errors are fixed, and what the newest says of it then.

use std::path::Path;

use anyhow::{bail, ensure, Result};

use super::Floor;
use crate::lower::dependencies::Dependencies;
use crate::lower::messages::Message;
use crate::lower::trial::{self, Shown, Trial};
use crate::lower::{copy, newer, notes, Package};

/// The compiler reports some errors only when others are fixed.
pub const ROUNDS: usize = 40;

/// Writes the files that have changed since the last time, and oldstable-compat once it is used.
pub fn write(package: &mut Package, made: &Path, floor: &Floor) -> Result<()> {
    package.lead_exported();
    if package.uses_compat() {
        with_compat(made, floor)?;
    }
    let (users, no_std) = (package.users(), package.no_std);
    package.manifest.add_compat(users, no_std, copy::COMPAT);
    package.manifest.stand_alone();
    copy::rewritten(package, made)
}

fn with_compat(made: &Path, floor: &Floor) -> Result<()> {
    copy::compat(floor.compat, made)?;
    copy::compat(floor.compat, floor.built)
}

/// Builds, fixes errors, and builds again. Returns the remaining errors.
pub fn settle(
    package: &mut Package,
    dependencies: &mut Dependencies,
    made: &Path,
    scratch: &Path,
    floor: &Floor,
) -> Result<Vec<Message>> {
    for round in 0..ROUNDS {
        if dependencies.uses_compat() {
            with_compat(made, floor)?;
        }
        write(package, made, floor)?;
        dependencies.write(made)?;
        let trial = Trial::new(made, scratch, floor.built, &package.manifest, Shown::Library)?;
        if round == 0 {
            trial.fetch()?;
            if !floor.with_dependencies {
                trial.readable(package.target.minor)?;
            } else {
                dependencies.add(&trial.vendor(), made, package)?;
                let patches = dependencies.patches();
                if !patches.is_empty() {
                    package.manifest.patch(&patches);
                    trial.forget_fetched()?;
                    continue;
                }
            }
        }
        let flags = trial::flags(Some(floor.minor));
        let output = trial.run(floor.cargo, &[&["check", "--message-format=json"], flags].concat())?;
        let said = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            let warnings = Message::all_warnings(&said);
            let (moved, others) = (package.allow(&warnings), dependencies.allow(&warnings));
            if moved || others {
                continue;
            }
            return Ok(Vec::new());
        }
        let errors = Message::errors(&said);
        ensure!(!errors.is_empty(), "{}", unread(&trial::first_error(&output), package, floor));
        let (moved, others) = (package.mend(&errors), dependencies.mend(&errors));
        if !moved && !others {
            return Ok(errors);
        }
    }
    bail!("the compiler still reported new errors after {ROUNDS} rounds: this is a bug of the tool")
}

/// Returns why cargo did not come to compile anything.
fn unread(said: &str, package: &Package, floor: &Floor) -> String {
    let folders: Vec<String> = package.manifest.folders().into_iter().map(|(name, _)| name).collect();
    let hint = match folders.is_empty() || floor.with_dependencies {
        true => String::new(),
        false => format!(" (--with-dependencies also lowers {})", folders.join(", ")),
    };
    said.trim_start_matches("error: ").to_string() + &hint
}

/// Asks the newest compiler where the newer edition had a different meaning, and which methods are compat's. Returns
/// what clippy says of items that are newer than the floor, if it is asked.
pub fn compare(
    package: &mut Package,
    dependencies: &mut Dependencies,
    made: &Path,
    scratch: &Path,
    floor: &Floor,
    ask: bool,
) -> Result<Option<Vec<Message>>> {
    let trial = Trial::new(made, scratch, floor.built, &package.manifest, Shown::Library)?;
    let lints = [package.lints(), dependencies.lints()].concat();
    let said = match lints.is_empty() {
        true => Some(Vec::new()),
        false => trial::lint(&trial, &lints)?.map(|output| Message::warnings(&output, &lints)),
    };
    package.differs(said.as_deref());
    let candidates = notes::candidates(package);
    let newer = match ask || !candidates.is_empty() {
        true => newer::said(package, &trial, floor.cargo)?,
        false => None,
    };
    let found = notes::differences(candidates, newer.as_deref());
    package.changes.extend(found);
    package.changes.extend(dependencies.differing(said.as_deref()));
    Ok(newer)
}
