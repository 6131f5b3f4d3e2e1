//! The gates: one cfg for each release of Rust, `before_1_53` on every compiler older than 1.53.
//!
//! An item that std has from 1.53 on stands under `#[cfg(before_1_53)]`. A cfg that is not set
//! means "the compiler has it", so a build that does not run build.rs gets the newest std.

/// The minor number of the first release that the floor lacks something of.
pub const FIRST: u32 = 49;

/// The minor number of the newest release that brought something.
pub const LAST: u32 = 96;

/// The cfg that is set on every compiler older than `1.minor`.
pub fn cfg(minor: u32) -> String {
    format!("before_1_{}", minor)
}

/// The number after `1.` in the `release:` line of `rustc -vV`.
///
/// Reads that line alone, because distributions and wrappers decorate the first one. `None` means
/// that there is no such line or that it does not begin with `1.` and a number.
pub fn minor_of(verbose_version: &str) -> Option<u32> {
    for line in verbose_version.lines() {
        if let Some(release) = line.strip_prefix("release: ") {
            return minor_of_release(release);
        }
    }
    None
}

/// The number after `1.` in a release such as `1.48.0`, `1.97.0-nightly` or `1.100`.
pub fn minor_of_release(release: &str) -> Option<u32> {
    let rest = release.trim().strip_prefix("1.")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}
