// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Casts of a pointer to the same type with other lifetimes. Older compilers relate the two, newer ones do not.

use std::ops::Range;

use super::source::{Change, File};

/// Leads a cast in these tokens, which follows another cast, through a pointer to nothing.
pub fn mend(file: &File, tokens: Range<usize>) -> Option<Change> {
    let is_cast = |i: usize| file.reads(i, &["as", "*"]) && ["mut", "const"].contains(&file.text(i + 2));
    let found = tokens.clone().filter(|i| is_cast(*i)).find_map(|first| {
        let second = file.find(first + 3, tokens.end, |i| ["as", ";", ","].contains(&file.text(i)))?;
        let through = file.reads(first + 3, &["("]) || file.reads(second + 3, &["("]);
        (is_cast(second) && !through).then_some(second)
    })?;
    let text = format!("as *{} () ", file.text(found + 2));
    Some(Change::at(file, found, "pointer cast to other lifetimes").insert(file.bytes(found..found + 1).start, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn a_second_cast_goes_through_nothing() {
        let made = |text: &str| rewritten(text, |file| mend(file, 0..file.len()));
        let after = "&mut *(x as *mut S as *mut () as *mut S::O)";
        assert_eq!(made("&mut *(x as *mut S as *mut S::O)"), after);
        for text in [after, "x as *const S; y as *const T", "x as *const S", "x as usize as *mut S"] {
            assert_eq!(made(text), text);
        }
    }
}
