// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gates: one cfg for each release of Rust, `before_1_53` on every compiler older than 1.53.
//!
//! An item that std has from 1.53 on has `#[cfg(before_1_53)]`. A cfg that is not set means "the compiler has it", so a
//! build that does not run build.rs gets the newest std.

/// The minor number of the first release with items that the floor lacks.
pub const FIRST: u32 = 49;

/// The minor number of the newest release with new items.
pub const LAST: u32 = 96;

/// Returns the cfg that is set on every compiler older than `1.minor`.
pub fn cfg(minor: u32) -> String {
    format!("before_1_{}", minor)
}

/// Returns the number after `1.` in the `release:` line of `rustc -vV`.
///
/// Reads only that line, because distributions and wrappers change the first one. `None` means that there is no such
/// line or that it does not begin with `1.` and a number.
pub fn minor_of(verbose_version: &str) -> Option<u32> {
    let mut rest = verbose_version;
    while !rest.is_empty() {
        let end = first_that(rest, |byte| byte == b'\n');
        if let Some(release) = rest[..end].strip_prefix("release: ") {
            return minor_of_release(release);
        }
        rest = rest.get(end + 1..)?;
    }
    None
}

/// Returns the number after `1.` in a release such as `1.48.0`, `1.97.0-nightly` or `1.100`.
pub fn minor_of_release(release: &str) -> Option<u32> {
    let rest = release.trim().strip_prefix("1.")?;
    rest[..first_that(rest, |byte| !byte.is_ascii_digit())].parse().ok()
}

/// Returns the index of the first ASCII character that fulfils a condition, or the end.
fn first_that(text: &str, is: fn(u8) -> bool) -> usize {
    let mut at = 0;
    while at < text.len() && !is(text.as_bytes()[at]) {
        at += 1;
    }
    at
}
