// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gates of build.rs.

use crate::gate_list::{cfg, minor_of, minor_of_release, FIRST, LAST};

#[test]
fn the_release_line_is_read_and_no_other() {
    let debian = "rustc 1.63.0 (built from a source tarball) 9.9\nbinary: rustc\n\
        commit-hash: unknown\nhost: x86_64-unknown-linux-gnu\nrelease: 1.63.0\nLLVM version: 14.0.6\n";
    assert_eq!(minor_of(debian), Some(63));
    assert_eq!(minor_of("release: 1.97.0-nightly\n"), Some(97));
    assert_eq!(minor_of("release: 1.48.0-beta.3\r\n"), Some(48));
    assert_eq!(minor_of("rustc 1.48.0\n"), None);
    assert_eq!(minor_of("release: unknown\n"), None);
    assert_eq!(minor_of("release: 2.0.0\n"), None);
    assert_eq!(minor_of(""), None);
}

#[test]
fn releases_compare_as_numbers() {
    assert_eq!(minor_of_release("1.100"), Some(100));
    assert_eq!(minor_of_release("1.100.0"), Some(100));
    assert!(minor_of_release("1.99.1") < minor_of_release("1.100.0"));
    assert_eq!(minor_of_release("1."), None);
    assert_eq!(minor_of_release("1.x"), None);
}

#[test]
fn a_gate_is_named_for_its_release() {
    assert_eq!(cfg(FIRST), "before_1_49");
    assert!(FIRST < LAST);
}

/// If one cfg is set, all newer gates are set too, because the compiler is older than their releases.
#[test]
fn the_gates_that_are_set_are_those_of_one_release() {
    let set = |cfg: &str| match cfg {
        "before_1_50" => cfg!(before_1_50),
        "before_1_64" => cfg!(before_1_64),
        "before_1_77" => cfg!(before_1_77),
        "before_1_96" => cfg!(before_1_96),
        _ => unreachable!("not among the chosen ones"),
    };
    let chosen = ["before_1_50", "before_1_64", "before_1_77", "before_1_96"];
    for pair in chosen.windows(2) {
        assert!(!set(pair[0]) || set(pair[1]), "{} without {}", pair[0], pair[1]);
    }
}
