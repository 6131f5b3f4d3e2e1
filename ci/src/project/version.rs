// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Versions of compilers and emulators, which may be partial, and compatibility of crates' versions.

use std::fmt;
use std::str::FromStr;

use anyhow::{anyhow, Error, Result};
use serde::Deserialize;

/// One to three numbers. Compared as numbers: 1.100 comes after 1.99.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Version(Vec<u32>);

impl Version {
    /// Returns whether `found` is this version, as far as this one is given: 1.85 covers 1.85.1.
    pub fn covers(&self, found: &Version) -> bool {
        found.0.starts_with(&self.0)
    }

    pub fn release_of(major: u32, minor: u32) -> Version {
        Version(vec![major, minor])
    }

    /// Returns the first two numbers, on which an ABI or a lint depends.
    pub fn release(&self) -> Version {
        Version(self.0.iter().take(2).copied().collect())
    }

    /// Returns all three numbers, with zero for missing ones.
    pub fn full(&self) -> Version {
        let mut numbers = self.0.clone();
        numbers.resize(3, 0);
        Version(numbers)
    }

    /// Parses the output of `rustc -vV`. Distributions add suffixes to the first line, but not to the line `release:`.
    pub fn of_rustc(output: &str) -> Result<Version> {
        output
            .lines()
            .find_map(|line| line.strip_prefix("release:"))
            .and_then(leading_version)
            .ok_or_else(|| anyhow!("`rustc -vV` has no release line"))
    }

    /// Parses the output of `qemu-system-… --version`.
    pub fn of_qemu(output: &str) -> Result<Version> {
        output
            .split("QEMU emulator version ")
            .nth(1)
            .and_then(leading_version)
            .ok_or_else(|| anyhow!("`qemu-system --version` prints no version"))
    }
}

/// Parses the numbers at the start of a text and ignores the rest ("1.97.0-nightly", "5.2.0 (Debian …)").
fn leading_version(text: &str) -> Option<Version> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].trim_end_matches('.').parse().ok()
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Version> {
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match numbers {
            Ok(numbers) if numbers.len() <= 3 => Ok(Version(numbers)),
            _ => Err(anyhow!("\"{text}\" is not a version such as 1.48.0 or 7.2")),
        }
    }
}

impl TryFrom<String> for Version {
    type Error = Error;

    fn try_from(text: String) -> Result<Version> {
        text.parse()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

/// Returns the numbers of a crate's version, without suffixes.
pub fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or(version);
    plain.split('.').filter_map(|n| n.parse().ok()).collect()
}

/// Returns the numbers that compatible versions share.
pub fn line(version: &str) -> String {
    match numbers(version).as_slice() {
        [0, 0, patch, ..] => format!("0.0.{patch}"),
        [0, minor, ..] => format!("0.{minor}"),
        [major, ..] => major.to_string(),
        [] => String::new(),
    }
}

/// Returns the lowest numbers that a requirement of cargo's allows, such as 1.0.5 of `>=1.0.5, <2`.
pub fn lowest(requirement: &str) -> Vec<u64> {
    let bounds = requirement.split(',').map(str::trim).filter(|bound| !bound.starts_with('<'));
    bounds.map(|bound| numbers(bound.trim_start_matches(['=', '^', '~', '>', ' ']))).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_has_a_lowest_version() {
        let all = ["=1.0.229", "^1.0", ">=1.0.5, <2", "~1.2", "1.*", "*", "<2", "> 1.4"];
        let expected: [&[u64]; 8] = [&[1, 0, 229], &[1, 0], &[1, 0, 5], &[1, 2], &[1], &[], &[], &[1, 4]];
        assert_eq!(all.map(lowest), expected.map(<[u64]>::to_vec));
    }

    fn v(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_compared_not_letters() {
        assert!(v("1.100") > v("1.99.1"));
        assert!(v("10.0") > v("7.2"));
    }

    #[test]
    fn a_short_version_covers_the_longer_ones() {
        assert!(v("1.85").covers(&v("1.85.1")));
        assert!(!v("1.8").covers(&v("1.85.1")));
        assert!(!v("1.85.1").covers(&v("1.85")));
    }

    #[test]
    fn suffixes_of_distributions_are_ignored() {
        let output = "rustc 1.63.0 (Debian odd)\nbinary: rustc\nrelease: 1.63.0-dev\nLLVM version: 14.0.6\n";
        assert_eq!(Version::of_rustc(output).unwrap(), v("1.63.0"));
        let output = "QEMU emulator version 5.2.0 (Debian 1:5.2+dfsg-11+deb11u3)\nCopyright";
        assert_eq!(Version::of_qemu(output).unwrap(), v("5.2.0"));
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "1.x", "1..2", "1.2.3.4", "v1"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
        assert!(Version::of_rustc("rustc 1.48.0").is_err());
    }
}
