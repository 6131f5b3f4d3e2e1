// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `core::fmt`.

use core::fmt;

#[cfg(before_1_52)]
extension! {
    /// Methods of `fmt::Arguments` from Rust 1.52.
    ArgumentsAsStr for fmt::Arguments<'_>;
    /// The text, if it is known to have no arguments; always `None` here.
    fn as_str(&self) -> Option<&'static str> {
        None
    }
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `fmt::DebugStruct` from Rust 1.53.
    FinishNonExhaustive for fmt::DebugStruct<'_, '_>;
    /// Ends the output with `..`, for omitted fields.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    fn finish_non_exhaustive(&mut self) -> fmt::Result {
        // SAFETY: on the compilers that use this branch, all of them released, the builder has these parts in this
        // order; a test compares the output on each.
        let parts = unsafe { &mut *(self as *mut Self as *mut DebugStructParts<'_, '_>) };
        parts.result?;
        if !parts.has_fields {
            parts.formatter.write_str(" { .. }")
        } else if parts.formatter.alternate() {
            parts.formatter.write_str("    ..\n}")
        } else {
            parts.formatter.write_str(", .. }")
        }
    }
}

/// The fields of a `DebugStruct` before Rust 1.53.
#[cfg(before_1_53)]
#[repr(C)]
struct DebugStructParts<'a, 'b: 'a> {
    formatter: &'a mut fmt::Formatter<'b>,
    result: fmt::Result,
    has_fields: bool,
}

#[cfg(before_1_53)]
const_assert! {
    core::mem::size_of::<DebugStructParts<'_, '_>>() == core::mem::size_of::<fmt::DebugStruct<'_, '_>>()
}
