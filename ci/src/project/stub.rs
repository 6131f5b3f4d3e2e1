// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stubs: manifests without sources, in place of packages that a lock file has and nothing in a cell builds.
//! An old cargo reads the manifests of all sources, including those for other systems, and fails at the first that it
//! cannot read. A stub has the same dependencies and features, so that it agrees with the lock file. It requires the
//! locked versions, since versions of cargo interpret requirements like `<=0.61.*` differently.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml_edit::{value, Array, Document, Item, Table, TableLike};

use crate::project::manifest::write;

/// The library of a stub, whose build fails if the package is needed after all.
const SOURCE: &str = "compile_error!(\"this package is a stub: no cell was expected to build it\");\n";

/// The keys of a manifest that a stub keeps.
struct Kept {
    /// The sections that decide which packages a lock file has.
    sections: &'static [&'static str],
    /// The keys of a dependency that the first cargos know.
    keys: &'static [&'static str],
}

const OF_PACKAGES: Kept = Kept {
    sections: &["dependencies", "build-dependencies"],
    keys: &["version", "optional", "default-features", "features", "package"],
};

/// A member's test dependencies are in the lock file too, and its dependencies may be anywhere.
const OF_MEMBERS: Kept = Kept {
    sections: &["dependencies", "build-dependencies", TESTS],
    keys: &[
        "version",
        "optional",
        "default-features",
        "features",
        "package",
        "path",
        "git",
        "branch",
        "tag",
        "rev",
        "registry",
    ],
};

/// The section of dependencies that only a package's own tests need, which no feature names.
const TESTS: &str = "dev-dependencies";

/// The package's own manifest, kept beside its stub, since the stub depends on the lock file.
const WHOLE: &str = "whole.toml";

/// The dependencies of a package in a lock file: names, each with its versions.
pub type Locked = BTreeMap<String, Vec<String>>;

/// Replaces a vendored package with a stub.
pub fn put(package: &Path, locked: &Locked) -> Result<()> {
    let (path, whole) = (package.join("Cargo.toml"), package.join(WHOLE));
    if !whole.is_file() {
        fs::copy(&path, &whole).with_context(|| format!("cannot read {}", path.display()))?;
    }
    let text = fs::read_to_string(&whole).with_context(|| format!("cannot read {}", whole.display()))?;
    let stub = manifest(&text, locked, &OF_PACKAGES).map(|stub| stub.to_string());
    let stub = stub.with_context(|| format!("{} is not understood", path.display()))?;
    let checksums = package.join(".cargo-checksum.json");
    let sums = fs::read(&checksums).with_context(|| format!("cannot read {}", checksums.display()))?;
    let mut sums: serde_json::Value = serde_json::from_slice(&sums)?;
    sums["files"] = serde_json::json!({});
    write(&package.join("stub.rs"), SOURCE)?;
    write(&path, &stub)?;
    write(&checksums, &sums.to_string())
}

/// Returns the replacement for the manifest of a member that a cell does not build and its cargo cannot read. The
/// manifest may contain settings of the whole workspace.
pub fn of_member(text: &str) -> Result<String> {
    let whole: Document = text.parse()?;
    let mut stub = manifest(text, &Locked::new(), &OF_MEMBERS)?;
    // Any existing file will do: a target that is not built is not read.
    stub["lib"]["path"] = value("Cargo.toml");
    for targets in ["autobins", "autoexamples", "autotests", "autobenches"] {
        stub["package"][targets] = value(false);
    }
    for shared in ["workspace", "patch", "replace", "profile"] {
        whole.get(shared).into_iter().for_each(|item| stub[shared] = item.clone());
    }
    Ok(stub.to_string())
}

/// Returns the manifest of a stub for that of a package.
fn manifest(text: &str, locked: &Locked, kept: &Kept) -> Result<Document> {
    let whole: Document = text.parse()?;
    let mut stub = Document::new();
    for key in ["name", "version"] {
        if let Some(item) = whole.get("package").and_then(|package| package.get(key)) {
            stub["package"].or_insert(Item::Table(Table::new()))[key] = item.clone();
        }
    }
    stub["lib"] = Item::Table(Table::new());
    stub["lib"]["path"] = value("stub.rs");
    let mut all = Vec::new();
    dependencies(whole.as_table(), stub.as_table_mut(), locked, kept, &mut all);
    for (target, of) in whole.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
        let mut table = Table::new();
        if let Some(of) = of.as_table_like() {
            dependencies(of, &mut table, locked, kept, &mut all);
        }
        stub["target"].or_insert(Item::Table(Table::new()))[target] = Item::Table(table);
    }
    stub["features"] = Item::Table(Table::new());
    for (feature, entries) in whole.get("features").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter)
    {
        // An optional dependency implies a feature, and no other may have its name.
        if !all.iter().any(|named| named.optional && named.name == feature) {
            let entries = entries.as_array().into_iter().flatten().filter_map(|entry| entry.as_str());
            stub["features"][feature] =
                value(entries.filter_map(|entry| known(entry, &all, locked)).collect::<Array>());
        }
    }
    Ok(stub)
}

/// A dependency that features may name.
struct Named {
    name: String,
    /// The package's own name.
    real: String,
    optional: bool,
}

/// Returns an entry of a feature as the first cargos know it. Those of dependencies that only the package's own tests
/// need do not count. cargo writes into a lock file what `x?/y` names as if it were `x/y`, which not all cargos do.
fn known(entry: &str, all: &[Named], locked: &Locked) -> Option<String> {
    let (name, feature) = match entry.split_once('/') {
        None => return Some(entry.trim_start_matches("dep:").to_string()),
        Some(parts) => parts,
    };
    let (name, weak) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
    let mut named = all.iter().filter(|named| named.name == name).peekable();
    named.peek()?;
    let is_locked = locked.is_empty() || named.any(|named| locked.contains_key(&named.real));
    (!weak || is_locked).then(|| format!("{name}/{feature}"))
}

/// Copies the sections into a stub, and adds to `all` the dependencies that features may name.
fn dependencies(whole: &dyn TableLike, stub: &mut Table, locked: &Locked, kept: &Kept, all: &mut Vec<Named>) {
    for section_name in kept.sections {
        let section = match whole.get(section_name).and_then(Item::as_table_like) {
            Some(section) => section,
            None => continue,
        };
        let mut left = Table::new();
        for (name, dependency) in section.iter() {
            let real = dependency.get("package").and_then(Item::as_str).unwrap_or(name);
            // With two versions, the manifest's requirement decides.
            let exact = match locked.get(real).map(Vec::as_slice) {
                Some([version]) => Some(value(format!("={version}"))),
                _ => None,
            };
            left[name] = match dependency.as_table_like() {
                Some(table) => {
                    let mut known = Table::new();
                    for (key, item) in table.iter().filter(|(key, _)| kept.keys.contains(key)) {
                        known[key] = item.clone();
                    }
                    if let Some(exact) = exact {
                        known["version"] = exact;
                    }
                    Item::Table(known)
                }
                None => exact.unwrap_or_else(|| dependency.clone()),
            };
            let optional = dependency.get("optional").and_then(Item::as_bool) == Some(true);
            if *section_name != TESTS {
                all.push(Named { name: name.to_string(), real: real.to_string(), optional });
            }
        }
        stub[*section_name] = Item::Table(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "[package]\nname = \"x\"\nversion = \"1.0.0\"\nedition = \"2024\"\nlinks = \"x\"\nbuild = \"b.rs\"\n\
        [lib]\nproc-macro = true\n[dependencies]\na = \"1\"\n\
        [dependencies.b]\nversion = \"2\"\noptional = true\nlib = true\nfeatures = [\"f\"]\n\
        [dev-dependencies]\nc = \"1\"\n[target.\"cfg(windows)\".dependencies.d]\nversion = \"3\"\npackage = \"real\"\n\
        [features]\ndefault = [\"std\"]\nstd = [\"dep:b\", \"b?/std\", \"a/std\", \"c/all\"]\nb = [\"dep:b\", \"std\"]\n";

    #[test]
    fn a_stub_is_written_for_the_first_cargos() {
        let stub = manifest(TEXT, &Locked::new(), &OF_PACKAGES).unwrap();
        let text = stub.to_string();
        for gone in ["edition", "links", "build", "proc-macro", "dev-", "dep:", "?/"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        assert_eq!(stub["dependencies"]["a"].as_str(), Some("1"));
        assert_eq!(stub["dependencies"]["b"].as_table_like().unwrap().len(), 3);
        assert_eq!(stub["target"]["cfg(windows)"]["dependencies"]["d"]["package"].as_str(), Some("real"));
        let std: Vec<_> = stub["features"]["std"].as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
        assert_eq!(std, ["b", "b/std", "a/std"]);
        let without_b = [("a".to_string(), vec!["1.0.0".to_string()])].into();
        let stub = manifest(TEXT, &without_b, &OF_PACKAGES).unwrap();
        let std: Vec<_> = stub["features"]["std"].as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
        assert_eq!(std, ["b", "a/std"]);
        assert!(stub["features"].get("b").is_none());
    }

    #[test]
    fn a_members_stub_has_what_its_tests_need_and_the_paths() {
        let text = "[package]\nname = \"x\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[dependencies]\n\
                    b = { version = \"1\", optional = true }\nm = { path = \"../m\" }\n[dev-dependencies]\nc = \"1\"\n\
                    [target.\"cfg(unix)\".dev-dependencies]\nd = \"1\"\n[features]\nf = [\"dep:b\", \"b?/std\"]\n\
                    [workspace]\nmembers = [\"m\"]\n";
        let stub: Document = of_member(text).unwrap().parse().unwrap();
        assert_eq!(stub["dependencies"]["m"]["path"].as_str(), Some("../m"));
        assert_eq!(stub["dev-dependencies"]["c"].as_str(), Some("1"));
        assert_eq!(stub["target"]["cfg(unix)"]["dev-dependencies"]["d"].as_str(), Some("1"));
        assert_eq!(stub["workspace"]["members"].as_array().map(Array::len), Some(1));
        assert_eq!(stub["features"]["f"].as_array().unwrap().to_string().trim(), "[\"b\", \"b/std\"]");
        assert!(stub["package"].get("edition").is_none());
    }

    #[test]
    fn a_stub_stands_in_the_place_of_the_package() {
        let package = tempfile::tempdir().unwrap();
        write(&package.path().join("Cargo.toml"), TEXT).unwrap();
        write(&package.path().join(".cargo-checksum.json"), "{\"files\":{\"a\":\"1\"},\"package\":\"2\"}").unwrap();
        put(package.path(), &Locked::new()).unwrap();
        let sums = fs::read_to_string(package.path().join(".cargo-checksum.json")).unwrap();
        assert_eq!(sums, "{\"files\":{},\"package\":\"2\"}");
        let mut cargo = crate::project::workspace::cargo();
        let read = cargo.args(["read-manifest"]).current_dir(package.path()).output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        // Twice is once.
        let once = fs::read_to_string(package.path().join("Cargo.toml")).unwrap();
        put(package.path(), &Locked::new()).unwrap();
        assert_eq!(fs::read_to_string(package.path().join("Cargo.toml")).unwrap(), once);
    }

    #[test]
    fn a_stub_needs_what_is_locked() {
        let package = tempfile::tempdir().unwrap();
        write(&package.path().join("Cargo.toml"), TEXT).unwrap();
        write(&package.path().join(".cargo-checksum.json"), "{}").unwrap();
        let of = |names: &[(&str, &[&str])]| -> Document {
            let versions = |all: &[&str]| all.iter().map(|version| version.to_string()).collect();
            let locked = names.iter().map(|(name, all)| (name.to_string(), versions(all))).collect();
            put(package.path(), &locked).unwrap();
            fs::read_to_string(package.path().join("Cargo.toml")).unwrap().parse().unwrap()
        };
        let stub = of(&[("a", &["1.2.3"]), ("b", &["2.0.0", "2.1.0"]), ("real", &["3.0.1"])]);
        assert_eq!(stub["dependencies"]["a"].as_str(), Some("=1.2.3"));
        assert_eq!(stub["dependencies"]["b"]["version"].as_str(), Some("2"));
        assert_eq!(stub["target"]["cfg(windows)"]["dependencies"]["d"]["version"].as_str(), Some("=3.0.1"));
        // Another lock file results in another stub.
        assert_eq!(of(&[("a", &["1.2.4", "1.2.5"])])["dependencies"]["a"].as_str(), Some("1"));
    }
}
