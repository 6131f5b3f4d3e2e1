// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The dependency that a cell cannot use, by cargo's and rustc's messages and vendored manifests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use serde_json::Value;

use crate::cell::compiler::Compiler;
use crate::host::log::first_error;
use crate::project::vendor::Vendor;
use crate::project::version::numbers;
use crate::resolve::constraints::{HeldBack, BUILD_SCRIPT};

/// Returns the package of which every allowed version needs a newer compiler, from a line as `Adding criterion v0.8.2
/// (requires Rust 1.86)`.
pub fn hopeless(line: &str) -> Option<HeldBack> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (requires ")?;
    let (name, version) = package.split_once(" v")?;
    let reason = format!("it states that it needs {}, and so do all allowed versions", rest.trim_end_matches(')'));
    Some(HeldBack { name: name.to_string(), version: version.to_string(), reason: reason.into() })
}

/// Returns why cargo holds a package back, from a line as `Adding libc v0.2.163 (available: v0.2.191, requires Rust
/// 1.65)`.
pub fn stated(line: &str) -> Option<String> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (available: v")?;
    let (newest, needs) = rest.trim_end_matches(')').split_once(", requires ")?;
    let (name, version) = package.split_once(" v")?;
    Some(format!("{name} {newest} at {version}: it states that it needs {needs}"))
}

/// Returns whether an error means that a crate is missing.
pub fn lacks_a_crate(error: &str) -> bool {
    ["error[E0432]", "error[E0433]", "error[E0463]"].iter().any(|code| error.starts_with(code))
}

/// Returns whether the messages have an error that no dependency causes: a feature of the language or of std that the
/// compiler lacks, or a missing file, unless a build script makes it.
pub fn is_of_no_dependency(log: &str) -> bool {
    log.lines().any(|line| {
        let imports = line.strip_prefix("error[E0432]: unresolved import");
        line.starts_with("error[E0658]")
            || line.strip_prefix("error: couldn't read ").map_or(false, |path| !path.trim_matches('`').starts_with('/'))
            || imports
                .map_or(false, |rest| ["std", "core", "alloc"].iter().any(|of| rest.contains(&format!("`{of}::"))))
    })
}

/// Returns whether an error is in a macro's expansion.
pub fn is_of_macro(log: &str) -> bool {
    let mut in_error = false;
    log.lines().any(|line| {
        if line.starts_with("error") || line.starts_with("warning") {
            in_error = line.starts_with("error");
        }
        in_error && line.contains("= note: this error originates in ")
    })
}

/// Has cargo read every given manifest, and prints its message about each that it cannot read after a record separator.
const READ: &str = r#"
for manifest; do
    said=$(cargo read-manifest --manifest-path "$manifest" 2>&1 >/dev/null) || printf '\036%s\n' "$said"
done
"#;

/// Manifests that the cell's cargo has read.
pub type Known = BTreeMap<PathBuf, Vec<u8>>;

/// Returns the vendored packages whose manifests the cell's cargo cannot read. A single one keeps it from using the
/// others.
pub fn unreadable(vendor: &Vendor, compiler: &Compiler, known: &mut Known) -> Result<Vec<HeldBack>> {
    let mut new = Known::new();
    for path in vendor.manifests()? {
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if known.get(&path) != Some(&text) {
            new.insert(path, text);
        }
    }
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let manifests: Vec<PathBuf> = new.keys().cloned().collect();
    let unread = unread_of(vendor.folder(), &manifests, vendor.set(), compiler)?;
    for HeldBack { name, version, .. } in &unread {
        new.retain(|path, _| !path.ends_with(format!("{name}-{version}/Cargo.toml")));
    }
    known.extend(new);
    Ok(unread)
}

fn unread_of(
    folder: &Path,
    manifests: &[PathBuf],
    set: &[(String, String)],
    compiler: &Compiler,
) -> Result<Vec<HeldBack>> {
    let output = compiler
        .command("sh", folder, &[(folder, folder)], &[])
        .args(["-c", READ, "sh"])
        .args(manifests)
        .output()
        .context("cannot start the cell's cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the cell's cargo cannot be started: {}", first_error(&said));
    let records = String::from_utf8_lossy(&output.stdout);
    let blamed = |said: &str| culprit(said, set).with_context(|| format!("cargo cannot be run: {}", first_error(said)));
    records.split('\u{1e}').skip(1).map(blamed).collect()
}

/// The errors of names that nothing has.
const UNRESOLVED: [&str; 4] = ["E0412", "E0425", "E0432", "E0433"];

/// Returns whether an error is a name that nothing has and a procedural macro wrote: by a note, or because the name is
/// not where the error is. The compiler's own derive macros write no such names, and those of `macro_rules!` have an
/// expansion.
fn is_of_derive(message: &Value) -> bool {
    if !UNRESOLVED.contains(&message["code"]["code"].as_str().unwrap_or("")) {
        return false;
    }
    let rendered = message["rendered"].as_str().unwrap_or("");
    if ["a", "the"].iter().any(|article| rendered.contains(&format!("error originates in {article} derive macro"))) {
        return true;
    }
    let names = || message["message"].as_str().unwrap_or("").split('`').skip(1).step_by(2);
    let place = message["spans"].as_array().into_iter().flatten().find(|span| span["is_primary"] == true);
    place.map_or(false, |place| {
        let text = place["text"][0]["text"].as_str().unwrap_or("");
        let is_elsewhere = names().count() > 0 && !names().any(|name| text.contains(name));
        place["expansion"].is_null() && !text.is_empty() && is_elsewhere
    })
}

/// cargo's output with `--message-format=json`: the readable text, and the first error of each package that did not
/// compile, by name and version.
pub struct Messages {
    pub text: String,
    pub errors: Vec<HeldBack>,
    /// Those of them whose error is a name that a derive macro wrote and nothing has: the macro is newer than the
    /// library for which it writes.
    of_derive: Vec<HeldBack>,
}

impl Messages {
    /// Parses messages and the text between them.
    pub fn read(log: &str) -> Messages {
        let mut messages = Messages { text: String::new(), errors: Vec::new(), of_derive: Vec::new() };
        for line in log.lines() {
            let value: Value = match line.starts_with('{').then(|| serde_json::from_str(line)) {
                Some(Ok(value)) => value,
                _ => {
                    messages.text.push_str(line);
                    messages.text.push('\n');
                    continue;
                }
            };
            let message = &value["message"];
            messages.text.push_str(message["rendered"].as_str().unwrap_or(""));
            if let (Some("error"), Some((name, version))) =
                (message["level"].as_str(), value["package_id"].as_str().and_then(package_of))
            {
                let is_known = messages.errors.iter().any(|found| found.name == name && found.version == version);
                if !is_known {
                    let rendered = message["rendered"].as_str().unwrap_or("");
                    let found = HeldBack { name, version, reason: first_error(rendered).into() };
                    if is_of_derive(message) {
                        messages.of_derive.push(found.clone());
                    }
                    messages.errors.push(found);
                }
            }
        }
        messages
    }

    /// Returns the dependencies of a set that did not compile, or the macros that wrote what did not.
    pub fn culprits(&self, vendor: &Vendor, lock: &str) -> Result<Vec<HeldBack>> {
        let mut culprits = Vec::new();
        for found in &self.errors {
            let package = (found.name.clone(), found.version.clone());
            if !vendor.set().contains(&package) {
                continue;
            }
            let is_of_derive = self.of_derive.contains(found);
            let (macros, others) = if is_of_derive { vendor.macros_of(lock, &package)? } else { Default::default() };
            culprits.push(match &macros[..] {
                [of_macro] => {
                    // As serde, which from some release on has nothing for serde_derive on old compilers.
                    let library = others.iter().find(|(name, _)| of_macro.0.starts_with(&**name));
                    let newer = library.filter(|(_, version)| numbers(version) > numbers(&of_macro.1));
                    let (name, version) = newer.unwrap_or(of_macro).clone();
                    let why = format!("what a macro writes for {} does not compile: {}", found.name, found.reason);
                    HeldBack { name, version, reason: why.into() }
                }
                _ => found.clone(),
            });
        }
        Ok(culprits)
    }
}

/// Returns the name and version in a package's ID, in the formats before and from cargo 1.77 on:
/// `libc 0.2.163 (registry+…)` and `registry+…#libc@0.2.163`, or `path+file:///x/libc#0.2.163`.
fn package_of(id: &str) -> Option<(String, String)> {
    let (name, version) = match id.split_once('#') {
        Some((path, rest)) if !id.contains(' ') => {
            let folder = path.rsplit('/').next().unwrap_or(path);
            rest.split_once('@').unwrap_or((folder, rest))
        }
        _ => {
            let mut words = id.split(' ');
            (words.next()?, words.next()?)
        }
    };
    Some((name.to_string(), version.to_string()))
}

/// Returns why an old cargo cannot read a manifest, without the path of the cache, so that it is the same on every
/// machine.
fn unread(reason: &str) -> String {
    let why = match reason.strip_prefix("failed to parse manifest at `").and_then(|rest| rest.split_once("`: ")) {
        Some((_, why)) => why,
        None => return reason.to_string(),
    };
    let between = |before: &str, after: &str| Some(why.split_once(before)?.1.split_once(after)?.0);
    match (between("is older than the `", "` edition"), between("feature `", "` is required")) {
        (Some(edition), _) => format!("its edition is {edition}, which the cell's cargo does not know"),
        (_, Some(feature)) => format!("its manifest has `{feature}`, which the cell's cargo does not know"),
        _ => format!("the cell's cargo cannot read its manifest: {why}"),
    }
}

/// Returns the dependency that cargo's messages blame.
pub fn culprit(log: &str, set: &[(String, String)]) -> Option<HeldBack> {
    let quoted =
        |line: &str, after: &str| -> Option<String> { Some(line.split(after).nth(1)?.split('`').next()?.to_string()) };
    let why = first_error(log);
    for line in log.lines() {
        if let Some(package) = quoted(line, "error: package `").filter(|_| line.contains("requires rustc")) {
            // One that is used from a folder, or from git, is named with that.
            let mut words = package.split(' ');
            let package = (words.next()?.to_string(), words.next()?.strip_prefix('v')?.to_string());
            return set.contains(&package).then(|| HeldBack {
                name: package.0,
                version: package.1,
                reason: why.into(),
            });
        }
        // A package of a workspace is named with its folder.
        if let Some((name, version)) = quoted(line, BUILD_SCRIPT).as_deref().and_then(|named| named.split_once(" v")) {
            let package = (name.to_string(), version.to_string());
            return set.contains(&package).then(|| HeldBack {
                name: package.0,
                version: package.1,
                reason: why.into(),
            });
        }
        // Newer cargos list them all: `  clap@4.6.9 requires rustc 1.85`.
        if let Some((package, _)) = line.trim().split_once(" requires rustc ") {
            if let Some((name, version)) = package.split_once('@') {
                return Some(HeldBack {
                    name: name.into(),
                    version: version.into(),
                    reason: line.trim().to_string().into(),
                });
            }
        }
        if let Some(path) = quoted(line, "failed to parse manifest at `") {
            let folder = Path::new(&path).parent()?.file_name()?.to_str()?.to_string();
            let (name, version) = set.iter().find(|(name, version)| folder == format!("{name}-{version}"))?;
            return Some(HeldBack { name: name.clone(), version: version.clone(), reason: unread(&why).into() });
        }
    }
    let name = log.lines().find_map(|line| quoted(line, "could not compile `"))?;
    let of_name: Vec<&(String, String)> =
        set.iter().filter(|(n, _)| n.replace('_', "-") == name.replace('_', "-")).collect();
    // If a set has a package twice, the path in the messages decides.
    let one = of_name
        .iter()
        .find(|(name, version)| log.contains(&format!("/{name}-{version}/")))
        .or_else(|| of_name.first())?;
    Some(HeldBack { name: one.0.clone(), version: one.1.clone(), reason: why.into() })
}

/// A requirement that the cell's cargo interprets differently from the cargo that made the set: it finds other versions
/// than the lock file has, or none.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The dependency with the requirement, by name and version, if cargo names it.
    pub by: Option<(String, String)>,
    pub why: String,
}

/// cargo's messages when it refuses a set before it compiles anything.
const REFUSALS: [&str; 4] =
    ["failed to select a version for ", "no matching package ", "--locked was passed", "offline mode (--offline)"];

/// Returns whether cargo refuses a set, which is not a fault of the project's own code.
pub fn refusal(log: &str, set: &[(String, String)]) -> Option<Refusal> {
    if log.contains("could not compile `") || !REFUSALS.iter().any(|said| log.contains(said)) {
        return None;
    }
    let by = log.lines().find_map(|line| {
        let package = line.split("required by package `").nth(1)?.split('`').next()?;
        let (name, version) = package.split_once(" v")?;
        // The path or the registry follows.
        let version = version.split(' ').next()?;
        Some((name.to_string(), version.to_string()))
    });
    Some(Refusal { by: by.filter(|package| set.contains(package)), why: first_error(log) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn set() -> Vec<(String, String)> {
        vec![("libc".into(), "0.2.191".into()), ("proc-macro2".into(), "1.0.107".into())]
    }

    #[test]
    fn an_unreadable_manifest_is_found_among_others() {
        let folder = tempfile::tempdir().unwrap();
        let manifests = [("good-1", "1.0.0", "2018"), ("bad-1", "2.0.0", "2099")].map(|(name, version, edition)| {
            let package = folder.path().join(format!("{name}-{version}"));
            fs::create_dir_all(package.join("src")).unwrap();
            fs::write(package.join("src/lib.rs"), "").unwrap();
            let text = format!("[package]\nname = {name:?}\nversion = {version:?}\nedition = {edition:?}\n");
            fs::write(package.join("Cargo.toml"), text).unwrap();
            package.join("Cargo.toml")
        });
        let set = [("good-1", "1.0.0"), ("bad-1", "2.0.0")].map(|(name, version)| (name.into(), version.into()));
        let found = unread_of(folder.path(), &manifests, &set, &Compiler::Path).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((&*found[0].name, &*found[0].version), ("bad-1", "2.0.0"));
        let reason = found[0].reason.to_string();
        assert!(
            reason.starts_with("the cell's cargo cannot read its manifest: ") && reason.contains("2099"),
            "{reason}"
        );
        assert!(!reason.contains("/bad-1"), "{reason}");
    }

    #[test]
    fn what_an_old_cargo_does_not_know_is_named() {
        let said = |why: &str| unread(&format!("failed to parse manifest at `/v/a-1.0.0/Cargo.toml`: {why}"));
        let edition =
            "this version of Cargo is older than the `2021` edition, and only supports `2015` and `2018` editions.";
        assert_eq!(said(edition), "its edition is 2021, which the cell's cargo does not know");
        assert_eq!(
            said("feature `resolver` is required"),
            "its manifest has `resolver`, which the cell's cargo does not know"
        );
        assert_eq!(said("x"), "the cell's cargo cannot read its manifest: x");
    }

    #[test]
    fn the_package_whose_message_it_is_is_blamed() {
        let message = |id: &str, level: &str| {
            let rendered = format!("{level}[E0658]: unstable\n  --> x\n");
            serde_json::json!({"reason": "compiler-message", "package_id": id,
                "message": {"level": level, "rendered": rendered}})
            .to_string()
        };
        let log = [
            "   Compiling futures v0.3.31".to_string(),
            message("winapi-util 0.1.6 (registry+https://x)", "error"),
            message("registry+https://x#proc-macro2@1.0.107", "error"),
            message("path+file:///home/y/own#0.1.0", "error"),
            message("registry+https://x#libc@0.2.191", "warning"),
            "error: could not compile `futures`.".to_string(),
        ];
        let messages = Messages::read(&log.join("\n"));
        let names: Vec<_> = messages.errors.iter().map(|e| format!("{} {}", e.name, e.version)).collect();
        assert_eq!(names, ["winapi-util 0.1.6", "proc-macro2 1.0.107", "own 0.1.0"]);
        assert!(messages.of_derive.is_empty());
        assert_eq!(first_error(&messages.text), "error[E0658]: unstable");
    }

    #[test]
    fn a_name_that_a_macro_wrote_is_not_where_its_error_is() {
        let of = |code: &str, text: &str, expansion: Value, note: &str| {
            is_of_derive(&serde_json::json!({
                "code": { "code": code }, "message": "failed to resolve: could not find `de` in `__private`",
                "rendered": note, "level": "error",
                "spans": [{ "is_primary": true, "expansion": expansion, "text": [{ "text": text }] }]
            }))
        };
        assert!(of("E0433", "        value: f64,", Value::Null, ""));
        assert!(!of("E0433", "    serde::__private::de::f(value)", Value::Null, ""));
        assert!(!of("E0308", "        value: f64,", Value::Null, ""));
        assert!(!of("E0433", "        own!(value);", serde_json::json!({ "macro_decl_name": "own!" }), ""));
        let note = "= note: this error originates in the derive macro `Deserialize`";
        assert!(of("E0433", "#[derive(Deserialize)]", serde_json::json!({}), note));
    }

    #[test]
    fn the_package_that_does_not_compile_is_blamed() {
        let log = "error[E0658]: unstable\nerror: aborting\nerror: could not compile `proc-macro2`.\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("proc-macro2", "1.0.107"));
        assert_eq!(culprit("error: could not compile `our-own`", &set()), None);
    }

    #[test]
    fn the_package_whose_build_script_fails_is_blamed() {
        let log =
            "error: failed to run custom build command for `libc v0.2.191`\n\nCaused by:\n  process didn't exit\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!((&*found.name, &*found.version), ("libc", "0.2.191"));
        assert!(
            found.reason.with_mend().ends_with("add that to the cell's `packages`"),
            "{}",
            found.reason.with_mend()
        );
        assert_eq!(culprit(&log.replace("0.2.191", "0.2.191 (/own)"), &set()), None);
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
        assert_eq!(culprit(&log.replace("191", "191 (https://x#1)"), &set()).unwrap().version, "0.2.191");
        assert_eq!(culprit(&log.replace("libc", "own"), &set()), None);
    }

    #[test]
    fn newer_cargos_list_of_packages_is_read() {
        let log =
            "error: rustc 1.78.0 is not supported by the following packages:\n  libc@0.2.191 requires rustc 1.80\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!(
            (&*found.name, &*found.version, &*found.reason.to_string()),
            ("libc", "0.2.191", "libc@0.2.191 requires rustc 1.80")
        );
    }

    #[test]
    fn a_package_too_new_in_every_version_is_known_from_the_index() {
        let found = hopeless("      Adding criterion v0.8.2 (requires Rust 1.86)").unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("criterion", "0.8.2"));
        assert!(found.reason.to_string().contains("Rust 1.86,"), "{}", found.reason);
        assert_eq!(hopeless("      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)"), None);
    }

    #[test]
    fn what_the_index_states_is_a_reason() {
        let line = "      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)";
        assert_eq!(stated(line).unwrap(), "libc 0.2.191 at 0.2.163: it states that it needs Rust 1.65");
        assert_eq!(stated("      Adding autocfg v1.5.1"), None);
    }

    #[test]
    fn an_error_of_a_macro_says_so() {
        let old = "error: not yet stable as a const fn\n --> x:1:48\n  |\n1 | const A: &CStr = cstr!(x);\n  |\n\
                   \x20 = note: this error originates in a macro (in Nightly builds, run with x)\n\nerror: aborting\n";
        assert!(is_of_macro(old) && is_of_macro(&old.replace("a macro", "the macro `cstr`")));
        assert!(!is_of_macro(&old.replacen("error:", "warning:", 1)) && !is_of_macro("error: x\n"));
    }

    #[test]
    fn a_refused_set_is_the_fault_of_whose_requirement_it_is() {
        let set = [("winapi-util".to_string(), "0.1.11".to_string())];
        let log = "error: failed to select a version for the requirement `windows-sys = \">=0.48.0, 0.61.*\"`\n\
                   candidate versions found which didn't match: 0.48.0\n\
                   required by package `winapi-util v0.1.11`\n    ... which is depended on by `x v1.4.1 (/x)`\n\
                   As a reminder, you're using offline mode (--offline) which can\n";
        let found = refusal(log, &set).unwrap();
        assert_eq!(found.by.as_ref(), Some(&set[0]));
        assert!(found.why.ends_with("`windows-sys = \">=0.48.0, 0.61.*\"`"), "{}", found.why);
        // The project's own package is not in the set.
        assert_eq!(refusal(&log.replace("winapi-util v0.1.11", "x v1.4.1 (/x)"), &set).unwrap().by, None);
        let locked = "error: the lock file /x/Cargo.lock needs to be updated but --locked was passed to prevent this\n";
        assert_eq!(refusal(locked, &set).unwrap().by, None);
        assert_eq!(refusal("error[E0658]: no matching package x\nerror: could not compile `x`.\n", &set), None);
        assert_eq!(refusal("error[E0658]: unstable\n", &set), None);
    }
}
