// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of parse errors.

use crate::num::IntErrorKind;
use core::num::ParseIntError;

/// Methods of `ParseIntError` from Rust 1.55.
#[cfg(before_1_55)]
pub trait ParseIntErrorKind {
    /// Why the text is not an integer.
    fn kind(&self) -> &IntErrorKind;
}

#[cfg(before_1_55)]
impl ParseIntErrorKind for ParseIntError {
    #[inline]
    fn kind(&self) -> &IntErrorKind {
        // The kind is private; each has its own description, which a test checks on each compiler.
        static ALL: [(&str, IntErrorKind); 4] = [
            ("cannot parse integer from empty string", IntErrorKind::Empty),
            ("number too large to fit in target type", IntErrorKind::PosOverflow),
            ("number too small to fit in target type", IntErrorKind::NegOverflow),
            ("number would be zero for non-zero type", IntErrorKind::Zero),
        ];
        static OTHER: IntErrorKind = IntErrorKind::InvalidDigit;
        let found = ALL.iter().find(|(said, _)| says(self, said));
        found.map_or(&OTHER, |(_, kind)| kind)
    }
}

/// Whether an error's description equals a text.
#[cfg(before_1_55)]
#[inline]
fn says(error: &ParseIntError, text: &str) -> bool {
    /// The rest of the text.
    struct Rest<'a>(&'a str);
    impl core::fmt::Write for Rest<'_> {
        #[inline]
        fn write_str(&mut self, part: &str) -> core::fmt::Result {
            self.0 = self.0.strip_prefix(part).ok_or(core::fmt::Error)?;
            Ok(())
        }
    }
    let mut rest = Rest(text);
    core::fmt::write(&mut rest, format_args!("{}", error)).is_ok() && rest.0.is_empty()
}
