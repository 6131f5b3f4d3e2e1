// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! No advisory applies to a version in the lock files, unless there is a reason in `data/advisories.tsv`. That list is
//! kept by hand: an advisory missing there is not noticed.

use std::fs;
use std::path::Path;

/// The lock files of published packages.
const LOCKS: [&str; 2] = ["Cargo.lock", "ci/Cargo.lock"];

struct Advisory {
    id: &'static str,
    package: &'static str,
    /// The first version without the fault.
    mended: Option<Vec<u64>>,
    reason: Option<&'static str>,
}

fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or(version);
    release.split('.').map(|number| number.parse().expect("a number of a version")).collect()
}

fn advisories(list: &'static str) -> Vec<Advisory> {
    let rows = list.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| match row[..] {
        [id, package, mended, _, reason] => Advisory {
            id,
            package,
            mended: Some(mended).filter(|mended| *mended != "-").map(numbers),
            reason: Some(reason).filter(|reason| *reason != "-"),
        },
        _ => panic!("five columns: {row:?}"),
    })
    .collect()
}

/// Returns names and versions in a lock file.
fn locked(text: &str) -> Vec<(&str, Vec<u64>)> {
    let value = |line: &'_ str| line.split('"').nth(1).map(str::len).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[0].starts_with("name = ") && pair[1].starts_with("version = "));
    pairs.map(|pair| (&pair[0][8..8 + value(pair[0])], numbers(&pair[1][11..11 + value(pair[1])]))).collect()
}

/// Returns the versions in a lock file with an advisory and without a reason, and the reasons that apply.
fn held_against(advisories: &[Advisory], text: &str) -> (Vec<String>, Vec<&'static str>) {
    let (mut open, mut borne) = (Vec::new(), Vec::new());
    for (name, version) in locked(text) {
        for advisory in advisories.iter().filter(|advisory| advisory.package == name) {
            if advisory.mended.as_ref().map_or(true, |mended| version < *mended) {
                match advisory.reason {
                    Some(_) => borne.push(advisory.id),
                    None => open.push(format!("{name} {version:?}: {}", advisory.id)),
                }
            }
        }
    }
    (open, borne)
}

#[test]
fn each_advisory_on_a_locked_crate_has_a_reason() {
    let advisories = advisories(include_str!("data/advisories.tsv"));
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project");
    let mut all = Vec::new();
    for lock in LOCKS {
        let text = fs::read_to_string(project.join(lock)).expect("a lock file");
        let (open, borne) = held_against(&advisories, &text);
        assert!(open.is_empty(), "{lock}: {}", open.join(", "));
        all.extend(borne);
    }
    for advisory in advisories.iter().filter(|advisory| advisory.reason.is_some()) {
        assert!(all.contains(&advisory.id), "{} has a reason, and no lock file has it any more", advisory.id);
    }
}

#[test]
fn a_version_before_the_mended_one_is_found() {
    let advisories = advisories("RUSTSEC-0000-0001\ta\t0.6.2\tbad\t-");
    let lock = |version: &str| format!("[[package]]\nname = \"a\"\nversion = \"{version}\"\n");
    assert_eq!(held_against(&advisories, &lock("0.5.3")).0, ["a [0, 5, 3]: RUSTSEC-0000-0001"]);
    assert!(held_against(&advisories, &lock("0.10.0")).0.is_empty());
}
