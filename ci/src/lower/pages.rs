// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Documentation from a page, such as the README: attributes can include one since 1.54. Before, its text is there as
//! comments, whose examples are tests as before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::plain;
use super::source::{Change, File, Kind};

/// The name of this pass.
pub const WHAT: &str = "page in the documentation";

/// Returns the attributes of a file that are nothing but the inclusion of a page, with its text in their place.
///
/// The others name the page: [`find_doc`](super::syntax).
pub fn find(file: &File, path: &Path, pages: &BTreeMap<PathBuf, String>) -> Vec<Change> {
    (0..file.len()).filter(|i| file.text(*i) == "#").filter_map(|i| included(file, i, path, pages)).collect()
}

fn included(file: &File, i: usize, path: &Path, pages: &BTreeMap<PathBuf, String>) -> Option<Change> {
    let (open, mark) = if file.text(i + 1) == "!" { (i + 2, "//!") } else { (i + 1, "///") };
    if !file.reads(open, &["[", "doc", "=", "include_str", "!"]) || file.kind(open + 5) != Some(Kind::Open) {
        return None;
    }
    let (name, end) = (open + 6, file.other(open));
    if file.other(open + 5) != name + 1 || end != name + 2 {
        return None;
    }
    let named = file.text(name).strip_prefix('"')?.strip_suffix('"')?;
    let page = pages.get(&plain(&path.parent()?.join(named)))?;
    let bytes = file.bytes(i..end + 1);
    let start = file.line_start(bytes.start);
    let indent = file.text.get(start..bytes.start).filter(|before| before.trim().is_empty())?;
    let lines = page.trim_end().lines().map(|line| format!("{mark} {line}").trim_end().to_string());
    let mut text = lines.collect::<Vec<_>>().join(&format!("\n{indent}"));
    // What is behind the attribute in its line is no comment.
    if !file.text[bytes.end..].trim_start_matches([' ', '\t'].as_slice()).starts_with(['\r', '\n'].as_slice()) {
        text += &format!("\n{indent}");
    }
    // A carriage return alone is an error in a comment, and so is text that changes direction.
    let refused =
        |c: char| c == '\r' || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    Some(Change::at(file, i, WHAT).replace(bytes, text)).filter(|_| !page.replace("\r\n", "\n").contains(refused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::Draft;

    fn lowered(text: &str, page: &str) -> String {
        let pages = [(PathBuf::from("README.md"), page.to_string())].into_iter().collect();
        let mut draft = Draft::new(text.to_string());
        draft.apply(find(&File::parse(text).unwrap(), Path::new("src/lib.rs"), &pages));
        draft.text
    }

    #[test]
    fn a_page_becomes_comments() {
        let page = "# A\r\n\n    code\n/ *//\n";
        let inner = "//! # A\n//!\n//!     code\n//! / *//\nfn f() {}\n";
        assert_eq!(lowered("#![doc = include_str!(\"../README.md\")]\nfn f() {}\n", page), inner);
        let outer = "mod m {\n    /// # A\n    ///\n    ///     code\n    /// / *//\n    struct S;\n}\n";
        assert_eq!(lowered("mod m {\n    #[doc = include_str!(\"../README.md\")]\n    struct S;\n}\n", page), outer);
        assert_eq!(lowered("#[doc = include_str!(\"../README.md\")] struct S;", "a"), "/// a\n struct S;");
    }

    #[test]
    fn what_is_not_only_a_page_stays() {
        let others = [
            "#![cfg_attr(doctest, doc = include_str!(\"../README.md\"))]",
            "#![doc = concat!(include_str!(\"../README.md\"), \"a\")]",
            "#![doc = include_str!(\"../NONE.md\")]",
            "#![doc = include_str!(concat!(\"../\", \"README.md\"))]",
            "#![doc = include_str!(r\"../README.md\")]",
            "fn f() {} #[doc = include_str!(\"../README.md\")] struct S;",
        ];
        for text in others {
            assert_eq!(lowered(text, "a"), text);
        }
        let text = "#![doc = include_str!(\"../README.md\")]\n";
        assert_eq!(lowered(text, "a\rb"), text);
        assert_eq!(lowered(text, "a\u{202e}b"), text);
        assert_eq!(lowered(text, ""), "\n");
    }
}
