// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! lintian's output about a package.

use std::collections::BTreeSet;

/// Shows all tags with explanations; errors and warnings are failures.
pub const COMMAND: &str = "lintian --allow-root -EviI --pedantic --fail-on error --fail-on warning";

/// Returns lintian's tags, whatever their severity, that have no row in a file of answers.
pub fn unanswered<'a>(remarks: &'a str, answers: &str) -> Vec<&'a str> {
    tags(remarks).into_iter().filter(|tag| !answers.contains(&format!("| {tag} |"))).collect()
}

fn tags(remarks: &str) -> BTreeSet<&str> {
    let severities = ["E: ", "W: ", "I: ", "P: ", "X: ", "C: "];
    let remarks = remarks.lines().filter_map(|line| severities.iter().find_map(|severity| line.strip_prefix(severity)));
    // A line has a package and then the tag; where a tag is explained, it stands alone.
    let tags = remarks.map(|remark| remark.split_once(": ").map_or(remark, |(_, tag)| tag));
    tags.filter_map(|tag| tag.split_whitespace().next()).collect()
}

/// Returns the first error or warning.
pub fn first_objection(remarks: &str) -> Option<&str> {
    remarks.lines().find(|line| line.starts_with("E: ") || line.starts_with("W: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REMARKS: &str = "N: Using profile debian/main.\nW: rust-a source: bad-thing (line 8)\nN:\nW: bad-thing\nN:\n\
                           I: librust-a-dev: small-thing x => y\nP: a changes: dull-thing\n";

    #[test]
    fn what_is_remarked_needs_an_answer() {
        assert_eq!(unanswered(REMARKS, ""), ["bad-thing", "dull-thing", "small-thing"]);
        assert_eq!(unanswered(REMARKS, "| tag | why |\n| small-thing | so |\n| bad-thing | so |\n"), ["dull-thing"]);
        assert!(unanswered("N: Using profile debian/main.\n", "").is_empty());
    }

    #[test]
    fn an_objection_is_an_error_or_a_warning() {
        assert_eq!(first_objection(REMARKS), Some("W: rust-a source: bad-thing (line 8)"));
        assert_eq!(first_objection("I: a: b\n"), None);
    }
}
