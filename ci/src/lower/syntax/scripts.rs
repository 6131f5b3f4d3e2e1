// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What build scripts say to cargo. Older ones take a line that begins with `cargo::` for one of the script's own, and
//! newer ones refuse it in a package with an older rust-version.

use super::Target;
use crate::lower::source::{Change, File, Kind};

const WHAT: &str = "cargo:: of a build script";

/// The instructions: they alone tell such a text from a path in the crate of cargo.
const KNOWN: [&str; 4] = ["rustc-", "rerun-if-", "warning=", "metadata="];

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    let literals = (0..file.len()).filter(|i| file.kind(*i) == Some(Kind::Literal) && file.text(*i).contains('"'));
    literals.flat_map(|i| said(file, i)).collect()
}

/// Returns the changes to a literal, in which each line can be an instruction.
fn said(file: &File, i: usize) -> Vec<Change> {
    let (text, start) = (file.text(i), file.bytes(i..i + 1).start);
    let mut changes = Vec::new();
    for (at, found) in text.match_indices("cargo::") {
        let begins = text[..at].ends_with(['"', '\n'].as_slice()) || text[..at].ends_with("\\n");
        let said = &text[at + found.len()..];
        let change = Change::at(file, i, WHAT);
        let bytes = |length: usize| start + at..start + at + length;
        if begins && said.starts_with("error=") {
            // Cargo has it since 1.84.
            let how = "before 1.84 an error of the build script is a warning";
            changes.push(change.replace(bytes("cargo::error=".len()), "cargo:warning=").differs(how));
        } else if begins && KNOWN.iter().any(|known| said.starts_with(known)) {
            let metadata = if said.starts_with("metadata=") { "metadata=".len() } else { 0 };
            changes.push(change.replace(bytes(found.len() + metadata), "cargo:"));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn only_what_cargo_reads_is_rewritten() {
        let target = Target { minor: 63, from: 2021, to: 2021 };
        let lowered = |text: &str| rewritten(text, |file| find(file, &target));
        for (before, after) in [
            ("f(\"cargo::rustc-cfg=a\\ncargo::{}\")", "f(\"cargo:rustc-cfg=a\\ncargo::{}\")"),
            (
                "f(r#\"cargo::warning=a\ncargo::rerun-if-changed=b\"#)",
                "f(r#\"cargo:warning=a\ncargo:rerun-if-changed=b\"#)",
            ),
            ("f(\"cargo::metadata=a=b\")", "f(\"cargo:a=b\")"),
            ("f(\"cargo::error=a\")", "f(\"cargo:warning=a\")"),
            ("f(\"cargo::core::Package cargo::rustc-cfg=\")", "f(\"cargo::core::Package cargo::rustc-cfg=\")"),
        ] {
            assert_eq!(lowered(before), after);
        }
    }
}
