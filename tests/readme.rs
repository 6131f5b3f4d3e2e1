// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The first device in README builds, and no guest can make it panic.

const FILE: &str = include_str!("../examples/counter.rs");

/// The example without its licence.
fn example() -> &'static str {
    &FILE[FILE.find("use ").expect("its imports")..]
}

/// Returns the first block of code of a text, without its first line.
fn first_code<'a>(text: &'a str, opening: &str) -> &'a str {
    let code = text.split(opening).nth(1);
    code.and_then(|rest| rest.split("```").next()).expect("the text has a device")
}

#[test]
fn the_device_of_the_readme_is_the_example() {
    assert_eq!(first_code(include_str!("../README.md"), "```rust\n"), example());
}

#[test]
fn the_device_of_the_front_page_is_the_example() {
    let page = include_str!("../src/lib.rs");
    let lines = page.lines().filter(|line| line.starts_with("//!"));
    let text: String = lines.map(|line| format!("{}\n", line["//!".len()..].trim_start_matches(' '))).collect();
    // The page is indented as the example, but for the space behind `//!`; one line is for the test of the page.
    let code = first_code(&text, "```\n").replace("# fn main() {}\n", "");
    let example: String = example().lines().map(|line| format!("{}\n", line.trim_start())).collect();
    assert_eq!(code, example);
}
