//! Which dependency a cell cannot take: what cargo's and rustc's messages and vendored manifests say of it.

use std::fs;
use std::path::Path;

use anyhow::Result;
use toml_edit::{Document, Item};

use crate::held_back::HeldBack;
use crate::logged::first_error;
use crate::vendor::Vendor;
use crate::version::Version;

/// `Adding criterion v0.8.2 (requires Rust 1.86)`: every version that is allowed needs a newer compiler.
pub fn hopeless(line: &str) -> Option<HeldBack> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (requires ")?;
    let (name, version) = package.split_once(" v")?;
    let reason =
        format!("it states that it needs {}, and so do all versions that are allowed", rest.trim_end_matches(')'));
    Some(HeldBack { name: name.to_string(), version: version.to_string(), reason })
}

/// `Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)`
pub fn stated(line: &str) -> Option<String> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (available: v")?;
    let (newest, needs) = rest.trim_end_matches(')').split_once(", requires ")?;
    let (name, version) = package.split_once(" v")?;
    Some(format!("{name} {newest} at {version}: it states that it needs {needs}"))
}

/// Whether an error says that a crate is not there.
pub fn lacks_a_crate(error: &str) -> bool {
    ["error[E0432]", "error[E0433]", "error[E0463]"].iter().any(|code| error.starts_with(code))
}

/// Whether the messages name a feature of the language or of std that the compiler does not have.
pub fn is_language(log: &str) -> bool {
    log.lines().any(|line| line.starts_with("error[E0658]"))
}

/// A vendored package whose manifest the cell's cargo cannot read.
pub fn unreadable(vendor: &Vendor, rustc: &Version) -> Result<Option<HeldBack>> {
    for manifest in vendor.manifests()? {
        let text = fs::read_to_string(&manifest)?;
        let parsed: Document = match text.parse() {
            Ok(parsed) => parsed,
            Err(_) => continue,
        };
        let field = |name: &str| {
            parsed.get("package").and_then(|p| p.get(name)).and_then(Item::as_str).unwrap_or("").to_string()
        };
        let needs = match field("edition").as_str() {
            "2018" => "1.31.0",
            "2021" => "1.56.0",
            "2024" => "1.85.0",
            _ => "1.0.0",
        };
        if needs.parse::<Version>()? > *rustc {
            return Ok(Some(HeldBack {
                name: field("name"),
                version: field("version"),
                reason: format!("its edition {} needs {}", field("edition"), needs),
            }));
        }
    }
    Ok(None)
}

/// The dependency that cargo's messages blame.
pub fn culprit(log: &str, set: &[(String, String)]) -> Option<HeldBack> {
    let quoted =
        |line: &str, after: &str| -> Option<String> { Some(line.split(after).nth(1)?.split('`').next()?.to_string()) };
    let why = first_error(log);
    for line in log.lines() {
        if let Some(package) = quoted(line, "error: package `").filter(|_| line.contains("requires rustc")) {
            let (name, version) = package.split_once(" v")?;
            return Some(HeldBack { name: name.into(), version: version.into(), reason: why });
        }
        // Newer cargos list them all: `  clap@4.6.9 requires rustc 1.85`.
        if let Some((package, _)) = line.trim().split_once(" requires rustc ") {
            if let Some((name, version)) = package.split_once('@') {
                return Some(HeldBack { name: name.into(), version: version.into(), reason: line.trim().into() });
            }
        }
        if let Some(path) = quoted(line, "failed to parse manifest at `") {
            let folder = Path::new(&path).parent()?.file_name()?.to_str()?.to_string();
            let (name, version) = set.iter().find(|(name, version)| folder == format!("{name}-{version}"))?;
            return Some(HeldBack { name: name.clone(), version: version.clone(), reason: why });
        }
    }
    let name = log.lines().find_map(|line| quoted(line, "could not compile `"))?;
    let of_name: Vec<&(String, String)> =
        set.iter().filter(|(n, _)| n.replace('_', "-") == name.replace('_', "-")).collect();
    // Where a set has a package twice, the path in the messages tells which.
    let one = of_name
        .iter()
        .find(|(name, version)| log.contains(&format!("/{name}-{version}/")))
        .or_else(|| of_name.first())?;
    Some(HeldBack { name: one.0.clone(), version: one.1.clone(), reason: why })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> Vec<(String, String)> {
        vec![("libc".into(), "0.2.191".into()), ("proc-macro2".into(), "1.0.107".into())]
    }

    #[test]
    fn the_package_that_does_not_compile_is_blamed() {
        let log = "error[E0658]: unstable\nerror: aborting\nerror: could not compile `proc-macro2`.\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("proc-macro2", "1.0.107"));
        assert_eq!(culprit("error: could not compile `our-own`", &set()), None);
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_blamed_by_its_path() {
        let log = "error: failed to get `libc`\n  failed to parse manifest at `/v/libc-0.2.191/Cargo.toml`\n";
        assert_eq!(culprit(log, &set()).unwrap().name, "libc");
    }

    #[test]
    fn a_stated_rust_version_is_believed() {
        let log = "error: package `libc v0.2.191` cannot be built because it requires rustc 1.65 or newer\n";
        assert_eq!(culprit(log, &set()).unwrap().version, "0.2.191");
    }

    #[test]
    fn newer_cargos_list_of_packages_is_read() {
        let log =
            "error: rustc 1.78.0 is not supported by the following packages:\n  libc@0.2.191 requires rustc 1.80\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!(
            (&*found.name, &*found.version, &*found.reason),
            ("libc", "0.2.191", "libc@0.2.191 requires rustc 1.80")
        );
    }

    #[test]
    fn a_package_that_is_too_new_in_all_its_versions_is_known_from_the_index() {
        let found = hopeless("      Adding criterion v0.8.2 (requires Rust 1.86)").unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("criterion", "0.8.2"));
        assert!(found.reason.contains("Rust 1.86,"), "{}", found.reason);
        assert_eq!(hopeless("      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)"), None);
    }

    #[test]
    fn what_the_index_states_is_a_reason() {
        let line = "      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)";
        assert_eq!(stated(line).unwrap(), "libc 0.2.191 at 0.2.163: it states that it needs Rust 1.65");
        assert_eq!(stated("      Adding autocfg v1.5.1"), None);
    }
}
