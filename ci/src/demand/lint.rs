// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! clippy's `incompatible_msrv` over packages of the registry, which clippy itself does not check.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{ensure, Context, Result};
use serde::Deserialize;

use crate::project::version::Version;
use crate::project::workspace::cargo;

/// The lint's name in messages.
const LINT: &str = "clippy::incompatible_msrv";

/// The separator of clippy-driver's arguments.
const SEPARATOR: &str = "__CLIPPY_HACKERY__";

/// The source of a package.
pub enum Source {
    Registry { version: String },
    Folder(PathBuf),
}

pub struct Package {
    pub name: String,
    pub source: Source,
}

/// A use of an item that the floor lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    pub package: String,
    /// The last segment of the path, or the method.
    pub name: String,
    /// In a const context, the release since which it is const.
    pub since: Version,
    pub in_const: bool,
}

/// The lint's findings, and the packages that did not build.
pub struct Found {
    pub uses: Vec<Use>,
    pub broken: BTreeSet<String>,
}

/// Runs clippy on the packages in a scratch folder.
pub fn run(packages: &[Package], floor: &Version, scratch: &Path, target: &Path) -> Result<Found> {
    let manifest = scratch.join("Cargo.toml");
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    // The lint uses this floor, whatever the packages state.
    fs::write(scratch.join("clippy.toml"), format!("msrv = \"{floor}\"\n"))?;
    let wanted = wanted(packages);
    fs::write(&manifest, &wanted)?;
    let folders = folders(packages, scratch)?;
    fs::write(&manifest, wanted + &patches(packages, &folders))?;
    // Lints that packages deny do not matter here, and would end the build.
    let arguments = ["--cap-lints", "warn", "--force-warn", LINT];
    let output = Command::new(cargo().get_program())
        .args(["check", "--keep-going", "--message-format=json"])
        .current_dir(scratch)
        .env("RUSTC_WRAPPER", "clippy-driver")
        .env("CLIPPY_CONF_DIR", scratch)
        .env("CLIPPY_ARGS", arguments.join(SEPARATOR) + SEPARATOR)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    read(&String::from_utf8_lossy(&output.stdout), &folders, output.status.success())
}

/// Returns a manifest that depends on each of the packages, including several versions of one.
fn wanted(packages: &[Package]) -> String {
    let mut text = String::from(
        "[package]\nname = \"demand\"\nversion = \"0.0.0\"\nedition = \"2018\"\n[workspace]\n[dependencies]\n",
    );
    for (at, package) in packages.iter().enumerate() {
        let (name, source) = (&package.name, &package.source);
        let source = match source {
            Source::Registry { version } => format!("version = {:?}", format!("={version}")),
            Source::Folder(folder) => format!("path = {:?}", folder.display().to_string()),
        };
        writeln!(text, "p{at} = {{ package = {name:?}, {source} }}").expect("a String takes all");
    }
    text
}

/// Returns the packages by folder, where they are after cargo has fetched them.
fn folders(packages: &[Package], scratch: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let output =
        cargo().args(["metadata", "--format-version=1"]).current_dir(scratch).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata is not understood")?;
    let asked = |found: &Member| {
        packages.iter().any(|package| {
            package.name == found.name
                && match &package.source {
                    Source::Registry { version } => *version == found.version,
                    Source::Folder(folder) => found.manifest_path.parent() == Some(folder),
                }
        })
    };
    let found = metadata.packages.into_iter().filter(asked).map(|found| {
        let folder = found.manifest_path.parent().unwrap_or(&found.manifest_path).to_path_buf();
        (folder, format!("{} {}", found.name, found.version))
    });
    Ok(found.collect())
}

/// Cargo caps the lints of a registry's packages, so these are taken from their folders.
fn patches(packages: &[Package], folders: &BTreeMap<PathBuf, String>) -> String {
    let mut text = String::from("[patch.crates-io]\n");
    for (at, (folder, package)) in folders.iter().enumerate() {
        let name = package.split(' ').next().unwrap_or(package);
        if packages.iter().any(|p| p.name == name && matches!(p.source, Source::Registry { .. })) {
            let path = folder.display().to_string();
            writeln!(text, "p{at} = {{ package = {name:?}, path = {path:?} }}").expect("a String takes all");
        }
    }
    text
}

/// Returns the uses in cargo's output. A package that is built twice is counted once.
fn read(output: &str, folders: &BTreeMap<PathBuf, String>, success: bool) -> Result<Found> {
    let mut seen = BTreeSet::new();
    let mut found = Found { uses: Vec::new(), broken: BTreeSet::new() };
    let mut built = BTreeSet::new();
    for line in output.lines() {
        let line: Line = match serde_json::from_str(line) {
            Ok(line) => line,
            Err(_) => continue,
        };
        let manifest = match &line.manifest_path {
            Some(manifest) => manifest,
            None => continue,
        };
        let package = match manifest.parent().and_then(|folder| folders.get(folder)) {
            Some(package) => package,
            None => continue,
        };
        match &line.message {
            None if line.reason == "compiler-artifact" => drop(built.insert(package.clone())),
            None => {}
            Some(message) if message.is_the_lint() => {
                if let Some((place, found_use)) = message.used(package) {
                    if seen.insert((package.clone(), place)) {
                        found.uses.push(found_use);
                    }
                }
            }
            Some(message) if message.level.starts_with("error") => drop(found.broken.insert(package.clone())),
            Some(_) => {}
        }
    }
    found.broken.extend(folders.values().filter(|package| !built.contains(*package)).cloned());
    ensure!(!built.is_empty() || success, "cargo built nothing: its messages are above");
    Ok(found)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    name: String,
    version: String,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Line {
    reason: String,
    manifest_path: Option<PathBuf>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    message: String,
    level: String,
    code: Option<Code>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
    text: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

impl Message {
    fn is_the_lint(&self) -> bool {
        self.code.as_ref().map_or(false, |code| code.code == LINT)
    }

    /// Returns the place and the item used there.
    fn used(&self, package: &str) -> Option<((String, usize, usize), Use)> {
        let span = self.spans.iter().find(|span| span.is_primary)?;
        let text = span.text.first()?;
        let (start, end) = (text.highlight_start.checked_sub(1)?, text.highlight_end.checked_sub(1)?);
        let end = if span.text.len() > 1 { usize::MAX } else { end };
        let code: String = text.text.chars().take(end).skip(start).collect();
        // "… but this item is stable since `1.56.0`", or "stable in a `const` context since".
        let since = self.message.rsplit("since `").next()?.split('`').next()?.parse().ok()?;
        let found = Use {
            package: package.to_string(),
            name: last_name(&code)?.to_string(),
            since,
            in_const: self.message.contains("`const`"),
        };
        Some(((span.file_name.clone(), span.byte_start, span.byte_end), found))
    }
}

/// Returns the name at the end of a path or before a call's parentheses: `add` of `core::ptr::add::<T>` and of
/// `add(1)`.
fn last_name(code: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let (mut name, mut start) = (None, None);
    for (at, c) in code.char_indices().chain([(code.len(), ' ')]) {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (c.is_alphanumeric() || c == '_') {
            start = start.or(Some(at));
            continue;
        }
        if let Some(start) = start.take() {
            name = Some(&code[start..at]);
        }
        if depth == 0 && (c == '(' || c == '!') {
            break;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_last_of_a_path_or_the_method() {
        for (code, name) in [
            ("cast_signed()", "cast_signed"),
            ("core::ptr::from_ref::<T>", "from_ref"),
            ("NonZero::<u8>::new", "new"),
            ("<[u8]>::as_ptr", "as_ptr"),
            ("map_or(other.is_some(), f)", "map_or"),
            ("c_int", "c_int"),
        ] {
            assert_eq!(last_name(code), Some(name), "{code}");
        }
        assert_eq!(last_name(""), None);
    }

    fn message(text: &str, start: usize, end: usize, says: &str) -> String {
        let span = format!(
            "{{\"file_name\":\"src/lib.rs\",\"byte_start\":{start},\"byte_end\":{end},\"is_primary\":true,\
             \"text\":[{{\"text\":{text:?},\"highlight_start\":{},\"highlight_end\":{}}}]}}",
            start + 1,
            end + 1
        );
        format!(
            "{{\"reason\":\"compiler-message\",\"manifest_path\":\"/r/a/Cargo.toml\",\"message\":{{\"message\":\
             {says:?},\"level\":\"warning\",\"code\":{{\"code\":\"{LINT}\"}},\"spans\":[{span}]}}}}"
        )
    }

    #[test]
    fn a_place_counts_once_and_what_is_not_built_is_said() {
        let folders: BTreeMap<_, _> =
            [("/r/a".into(), "a 1.0.0".to_string()), ("/r/b".into(), "b 1.0.0".to_string())].into();
        let says = "current MSRV is `1.48.0` but this item is stable in a `const` context since `1.56.0`";
        let line = message("x.len()", 2, 7, says);
        let built = "{\"reason\":\"compiler-artifact\",\"manifest_path\":\"/r/a/Cargo.toml\"}";
        let found = read(&format!("{line}\n{line}\n{built}\nnoise"), &folders, true).unwrap();
        let use_of_len =
            Use { package: "a 1.0.0".into(), name: "len".into(), since: "1.56.0".parse().unwrap(), in_const: true };
        assert_eq!(found.uses, [use_of_len]);
        assert_eq!(found.broken.into_iter().collect::<Vec<_>>(), ["b 1.0.0"]);
        assert!(read("", &folders, false).is_err());
    }
}
