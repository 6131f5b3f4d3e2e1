// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The manifests of a workspace, copied and rewritten for cargo to resolve in another folder, and for a cell to read.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml_edit::{value, Array, Document, Item, Table, TableLike};

use crate::project::reduced::LeftOut;
use crate::project::version::Version;
use crate::project::workspace::Package;

/// The keys of a manifest that decide which dependencies there are.
const KEPT: [&str; 10] = [
    "package",
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    "dev_dependencies",
    "build_dependencies",
    "target",
    "features",
    "workspace",
    "patch",
];

/// Those keys of the section `package`.
const KEPT_OF_PACKAGE: [&str; 4] = ["name", "version", "edition", "resolver"];

/// The sections, besides those of dependencies, that name packages.
const NAMING: [&str; 4] = ["target", "patch", "replace", "workspace"];

/// A copy of a workspace in which cargo resolves: manifests reduced to the keys that decide on dependencies, and no
/// sources.
pub struct BareCopy<'a> {
    /// The compiler that each package's manifest is made to require.
    pub rustc: &'a str,
    /// A folder of the copy that becomes a further package of the workspace.
    pub holder: Option<&'a str>,
    pub left: &'a LeftOut<'a>,
}

impl BareCopy<'_> {
    /// Writes the workspace at `root` into the folder `copy`, without its sources.
    pub fn write(&self, root: &Path, packages: &[Package], copy: &Path) -> Result<()> {
        let mut members: Vec<PathBuf> = Vec::new();
        for package in packages {
            let folder = place(root, package);
            let text = fs::read_to_string(&package.manifest_path)?;
            let manifest = self
                .bare(&text, &package.edition)
                .and_then(|text| with_paths(&text, package.folder(), root, packages, copy))
                .with_context(|| format!("{} is not understood", package.manifest_path.display()))?;
            write(&copy.join(&folder).join("Cargo.toml"), &manifest)?;
            write(&copy.join(&folder).join("src/lib.rs"), "")?;
            if folder != Path::new("") {
                members.push(folder);
            }
        }
        if let Some(holder) = self.holder {
            members.push(holder.into());
            write(&copy.join(holder).join("src/lib.rs"), "")?;
        }
        let path = copy.join("Cargo.toml");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            // A workspace whose root is not a package.
            Err(_) => with_paths(&fs::read_to_string(root.join("Cargo.toml"))?, root, root, packages, copy)?,
        };
        let mut manifest: Document = text.parse()?;
        let list: Array = members.iter().map(|m| m.to_string_lossy().into_owned()).collect();
        if !manifest.contains_key("workspace") {
            manifest["workspace"] = Item::Table(Table::new());
        }
        manifest["workspace"]["members"] = value(list);
        if let Some(workspace) = manifest["workspace"].as_table_like_mut() {
            workspace.remove("default-members");
        }
        write(&path, &manifest.to_string())
    }

    /// Returns a manifest with its dependencies, without its targets.
    fn bare(&self, text: &str, edition: &str) -> Result<String> {
        let mut manifest: Document = self.left.manifest(text)?.parse()?;
        keep(manifest.as_table_mut(), &KEPT);
        if let Some(package) = manifest.get_mut("package").and_then(Item::as_table_like_mut) {
            keep(package, &KEPT_OF_PACKAGE);
            package.insert("rust-version", value(self.rustc));
            // Packages that the compiler does not build need not support it, but cargo requires that.
            let newest = newest_edition(&self.rustc.parse()?);
            if edition > newest {
                package.insert("edition", value(newest));
            }
        }
        Ok(manifest.to_string())
    }
}

/// Returns the place of a package in a copy of the workspace at `root`. A member may be outside it.
pub fn place(root: &Path, package: &Package) -> PathBuf {
    match package.folder().strip_prefix(root) {
        Ok(inside) => inside.to_path_buf(),
        Err(_) => Path::new("outside").join(&package.name),
    }
}

/// Returns a manifest of a copy with adapted paths: members refer to the copy, others to their original places.
fn with_paths(text: &str, folder: &Path, root: &Path, packages: &[Package], copy: &Path) -> Result<String> {
    let mut manifest: Document = text.parse()?;
    let of = |path: &str| {
        let path = folder.join(path).canonicalize().ok()?;
        let is_it = |package: &&Package| package.folder().canonicalize().map_or(false, |folder| folder == path);
        Some(packages.iter().find(is_it).map_or_else(|| path.clone(), |package| copy.join(place(root, package))))
    };
    edit_paths(manifest.as_table_mut(), &of);
    Ok(manifest.to_string())
}

/// Edits each `path` in the sections that name packages.
fn edit_paths(table: &mut dyn TableLike, of: &dyn Fn(&str) -> Option<PathBuf>) {
    for (key, item) in table.iter_mut() {
        let is_section = key.ends_with("dependencies") || NAMING.contains(&&*key);
        if let (true, Some(table)) = (is_section, item.as_table_like_mut()) {
            edit_paths_below(table, of);
        }
    }
}

fn edit_paths_below(table: &mut dyn TableLike, of: &dyn Fn(&str) -> Option<PathBuf>) {
    if let Some(path) = table.get("path").and_then(Item::as_str).and_then(of) {
        table.insert("path", value(path.display().to_string()));
    }
    for (_, item) in table.iter_mut() {
        item.as_table_like_mut().into_iter().for_each(|table| edit_paths_below(table, of));
    }
}

/// Returns the newest edition that a compiler supports.
fn newest_edition(rustc: &Version) -> &'static str {
    match rustc {
        rustc if *rustc >= Version::release_of(1, 85) => "2024",
        rustc if *rustc >= Version::release_of(1, 56) => "2021",
        rustc if *rustc >= Version::release_of(1, 31) => "2018",
        _ => "2015",
    }
}

/// Removes all other keys.
fn keep(table: &mut dyn TableLike, keys: &[&str]) {
    let other: Vec<String> =
        table.iter().map(|(key, _)| key.to_string()).filter(|key| !keys.contains(&&**key)).collect();
    for key in other {
        table.remove(&key);
    }
}

/// Returns a manifest without its rust-version.
pub fn without_claim(text: &str) -> Result<String> {
    let mut manifest: Document = text.parse()?;
    if let Some(package) = manifest.get_mut("package").and_then(Item::as_table_like_mut) {
        package.remove("rust-version");
    }
    Ok(manifest.to_string())
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> String {
        let json = "{\"name\":\"x\",\"version\":\"1.0.0\",\"manifest_path\":\"/Cargo.toml\",\"features\":{},\
                    \"dependencies\":[{\"name\":\"b\",\"kind\":\"dev\",\"optional\":false}]}";
        let packages: [Package; 1] = [serde_json::from_str(json).unwrap()];
        let left = LeftOut::named(&packages, [&"b".to_string()]);
        BareCopy { rustc: "1.48.0", holder: None, left: &left }.bare(text, "2018").unwrap()
    }

    #[test]
    fn a_copied_manifest_keeps_its_dependencies_alone() {
        let text =
            "[package]\nname = \"x\"\nbuild = \"b.rs\"\nlinks = \"z\"\nautolib = false\n[lib]\npath = \"y.rs\"\n\
                    [lints.rust]\nunused = \"warn\"\n[dependencies]\nlibc = \"0.2\"\n[profile.dev]\n[badges.x]\n";
        let expected = "[package]\nname = \"x\"\nrust-version = \"1.48.0\"\n[dependencies]\nlibc = \"0.2\"\n";
        assert_eq!(bare(text), expected);
    }

    #[test]
    fn an_unknown_edition_becomes_the_newest_known() {
        let newest = |rustc: &str| newest_edition(&rustc.parse().unwrap());
        assert_eq!(["1.30", "1.48", "1.63", "1.85"].map(newest), ["2015", "2018", "2021", "2024"]);
        let copy = BareCopy { rustc: "1.63.0", holder: None, left: &LeftOut::named(&[], []) };
        let text = copy.bare("[package]\nedition.workspace = true\n", "2024").unwrap();
        assert!(text.contains("edition = \"2021\""), "{text}");
    }

    #[test]
    fn what_is_inherited_from_the_workspace_stays_so() {
        let text = "[package]\nname = \"x\"\nversion.workspace = true\nlicense.workspace = true\n\
                    [workspace.package]\nversion = \"1.0.0\"\n[dev-dependencies]\nb.workspace = true\nc.workspace = true\n";
        let bare = bare(text);
        assert!(bare.contains("version.workspace = true") && bare.contains("[workspace.package]"), "{bare}");
        assert!(!bare.contains("license") && !bare.contains("b.workspace") && bare.contains("c.workspace"), "{bare}");
    }

    #[test]
    fn a_copy_is_a_workspace_that_cargo_takes() {
        let root = tempfile::tempdir().unwrap();
        let manifest = "[package]\nname = \"x\"\nversion = \"1.0.0\"\nautolib = false\n[[bin]]\nname = \"y\"\n\
                        [dependencies]\nm = { path = \"m\" }\n[workspace]\ndefault-members = [\"m\"]\n";
        write(&root.path().join("Cargo.toml"), manifest).unwrap();
        write(&root.path().join("src/main.rs"), "fn main() {}").unwrap();
        write(&root.path().join("m/Cargo.toml"), "[package]\nname = \"m\"\nversion = \"1.0.0\"\n").unwrap();
        write(&root.path().join("m/src/lib.rs"), "").unwrap();
        let package = |name: &str| {
            let json = format!(
                "{{\"name\":\"x\",\"version\":\"1.0.0\",\"manifest_path\":{:?},\"features\":{{}},\"dependencies\":[]}}",
                root.path().join(name)
            );
            serde_json::from_str::<Package>(&json).unwrap()
        };
        let copy = tempfile::tempdir().unwrap();
        let packages = [package("Cargo.toml"), package("m/Cargo.toml")];
        let left = LeftOut::named(&packages, []);
        BareCopy { rustc: "1.85", holder: None, left: &left }.write(root.path(), &packages, copy.path()).unwrap();
        let mut command = crate::project::workspace::cargo();
        let output = command.args(["generate-lockfile", "--offline"]).current_dir(copy.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
