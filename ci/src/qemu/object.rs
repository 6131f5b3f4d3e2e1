// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The shared object to plug into QEMU: a library or an example of the project, built in a cell.

use std::io::stderr;
use std::os::unix::io::AsFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{bail, ensure, Context, Result};

use crate::cell::workbench::{Ready, Workbench};
use crate::host::progress;
use crate::project::config::{Harness, Qemu};
use crate::project::workspace::{Package, Target};

/// A target to build, and its package.
type Found<'a> = (&'a Package, &'a Target);

/// Returns all targets that cargo builds as an object.
fn objects(packages: &[Package]) -> Vec<Found<'_>> {
    let targets = packages.iter().flat_map(|package| package.targets.iter().map(move |target| (package, target)));
    targets.filter(|(_, target)| target.is_object()).collect()
}

/// Returns whether a target is in its package's `tests/`, that is, contains tests that run inside QEMU.
fn is_of_tests((package, target): &Found) -> bool {
    target.is_example() && target.src_path.starts_with(package.folder().join("tests"))
}

/// Returns the example of that name.
fn example<'a>(packages: &'a [Package], name: &str) -> Result<Found<'a>> {
    let known = objects(packages);
    let found = known.iter().find(|(_, target)| target.is_example() && target.name == name);
    found.copied().with_context(|| {
        format!("there is no example {name} with crate-type = [\"cdylib\"]: correct it in msrv.toml, or in Cargo.toml")
    })
}

/// Returns the object to plug in: the example that msrv.toml names, or the only library or example that is an object.
fn plugin<'a>(packages: &'a [Package], qemu: &Qemu) -> Result<Found<'a>> {
    if let Some(name) = &qemu.example {
        return example(packages, name);
    }
    let mut known = objects(packages);
    known.retain(|found| !is_of_tests(found));
    if known.iter().any(|(_, target)| !target.is_example()) {
        known.retain(|(_, target)| !target.is_example());
    }
    match known[..] {
        [only] => Ok(only),
        [] => bail!(
            "no package here is a plugin: write `oldstable::plugin!(…);` and, in Cargo.toml, [lib] crate-type = \
             [\"cdylib\", \"rlib\"]"
        ),
        _ => {
            let names: Vec<&str> = known.iter().map(|(_, target)| target.name.as_str()).collect();
            bail!(
                "there are several plugins ({}): name one of them in msrv.toml, as `example` in [qemu]",
                names.join(", ")
            )
        }
    }
}

/// Returns the tests that run inside QEMU, and their machines: those that msrv.toml names, or by default each example
/// in `tests/` that is an object, on the machine `none`.
pub fn harnesses(ready: &Ready, qemu: &Qemu) -> Vec<Harness> {
    if !qemu.harness.is_empty() {
        return qemu.harness.clone();
    }
    let known = objects(&ready.packages);
    let tests = known.iter().filter(|found| is_of_tests(found));
    let harness = |(_, target): &Found| Harness {
        example: target.name.clone(),
        system: "aarch64".to_string(),
        // A client can connect.
        machines: vec!["none -qmp tcp:127.0.0.1:0,server=on,wait=off".to_string()],
    };
    tests.map(harness).collect()
}

/// Returns the command that builds an object of a package, and the resulting file.
///
/// `profile` is cargo's build folder: `debug`, with the features of the tests, or `release`, with the package's defaults.
fn command(bench: &Workbench, ready: &Ready, (package, target): Found, profile: &str) -> Result<(Command, PathBuf)> {
    let features = target.required_features.join(" ");
    let tested;
    let mut arguments = vec!["build"];
    match (profile, target.is_example()) {
        ("release", true) => arguments.extend(["--release", "--example", &target.name]),
        ("release", false) => arguments.extend(["--release", "--lib"]),
        // Tests may open the other examples.
        _ => {
            tested = bench.first_features(ready, package)?;
            arguments.push("--examples");
            arguments.extend(tested.iter().map(String::as_str));
        }
    }
    if !features.is_empty() {
        arguments.extend(["--features", &features]);
    }
    let command = bench.cargo(ready, package.folder(), &arguments)?;
    let folder = if target.is_example() { format!("{profile}/examples") } else { profile.to_string() };
    let file = format!("{folder}/lib{}.so", target.name.replace('-', "_"));
    Ok((command, bench.built(&ready.cell).join(file)))
}

/// Returns the command that builds an example as a shared object, and the resulting file.
pub fn example_build(bench: &Workbench, ready: &Ready, name: &str, profile: &str) -> Result<(Command, PathBuf)> {
    command(bench, ready, example(&ready.packages, name)?, profile)
}

/// Returns the command that builds the object to plug in, and the resulting file.
pub fn plugin_build(bench: &Workbench, ready: &Ready) -> Result<(Command, PathBuf)> {
    command(bench, ready, plugin(&ready.packages, bench.project.config.qemu()?)?, "release")
}

/// Builds the object for QEMU, with cargo's messages on standard error, and returns its path.
pub fn build(bench: &Workbench, ready: &Ready) -> Result<PathBuf> {
    let (mut command, object) = plugin_build(bench, ready)?;
    // An old cargo warns of each such key, before all else that a first build says.
    progress::note(&format!(
        "building with the rustc {} of cell {}; keys of Cargo.toml that its cargo does not know do no harm",
        ready.rustc, ready.cell.name
    ));
    let messages = stderr().as_fd().try_clone_to_owned().context("standard error is closed")?;
    let status = command.stdin(Stdio::null()).stdout(Stdio::from(messages)).status()?;
    if !status.success() {
        bail!("the object does not build with the rustc {} of cell {}", ready.rustc, ready.cell.name);
    }
    ensure!(object.is_file(), "cargo made no {}", object.display());
    Ok(object)
}

/// Returns a plugin's arguments: `replace=on` if it can replace the board's devices, and the user's.
pub fn arguments(qemu: &Qemu, given: &[String]) -> Result<String> {
    if let Some(bad) = given.iter().find(|argument| argument.contains(',') || argument.is_empty()) {
        bail!(
            "\"{bad}\" is not an argument of a plugin: give each argument as a separate --plugin-arg KEY=VALUE, \
            without commas"
        );
    }
    let replace = if qemu.types.is_empty() { None } else { Some("replace=on") };
    let all: Vec<&str> = replace.into_iter().chain(given.iter().map(String::as_str)).collect();
    Ok(all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(targets: &str) -> [Package; 1] {
        let text = format!(
            r#"{{"name":"p","version":"1.0.0","manifest_path":"/p/Cargo.toml","features":{{}},"dependencies":[],
                "rust_version":null,"targets":[{targets}]}}"#
        );
        [serde_json::from_str(&text).unwrap()]
    }

    const LIBRARY: &str =
        r#"{"name":"p","kind":["cdylib","rlib"],"crate_types":["cdylib","rlib"],"src_path":"/p/src/lib.rs"}"#;
    const TESTS: &str = r#"{"name":"t","kind":["example"],"crate_types":["cdylib"],"src_path":"/p/tests/t.rs"}"#;
    const EXAMPLE: &str = r#"{"name":"e","kind":["example"],"crate_types":["cdylib"],"src_path":"/p/examples/e.rs"}"#;

    #[test]
    fn the_library_is_plugged_in_or_else_the_only_example() {
        let found = |targets: &str, qemu: &Qemu| {
            plugin(&package(targets), qemu).map(|(_, target)| target.name.clone()).map_err(|error| error.to_string())
        };
        let none = Qemu::default();
        assert_eq!(found(&[LIBRARY, TESTS, EXAMPLE].join(","), &none).unwrap(), "p");
        assert_eq!(found(&[TESTS, EXAMPLE].join(","), &none).unwrap(), "e");
        assert!(found(TESTS, &none).unwrap_err().contains("crate-type"));
        let other = EXAMPLE.replace("\"e\"", "\"f\"");
        assert!(found(&[EXAMPLE, &other].join(","), &none).unwrap_err().contains("(e, f)"));
        let named = Qemu { example: Some("f".to_string()), ..Qemu::default() };
        assert_eq!(found(&[EXAMPLE, &other].join(","), &named).unwrap(), "f");
    }

    #[test]
    fn each_argument_of_a_plugin_is_one() {
        let given = ["step=3".to_string(), "address=1".to_string()];
        assert_eq!(arguments(&Qemu::default(), &given).unwrap(), "step=3,address=1");
        let replacing = Qemu { types: vec!["x".to_string()], ..Qemu::default() };
        assert_eq!(arguments(&replacing, &[]).unwrap(), "replace=on");
        assert!(arguments(&replacing, &["a=1,b=2".to_string()]).unwrap_err().to_string().contains("as a separate"));
    }
}
