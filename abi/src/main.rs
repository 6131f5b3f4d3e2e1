// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Reads QEMU's ABI from its sources and writes it into `tests/data`, one file for each release and word size.
//!
//! `cargo run --manifest-path abi/Cargo.toml -- 10.0 5.2-i386`; abi/README.md says what a new release needs.

mod dwarf;
mod elf;
mod imports;
mod names;
mod page;
mod probe;
mod suite;

use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};

/// A release of QEMU on one architecture, as Debian builds it.
pub struct Build {
    /// The name of its file: `10.0`, or `5.2-i386`.
    pub name: String,
    pub suite: String,
    pub arch: String,
    /// The folder of QEMU's unpacked sources, if they are not in Debian's archive; or a binary, if there are none.
    pub source: Option<PathBuf>,
}

fn main() -> Result<()> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("abi/ lies in the project")?;
    let known = builds(&project.join("msrv.toml"))?;
    let mut wanted = Vec::new();
    for argument in std::env::args().skip(1) {
        let (name, source) = match argument.split_once('=') {
            Some((name, folder)) => (name, Some(PathBuf::from(folder))),
            None => (argument.as_str(), None),
        };
        let Some((suite, arch)) = known.iter().find(|known| known.0 == name).map(|known| (&known.1, &known.2)) else {
            let names: Vec<&str> = known.iter().map(|known| known.0.as_str()).collect();
            bail!("no cell of msrv.toml has QEMU {name}, only {}: add one", names.join(", "));
        };
        wanted.push(Build { name: name.to_string(), suite: suite.clone(), arch: arch.clone(), source });
    }
    if wanted.is_empty() {
        bail!(
            "say which releases: 10.0 5.2-i386; 11.1=FOLDER for sources that are unpacked there; 11.1=BINARY to list \
             anew what it exports"
        );
    }
    let imports = imports::read(&project.join("src/sys"))?;
    for build in &wanted {
        let file = project.join(format!("tests/data/qemu-{}.toml", build.name));
        let text = match &build.source {
            Some(binary) if binary.is_file() => {
                let exports = elf::exports(&std::fs::read(binary)?)?;
                page::with_exports(&std::fs::read_to_string(&file)?, &imports, &exports)
            }
            _ => {
                let facts = suite::facts(build, &imports).with_context(|| format!("QEMU {}", build.name))?;
                page::text(build, &facts)
            }
        };
        std::fs::write(&file, text)?;
        println!("{}", file.display());
    }
    Ok(())
}

/// Returns name, suite and architecture of each QEMU with a cell in msrv.toml.
fn builds(msrv: &Path) -> Result<Vec<(String, String, String)>> {
    let text = std::fs::read_to_string(msrv)?;
    let document: toml_edit::DocumentMut = text.parse()?;
    let cells = document["cell"].as_array_of_tables().context("msrv.toml has no cells")?;
    let mut builds: Vec<(String, String, String)> = Vec::new();
    for cell in cells {
        let text = |key: &str| cell.get(key).and_then(|value| value.as_str());
        if let (Some(suite), Some(qemu)) = (text("suite"), text("qemu")) {
            let arch = text("arch").unwrap_or("amd64");
            let name = if arch == "amd64" { qemu.to_string() } else { format!("{qemu}-{arch}") };
            let backports = cell
                .get("archives")
                .and_then(|archives| archives.as_array())
                .is_some_and(|archives| archives.iter().any(|archive| archive.as_str() == Some("backports")));
            let suite = if backports { format!("{suite}-backports") } else { suite.to_string() };
            // A suite's own package is preferred to a backport.
            match builds.iter_mut().find(|known| known.0 == name) {
                Some(known) if known.1.ends_with("-backports") && !backports => known.1 = suite,
                Some(_) => {}
                None => builds.push((name, suite, arch.to_string())),
            }
        }
    }
    Ok(builds)
}
