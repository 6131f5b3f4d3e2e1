// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The project's own part in a search: a failure of its own code, and the dependencies that it can do without.

use crate::host::log::first_error;
use crate::project::workspace::{Dependency, Package};
use crate::resolve::constraints::BUILD_SCRIPT;
use crate::resolve::diagnosis::{is_of_macro, is_of_no_dependency};

/// The project's own code does not build.
pub struct Failure {
    pub why: String,
    /// Whether older dependencies can help.
    pub helpless: bool,
    /// Whether a macro's expansion does not compile.
    pub of_macro: bool,
    /// Whether a build script ran and failed.
    pub of_build_script: bool,
    /// The lock file with which everything except the tests builds.
    pub without_tests: Option<String>,
}

impl Failure {
    /// Returns the failure that cargo's messages tell of.
    pub fn of(text: &str) -> Failure {
        let why = first_error(text);
        let of_build_script = why.starts_with(BUILD_SCRIPT);
        Failure {
            why,
            helpless: is_of_no_dependency(text),
            of_macro: is_of_macro(text),
            of_build_script,
            without_tests: None,
        }
    }

    /// Returns whether an older version of a dependency can help. If everything except the tests builds, or nothing
    /// does, the others' dependencies are not to blame; but the tests may be the first to use a macro.
    pub fn blames(&self, dependency: &Dependency) -> bool {
        if self.of_build_script {
            return dependency.kind.as_deref() == Some("build");
        }
        let for_tests = dependency.kind.as_deref() == Some("dev");
        let in_tests = self.without_tests.is_some();
        for_tests == in_tests || in_tests && self.of_macro
    }
}

/// Returns whether only the project's tests, examples and benchmarks name a package.
pub fn is_for_tests(packages: &[Package], name: &str) -> bool {
    is_named_only(packages, name, |_, dependency| dependency.kind.as_deref() == Some("dev"))
}

/// Returns whether everything except the tests builds without a package, with these sets of features.
pub fn is_dispensable(packages: &[Package], sets: &[String], name: &str) -> bool {
    is_named_only(packages, name, |package, dependency| {
        dependency.kind.as_deref() == Some("dev") || !package.builds_with(dependency, sets)
    })
}

/// Returns whether the project names a package, and only as a dependency of that kind.
fn is_named_only(packages: &[Package], name: &str, kind: impl Fn(&Package, &Dependency) -> bool) -> bool {
    let all = packages.iter().flat_map(|package| package.dependencies.iter().map(move |d| (package, d)));
    let mut named = all.filter(|(_, dependency)| dependency.name == name).peekable();
    named.peek().is_some() && named.all(|(package, dependency)| kind(package, dependency))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a package with the features `default`, empty, and `big`, which enables the dependency `optional`.
    fn package(dependencies: &[(&str, Option<&str>, bool)]) -> Package {
        let dependencies: Vec<serde_json::Value> = dependencies
            .iter()
            .map(|(name, kind, optional)| serde_json::json!({"name": name, "kind": kind, "optional": optional}))
            .collect();
        serde_json::from_value(serde_json::json!({
            "name": "a",
            "version": "1.0.0",
            "manifest_path": "Cargo.toml",
            "features": {"default": [], "big": ["optional"]},
            "dependencies": dependencies,
        }))
        .unwrap()
    }

    #[test]
    fn a_package_is_for_tests_if_they_alone_name_it() {
        let tests = package(&[("rand", Some("dev"), false)]);
        let both = package(&[("rand", None, false), ("rand", Some("dev"), false)]);
        assert!(is_for_tests(std::slice::from_ref(&tests), "rand"));
        assert!(!is_for_tests(&[tests, both], "rand"));
        assert!(!is_for_tests(&[package(&[])], "rand"));
    }

    #[test]
    fn a_macro_that_the_tests_use_may_be_to_blame() {
        let package = package(&[("cstr", None, true), ("rand", Some("dev"), false)]);
        let blamed = |of_macro, without_tests: Option<&str>| {
            let without_tests = without_tests.map(str::to_string);
            let failure = Failure { of_macro, without_tests, ..Failure::of("") };
            let names = package.dependencies.iter().filter(|dependency| failure.blames(dependency));
            names.map(|dependency| &*dependency.name).collect::<Vec<_>>()
        };
        assert_eq!(blamed(false, None), ["cstr"]);
        assert_eq!(blamed(true, None), ["cstr"]);
        assert_eq!(blamed(false, Some("")), ["rand"]);
        assert_eq!(blamed(true, Some("")), ["cstr", "rand"]);
    }

    #[test]
    fn older_dependencies_do_not_help_where_none_is_to_blame() {
        let helpless = |error: &str| Failure::of(&format!("warning: x\nerror[E0277]: x\n{error}\n")).helpless;
        assert!(helpless("error[E0658]: use of unstable library feature"));
        assert!(helpless("error: couldn't read `src/../assets/x.txt`: No such file or directory (os error 2)"));
        assert!(helpless("error: couldn't read src/x.txt: No such file or directory (os error 2)"));
        assert!(!helpless("error: couldn't read `/x/target/debug/build/own-1/out/x.rs`: No such file or directory"));
        assert!(helpless("error[E0432]: unresolved import `std::sync::OnceLock`"));
        assert!(helpless("error[E0432]: unresolved imports `rand::x`, `core::error`"));
        assert!(!helpless("error[E0432]: unresolved import `rand::core`"));
    }

    #[test]
    fn only_what_a_build_script_uses_makes_it_fail() {
        let package =
            package(&[("itoa", None, false), ("autocfg", Some("build"), false), ("rand", Some("dev"), false)]);
        let blamed = |text: &str| {
            let failure = Failure::of(text);
            let names = package.dependencies.iter().filter(|dependency| failure.blames(dependency));
            names.map(|dependency| &*dependency.name).collect::<Vec<_>>()
        };
        let failed = "error: failed to run custom build command for `own v0.1.0 (/own)`\n\nCaused by:\n  it panicked\n";
        assert_eq!(blamed(failed), ["autocfg"]);
        assert_eq!(blamed("error[E0425]: cannot find\n"), ["itoa", "autocfg"]);
    }

    #[test]
    fn a_package_is_dispensable_if_no_set_of_features_builds_it() {
        let packages = [package(&[("optional", None, true), ("needed", None, false), ("rand", Some("dev"), false)])];
        let is_dispensable = |sets: &[&str], name| {
            let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
            super::is_dispensable(&packages, &sets, name)
        };
        assert!(is_dispensable(&[""], "optional") && !is_dispensable(&["", "big"], "optional"));
        assert!(is_dispensable(&[""], "rand") && !is_dispensable(&[""], "needed"));
    }
}
