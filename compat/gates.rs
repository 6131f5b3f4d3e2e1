//! The gates: which cfg stands for which std feature, and the release that stabilised it.
//!
//! build.rs emits each cfg on compilers older than the release beside it. A cfg that is not set
//! means "the compiler has it", so a build that does not run build.rs gets the newest std.

/// `(cfg, minor)`: the cfg is set on every compiler older than `1.minor`, oldest gates first.
pub const GATES: &[(&str, u32)] = &[
    ("no_addr_of", 51),
    ("no_maybe_uninit_write", 55),
    ("no_const_cstr_unchecked", 59),
    ("no_ffi_c_types", 64),
    ("no_ptr_cast_mut", 65),
    ("no_const_zeroed", 75),
    ("no_ptr_from_ref", 76),
    ("no_offset_of", 77),
    ("no_diagnostic_on_unimplemented", 78),
    ("no_offset_of_nested", 82),
];

/// The number after `1.` in the `release:` line of `rustc -vV`.
///
/// Reads that line alone, because distributions and wrappers decorate the first one. `None` means
/// that there is no such line or that it does not begin with `1.` and a number.
pub fn minor_of(verbose_version: &str) -> Option<u32> {
    let release = verbose_version
        .lines()
        .filter_map(|line| strip_prefix(line, "release: "))
        .next()?;
    minor_of_release(release)
}

/// The number after `1.` in a release such as `1.48.0`, `1.97.0-nightly` or `1.100`.
pub fn minor_of_release(release: &str) -> Option<u32> {
    let mut parts = strip_prefix(release.trim(), "1.")?.split(|c: char| !c.is_ascii_digit());
    parts.next()?.parse().ok()
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    if text.starts_with(prefix) {
        Some(&text[prefix.len()..])
    } else {
        None
    }
}
