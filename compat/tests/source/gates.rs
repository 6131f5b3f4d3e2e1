//! The gates of build.rs.

use crate::gate_list::{minor_of, minor_of_release, GATES};

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
fn gates_are_in_order_and_above_the_floor() {
    assert!(GATES
        .iter()
        .all(|&(cfg, minor)| cfg.starts_with("no_") && minor > 48));
    let sorted = |pair: &[(&str, u32)]| (pair[0].1, pair[0].0) < (pair[1].1, pair[1].0);
    assert!(GATES.windows(2).all(sorted));
}

/// One cfg that is set shows that all newer gates are, because the compiler is older.
#[test]
fn the_gates_that_are_set_are_those_of_one_release() {
    let set = |cfg: &str| match cfg {
        "no_bool_then" => cfg!(no_bool_then),
        "no_ffi_c_types" => cfg!(no_ffi_c_types),
        "no_offset_of" => cfg!(no_offset_of),
        "no_assert_matches" => cfg!(no_assert_matches),
        _ => unreachable!("not among the chosen ones"),
    };
    let chosen = [
        "no_bool_then",
        "no_ffi_c_types",
        "no_offset_of",
        "no_assert_matches",
    ];
    for pair in chosen.windows(2) {
        assert!(
            !set(pair[0]) || set(pair[1]),
            "{} without {}",
            pair[0],
            pair[1]
        );
    }
}
