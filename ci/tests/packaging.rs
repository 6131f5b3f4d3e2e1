// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The folders that become Debian's packages agree with each other and with the published crates, and each file says
//! its licence.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn debian() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../debian")
}

/// Returns the files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Returns the names with addresses in the packages' folders, and the lines about the places of the sources.
fn maintained(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut who, mut place) = (BTreeSet::new(), BTreeSet::new());
    for file in files(folder).iter().filter(|file| file.parent() != Some(folder)) {
        for line in fs::read_to_string(file).expect("text").lines() {
            let name = ["Maintainer: ", " -- ", "Author: "].iter().find_map(|start| line.strip_prefix(start));
            who.extend(name.map(|name| name.split_inclusive('>').next().unwrap_or(name).to_string()));
            place.extend(line.strip_prefix("Vcs-Git: ").map(str::to_string));
        }
    }
    (who, place)
}

#[test]
fn one_command_sets_who_maintains_all_packages() {
    assert_eq!(maintained(&debian()).0.len(), 1, "{:?}", maintained(&debian()).0);
    let copy = tempfile::tempdir().expect("a folder");
    let status = Command::new("cp").arg("--recursive").arg(debian()).arg(copy.path()).status().expect("cp runs");
    assert!(status.success());
    let readme = fs::read_to_string(debian().join("README.md")).expect("the page");
    let command = readme.lines().find_map(|line| line.strip_prefix("$ sh debian/set-maintainer")).expect("the command");
    let line = format!("sh debian/set-maintainer {command}");
    let status = Command::new("sh").args(["-c", &line]).current_dir(copy.path()).status().expect("a shell");
    assert!(status.success(), "{line}");
    let (who, place) = maintained(&copy.path().join("debian"));
    assert_eq!(who.into_iter().collect::<Vec<_>>(), ["A Name <name@example.org>"]);
    assert_eq!(place.into_iter().collect::<Vec<_>>(), ["https://salsa.debian.org/name/rust-oldstable.git"]);
}

#[test]
fn a_name_without_an_address_is_refused() {
    let script = debian().join("set-maintainer");
    let output = Command::new("sh").arg(script).args(["Nobody", "https://x.example/a.git"]).output().expect("a shell");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not of the form NAME <ADDRESS>"));
}

/// Programs that stand for other authors' code.
const OTHERS: [&str; 5] = ["ci/tests/data", "ci/tests/lower", "compat/tests/ui", "tests/consumers", "tests/ui"];

#[test]
fn each_source_file_says_its_licence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let licence_of = |package: &str| {
        let manifest = fs::read_to_string(root.join(package).join("Cargo.toml")).expect("a manifest");
        let line = manifest.lines().find_map(|line| line.strip_prefix("license = \""));
        line.and_then(|line| line.strip_suffix('"')).expect("a licence").to_string()
    };
    let (of_bindings, of_compat, of_tool) = (licence_of("."), licence_of("compat"), licence_of("ci"));
    let mut seen = 0;
    for folder in ["abi", "benches", "ci/src", "ci/tests", "compat", "examples", "fuzz", "src", "tests"] {
        for file in files(&root.join(folder)) {
            let name = file.strip_prefix(&root).expect("a file below the root");
            let built = name.components().any(|part| part.as_os_str() == "target");
            let others = OTHERS.iter().any(|folder| name.starts_with(folder));
            let elsewhere = fs::symlink_metadata(&file).expect("a file").file_type().is_symlink();
            if built || others || elsewhere || name.extension() != Some("rs".as_ref()) {
                continue;
            }
            let licence = match name {
                name if name.starts_with("compat") => &of_compat,
                name if name.starts_with("ci") => &of_tool,
                _ => &of_bindings,
            };
            let header = format!(
                "// SPDX-FileCopyrightText: 2026 the oldstable authors\n// SPDX-License-Identifier: {licence}\n"
            );
            let text = fs::read_to_string(&file).expect("text");
            assert!(text.starts_with(&header), "{} does not start with:\n{header}", name.display());
            seen += 1;
        }
    }
    assert!(seen > 500, "only {seen} files were found");
}

/// Returns the value of a field in a paragraph of a control file, whose further lines are indented.
fn field(paragraph: &str, name: &str) -> Option<String> {
    let mut lines = paragraph.lines().skip_while(|line| !line.starts_with(&format!("{name}:")));
    let first = lines.next()?.split_once(':')?.1.to_string();
    Some(lines.take_while(|line| line.starts_with(' ')).fold(first, |value, line| value + line))
}

/// Returns whether an alternative such as `qemu-system-arm (<< 1:5.3~) [!i386]` is fulfilled by a release of QEMU; on
/// another architecture than its own it is none.
fn is_fulfilled(alternative: &str, arch: &str, release: (u32, u32)) -> Option<bool> {
    let (wanted, applies) = match alternative.split_once('[') {
        Some((wanted, only)) => {
            let only = only.trim_end_matches(']');
            (wanted, only.strip_prefix('!').map_or(only == arch, |other| other != arch))
        }
        None => (alternative, true),
    };
    let bound = wanted.strip_prefix("qemu-system-arm (").filter(|_| applies)?.trim().trim_end_matches(')');
    let (relation, version) = bound.split_once(" 1:").expect("a bound with QEMU's epoch");
    let (major, minor) = version.trim_end_matches('~').split_once('.').expect("a release of two numbers");
    let version = (major.parse().unwrap(), minor.parse().unwrap());
    Some(match relation {
        ">=" => release >= version,
        "<<" => release < version,
        other => panic!("an unknown relation {other}"),
    })
}

#[test]
fn plugins_are_installed_beside_no_qemu_that_they_do_not_know() {
    let control = fs::read_to_string(debian().join("oldstable/control")).unwrap();
    let known = |arch: &str| if arch == "i386" { vec![(5, 2)] } else { vec![(5, 2), (7, 2), (10, 0), (11, 1)] };
    let between = [(5, 1), (5, 2), (6, 0), (7, 1), (7, 2), (8, 2), (9, 2), (10, 0), (10, 2), (11, 0), (11, 1), (11, 2)];
    let mut seen = Vec::new();
    for paragraph in control.split("\n\n").filter(|paragraph| paragraph.starts_with("Package: qemu-")) {
        let depends = field(paragraph, "Depends").expect("a plugin depends on its QEMU");
        for arch in field(paragraph, "Architecture").expect("each has one").split_whitespace() {
            let allows = |release: &(u32, u32)| {
                depends.split(',').map(str::trim).all(|alternatives| {
                    let mut asked = alternatives.split('|').filter_map(|one| is_fulfilled(one.trim(), arch, *release));
                    let first = asked.next();
                    first.map_or(true, |first| first || asked.any(|one| one))
                })
            };
            let allowed: Vec<(u32, u32)> = between.iter().copied().filter(allows).collect();
            assert_eq!(allowed, known(arch), "{arch}");
            seen.push(arch.to_string());
        }
    }
    // Its 32-bit ABI has not been checked elsewhere, so there is no package for armhf.
    assert_eq!(seen, ["amd64", "arm64", "i386", "amd64", "arm64", "i386"]);
}

/// Returns the features of a dependency that a line of a manifest asks for, by the names of Debian's packages.
fn features(line: &str) -> BTreeSet<String> {
    let list = line.split_once("features = [").and_then(|(_, rest)| rest.split_once(']'));
    let named =
        list.map_or("", |(list, _)| list).split(',').map(|name| name.trim().trim_matches('"').replace('_', "-"));
    let default = (!line.contains("default-features = false")).then(|| "default".to_string());
    named.filter(|name| !name.is_empty()).chain(default).collect()
}

#[test]
fn the_tool_is_built_with_what_its_manifest_asks_for() {
    let control = fs::read_to_string(debian().join("cargo-oldstable/control")).unwrap();
    let depends = field(&control, "Build-Depends").expect("build dependencies");
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("\n[dependencies]\n").expect("dependencies");
    let asked = rest.lines().take_while(|line| !line.is_empty()).map(|line| {
        let (name, _) = line.split_once(" = ").expect("a dependency");
        (name.replace('_', "-"), features(line))
    });
    let mut built: Vec<(String, BTreeSet<String>)> = Vec::new();
    for package in depends.split(',').filter_map(|package| package.trim().strip_prefix("librust-")) {
        // librust-serde-json-1+default-dev
        let (crate_, feature) = package.trim_end_matches("-dev").split_once('+').expect("a feature");
        let (name, _) = crate_.rsplit_once('-').expect("a version");
        match built.last_mut().filter(|(last, _)| last == name) {
            Some((_, features)) => drop(features.insert(feature.to_string())),
            None => built.push((name.to_string(), [feature.to_string()].into())),
        }
    }
    assert_eq!(built, asked.collect::<Vec<_>>());
}
