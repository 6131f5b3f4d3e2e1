// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Requirements such as `>=0.7` allow several lines of compatible versions. The workspace's own are bounded in the copy
//! in which cargo resolves, so that it takes the next line where the cell can use nothing of the newest.

use std::collections::BTreeMap;

use anyhow::Result;
use toml_edit::{value, Document, Item, TableLike};

use crate::project::version::{line, lowest, numbers};
use crate::project::workspace::Package;

/// The lowest lines that the cell can use in no version, by the packages' names.
pub type Bounds = BTreeMap<String, String>;

/// Bounds a package below the line of a version, if some requirement of these packages allows a lower one. Returns
/// whether that is new.
pub fn add(bounds: &mut Bounds, packages: &[Package], name: &str, version: &str) -> bool {
    let line = line(version);
    if bounds.get(name).map_or(false, |known| numbers(known) <= numbers(&line)) {
        return false;
    }
    let of = packages.iter().flat_map(|package| &package.dependencies).filter(|dependency| dependency.name == name);
    let allowed = of.into_iter().any(|dependency| is_above(&line, &dependency.req));
    if allowed {
        bounds.insert(name.to_string(), line);
    }
    allowed
}

/// Returns a manifest whose requirements do not allow these lines, where they allow lower ones.
pub fn put(bounds: &Bounds, manifest: &str) -> Result<String> {
    let mut manifest: Document = manifest.parse()?;
    put_below(bounds, manifest.as_table_mut());
    Ok(manifest.to_string())
}

fn put_below(bounds: &Bounds, table: &mut dyn TableLike) {
    for (key, item) in table.iter_mut() {
        let is_section = key.ends_with("dependencies");
        match item.as_table_like_mut() {
            Some(dependencies) if is_section => put_in_section(bounds, dependencies),
            Some(below) => put_below(bounds, below),
            None => {}
        }
    }
}

fn put_in_section(bounds: &Bounds, dependencies: &mut dyn TableLike) {
    for (key, item) in dependencies.iter_mut() {
        let name = item.get("package").and_then(Item::as_str).unwrap_or(&key).to_string();
        let bound = match bounds.get(&name) {
            Some(bound) => bound,
            None => continue,
        };
        let is_table = item.is_table_like();
        if is_table && item.get("version").is_none() {
            continue;
        }
        let requirement = if is_table { &mut item["version"] } else { item };
        let bounded = match requirement.as_str().map(str::trim) {
            Some(text) if !is_above(bound, text) => continue,
            // cargo refuses a star beside something else.
            Some("*") | None => format!("<{bound}"),
            Some(text) => format!("{text}, <{bound}"),
        };
        *requirement = value(bounded);
    }
}

/// Returns whether a requirement allows versions below a line.
fn is_above(line: &str, requirement: &str) -> bool {
    lowest(requirement) < numbers(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_allows_lower_lines_is_bounded() {
        let bounds: Bounds = [("a", "0.9"), ("b", "2")].map(|(name, line)| (name.to_string(), line.to_string())).into();
        let text = "[dependencies]\na = \">=0.7\"\nc = \"*\"\nr = { package = \"b\", version = \"*\" }\n\
                    [target.x.dev-dependencies]\na = \"0.9\"\nb.workspace = true\n\
                    [workspace.dependencies.b]\nversion = \">=1, <3\"\n";
        let expected = "[dependencies]\na = \">=0.7, <0.9\"\nc = \"*\"\nr = { package = \"b\", version = \"<2\" }\n\
                        [target.x.dev-dependencies]\na = \"0.9\"\nb.workspace = true\n\
                        [workspace.dependencies.b]\nversion = \">=1, <3, <2\"\n";
        assert_eq!(put(&bounds, text).unwrap(), expected);
    }

    #[test]
    fn each_bound_is_lower_than_the_one_before() {
        let dependencies = serde_json::json!([{ "name": "a", "req": ">=0.7", "optional": false }]);
        let package = serde_json::json!({ "name": "own", "version": "1.0.0", "manifest_path": "x", "features": {},
            "dependencies": dependencies });
        let packages = [serde_json::from_value(package).unwrap()];
        let mut bounds = Bounds::new();
        let versions = ["0.9.1", "0.9.0", "0.8.3", "0.9.1", "0.7.2"];
        let new = versions.map(|version| add(&mut bounds, &packages, "a", version));
        assert_eq!(new, [true, false, true, false, false]);
        assert!(!add(&mut bounds, &packages, "b", "1.0.0"));
    }
}
