// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The snippets of README.md and MIGRATING.md compile unchanged.

use crate::library::Library;
use crate::LIBRARY;
use std::path::PathBuf;
use std::{env, fs, process};

const README: &str = include_str!("../../README.md");
const MIGRATING: &str = include_str!("../../MIGRATING.md");

/// The context of MIGRATING.md's snippets.
const HEADER: &str = "\
    oldstable_compat::with_offsets! {\n    #[repr(C)]\n    pub struct Header {\n        pub flags: u32,\n        pub \
    length: u32,\n    }\n}\n#[allow(unused_imports)]\nuse oldstable_compat::mem::size_of;\n#[allow(unused_imports)]\n\
    use oldstable_compat::{c_str, const_assert, const_offset_of};\n";

/// Returns the fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{}\n", language);
    let blocks: Vec<_> =
        page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or(rest).to_string()).collect();
    assert!(!blocks.is_empty(), "the page has a block of {}", language);
    blocks
}

/// Returns the lines after a diff or, with the other sign, those before it. Statements are put into a function.
fn side_of(diffs: &[String], sign: char) -> String {
    let mut side = String::new();
    for line in diffs.iter().flat_map(|diff| diff.lines()).filter(|line| line.starts_with(&[sign, ' '][..])) {
        let line = &line[1..];
        if line.starts_with("let ") {
            side += &format!("pub fn statement(q: *const u8) {{\n    {}\n    let _ = p;\n}}\n", line);
        } else {
            side += line;
            side.push('\n');
        }
    }
    side
}

/// Compiles a program, which may have unused imports.
fn compiles(library: &Library, name: &str, program: &str, edition: &str) {
    let file: PathBuf = env::temp_dir().join(format!("oldstable-compat-{}-{}.rs", name, process::id()));
    fs::write(&file, program).expect("a temporary file can be written");
    let (output, _) = library.compile(&file, "metadata", &["--edition", edition, "--allow", "unused"]);
    fs::remove_file(&file).expect("the file is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{}\n{}", program, said);
}

#[test]
fn the_readme_s_snippets_compile() {
    let blocks = blocks(README, "rust");
    // The page's last snippet belongs in the crate's root.
    let program: String = blocks.iter().rev().map(String::as_str).collect();
    compiles(&LIBRARY, "readme", &program, "2018");
}

#[test]
fn what_migrating_writes_compiles_on_every_compiler() {
    let program = blocks(MIGRATING, "rust").concat() + &side_of(&blocks(MIGRATING, "diff"), '+') + HEADER;
    compiles(&LIBRARY, "migrated", &program, "2018");
}

#[test]
#[cfg(not(before_1_79))]
fn what_migrating_replaces_compiles_on_a_new_compiler() {
    let program = side_of(&blocks(MIGRATING, "diff"), '-') + HEADER;
    compiles(&LIBRARY, "unmigrated", &program, "2021");
}
