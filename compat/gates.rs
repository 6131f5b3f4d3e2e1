//! The gates: which cfg stands for which std feature, and the release that stabilised it.
//!
//! build.rs emits each cfg on compilers older than the release beside it. A cfg that is not set
//! means "the compiler has it", so a build that does not run build.rs gets the newest std.

/// `(cfg, minor)`: the cfg is set on every compiler older than `1.minor`, oldest gates first.
pub const GATES: &[(&str, u32)] = &[
    ("no_bool_then", 50),
    ("no_slice_fill", 50),
    ("no_addr_of", 51),
    ("no_unsigned_abs", 51),
    ("no_str_split_once", 52),
    ("no_int_bits", 53),
    ("no_option_insert", 53),
    ("no_maybe_uninit_write", 55),
    ("no_core_unwind_safe", 56),
    ("no_unsafe_cell_raw_get", 56),
    ("no_unwrap_unchecked", 58),
    ("no_const_cstr_unchecked", 59),
    // Constants before types among the parameters, as std orders them.
    ("no_const_generics_first", 59),
    ("no_abs_diff", 60),
    ("no_maybe_uninit_drop", 60),
    ("no_bool_then_some", 62),
    ("no_array_from_fn", 63),
    ("no_scoped_threads", 63),
    ("no_ffi_c_types", 64),
    ("no_const_eval_errors", 65),
    ("no_ptr_cast_mut", 65),
    ("no_black_box", 66),
    ("no_mixed_integer_ops", 66),
    ("no_ilog", 67),
    ("no_cstr_until_nul", 69),
    ("no_is_some_and", 70),
    ("no_is_terminal", 70),
    ("no_nonnull_slice", 70),
    ("no_once_cell", 70),
    ("no_cstr_is_empty", 71),
    ("no_int_roundings", 73),
    ("no_const_zeroed", 75),
    ("no_ptr_byte_offsets", 75),
    ("no_ptr_from_ref", 76),
    ("no_offset_of", 77),
    ("no_slice_first_chunk", 77),
    ("no_diagnostic_on_unimplemented", 78),
    ("no_cstr_count_bytes", 79),
    ("no_ptr_is_aligned", 79),
    ("no_lazy_cell", 80),
    ("no_nonnull_methods", 80),
    ("no_core_error", 81),
    ("no_is_none_or", 82),
    ("no_offset_of_nested", 82),
    ("no_strict_provenance", 84),
    ("no_fn_addr_eq", 85),
    ("no_is_multiple_of", 87),
    ("no_slice_as_chunks", 88),
    ("no_nonnull_from_ref", 89),
    ("no_assert_matches", 96),
];

/// The number after `1.` in the `release:` line of `rustc -vV`.
///
/// Reads that line alone, because distributions and wrappers decorate the first one. `None` means
/// that there is no such line or that it does not begin with `1.` and a number.
pub fn minor_of(verbose_version: &str) -> Option<u32> {
    let release = verbose_version
        .lines()
        .find_map(|line| line.strip_prefix("release: "))?;
    minor_of_release(release)
}

/// The number after `1.` in a release such as `1.48.0`, `1.97.0-nightly` or `1.100`.
pub fn minor_of_release(release: &str) -> Option<u32> {
    let mut parts = release
        .trim()
        .strip_prefix("1.")?
        .split(|c: char| !c.is_ascii_digit());
    parts.next()?.parse().ok()
}
