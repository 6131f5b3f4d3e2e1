// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pass over the language: each row of the table removes one newer construct from a file.

mod assignments;
mod attributes;
mod cfg_select;
mod conditions;
mod expressions;
mod format;
mod let_else;
mod orderings;
mod patterns;
mod pins;
mod scripts;

pub use self::patterns::{mend_bound, mend_or, mend_range, NUMBERS};

use super::source::{Change, File, Kind};

/// A construct of the language and its replacement below the release that has it.
pub struct Row {
    /// The construct, in the Reference's terms.
    pub what: &'static str,
    /// It is stable since release `1.since`.
    pub since: u32,
    /// An example, and its replacement.
    pub before: &'static str,
    pub after: &'static str,
    pub find: fn(&File, &Target) -> Vec<Change>,
}

/// The target of the lowering.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The floor is `1.minor`.
    pub minor: u32,
    /// The old and the new edition.
    pub from: u32,
    pub to: u32,
}

impl Target {
    /// Returns whether the code leaves the rules of an edition.
    pub fn leaves(&self, edition: u32) -> bool {
        self.from >= edition && self.to < edition
    }
}

/// The rows that change macro matchers. All others leave them unchanged.
pub const ABOUT_MATCHERS: [&str; 3] = ["or-pattern in a macro's `pat`", "pat_param", "expr_2021"];

/// The order matters for nested constructs: conditions are split before their patterns.
pub const ROWS: &[Row] = &[
    Row {
        what: "let-else",
        since: 65,
        before: "let Some(x) = f() else { return };",
        after: "let x = match f() { Some(x) => x, _ => { return } };",
        find: let_else::find,
    },
    Row {
        what: "let chain",
        since: 88,
        before: "if let Some(x) = f() && x > 1 { g() }",
        after: "if let Some(x) = f() { if x > 1 { g() } }",
        find: conditions::find,
    },
    Row {
        what: "cfg_select!",
        since: 95,
        before: "const N: u8 = cfg_select! { unix => 1, _ => { 2 } };",
        after: "const N: u8 = { #[cfg(unix)] { 1 } #[cfg(not(any(unix)))] { 2 } };",
        find: cfg_select::find,
    },
    Row {
        what: "inline format argument",
        since: 58,
        before: "println!(\"{x:?}\")",
        after: "println!(\"{:?}\", x)",
        find: format::find,
    },
    Row {
        what: "format string of edition 2021's panic!",
        since: 56,
        before: "panic!(\"{{}}\")",
        after: "panic!(\"{}\", format_args!(\"{{}}\"))",
        find: format::find_panics,
    },
    Row {
        what: "or-pattern inside a pattern",
        since: 53,
        before: "Some(A | B) => f()",
        after: "Some(A) | Some(B) => f()",
        find: patterns::find_or,
    },
    Row {
        what: "leading | in matches!",
        since: 53,
        before: "fn f() -> bool { matches!(x, | 1 | 2) }",
        after: "fn f() -> bool { matches!(x, 1 | 2) }",
        find: patterns::find_leading,
    },
    Row {
        what: "exclusive range pattern",
        since: 80,
        before: "0..10 => f()",
        after: "0..=9 => f()",
        find: patterns::find_ranges,
    },
    Row {
        what: "half-open range pattern",
        since: 55,
        before: "'a'.. => f()",
        after: "'a'..='\\u{10ffff}' => f()",
        find: patterns::find_half_open,
    },
    Row {
        what: "range pattern without a start",
        since: 66,
        before: "..='z' => f()",
        after: "'\\0'..='z' => f()",
        find: patterns::find_to_last,
    },
    Row {
        what: "or-pattern in a macro's `pat`",
        since: 53,
        before: "($p:pat) => { $p }",
        after: "($($p:pat)|+) => { $($p)|+ }",
        find: patterns::find_fragments,
    },
    Row { what: "pat_param", since: 53, before: "$p:pat_param", after: "$p:pat", find: patterns::find_pat_param },
    Row {
        what: "destructuring assignment",
        since: 59,
        before: "(a, b) = f();",
        after: "{ let (new_0, new_1) = f(); a = new_0; b = new_1; }",
        find: assignments::find,
    },
    Row {
        what: "&raw",
        since: 82,
        before: "&raw const x.y",
        after: "core::ptr::addr_of!(x.y)",
        find: expressions::find_raw,
    },
    Row {
        what: "C string literal",
        since: 77,
        before: "c\"name\"",
        after: "oldstable_compat::c_str!(\"name\")",
        find: expressions::find_c_strings,
    },
    Row {
        what: "thread_local! with const",
        since: 59,
        before: "thread_local!(static X: Cell<u8> = const { Cell::new(0) })",
        after: "thread_local!(static X: Cell<u8> = { Cell::new(0) })",
        find: expressions::find_thread_locals,
    },
    Row {
        what: "pin! in a let",
        since: 68,
        before: "let f = std::pin::pin!(x);",
        after: "let f = x; oldstable_compat::__pin!(f);",
        find: pins::find,
    },
    Row {
        what: "inline const",
        since: 79,
        before: "const { assert!(N > 0) }",
        after: "{ assert!(N > 0) }",
        find: expressions::find_inline_const,
    },
    Row {
        what: "block with a label",
        since: 65,
        before: "fn f() { 'a: { g() } }",
        after: "fn f() { 'a: loop { break 'a { g() } } }",
        find: expressions::find_labels,
    },
    Row {
        what: "assert! in a constant",
        since: 57,
        before: "const _: () = assert!(N > 0);",
        after: "const _: [(); 0] = [(); !(N > 0) as usize];",
        find: expressions::find_const_asserts,
    },
    Row {
        what: "#[default]",
        since: 62,
        before: "#[derive(Default)] enum E { #[default] A }",
        after: "enum E { A } impl Default for E { fn default() -> Self { E::A } }",
        find: attributes::find_default,
    },
    Row {
        what: "derive by its path",
        // Not in 1.51; 1.52 to 1.62 were not tried.
        since: 63,
        before: "#[::core::prelude::v1::derive(Clone)]",
        after: "#[derive(Clone)]",
        find: attributes::find_derive,
    },
    Row {
        what: "#[expect]",
        since: 81,
        before: "#[expect(dead_code)]",
        after: "#[allow(dead_code)]",
        find: attributes::find_expect,
    },
    Row {
        what: "reason of a lint",
        since: 81,
        before: "#[allow(dead_code, reason = \"why\")]",
        after: "#[allow(dead_code)]",
        find: attributes::find_reason,
    },
    Row {
        what: "lint of rustdoc",
        since: 52,
        before: "#![warn(rustdoc::bare_urls)]",
        after: "#![warn(bare_urls)]",
        find: attributes::find_rustdoc,
    },
    Row {
        what: "unsafe_op_in_unsafe_fn",
        since: 52,
        before: "#![deny(unsafe_op_in_unsafe_fn)]",
        after: "",
        find: attributes::find_unsafe_op,
    },
    Row {
        what: "unsafe attribute",
        since: 82,
        before: "#[unsafe(no_mangle)]",
        after: "#[no_mangle]",
        find: attributes::find_unsafe,
    },
    Row {
        what: "#[diagnostic::…]",
        since: 78,
        before: "#[diagnostic::on_unimplemented(note = \"…\")]",
        after: "",
        find: attributes::find_diagnostic,
    },
    Row {
        what: "macro in an attribute",
        since: 54,
        before: "#![doc = include_str!(\"README.md\")]",
        after: "#![doc = \"(see README.md)\"]",
        find: attributes::find_doc,
    },
    Row {
        what: "cargo:: of a build script",
        since: 77,
        before: "println!(\"cargo::metadata=root={root}\")",
        after: "println!(\"cargo:root={root}\")",
        find: scripts::find,
    },
    Row {
        what: "cfg(target_has_atomic)",
        since: 60,
        before: "cfg(target_has_atomic = \"64\")",
        after: "cfg(target_pointer_width = \"64\")",
        find: attributes::find_atomic,
    },
    Row {
        what: "cfg(panic)",
        since: 60,
        before: "cfg(panic = \"unwind\")",
        after: "cfg(all())",
        find: attributes::find_cfg_panic,
    },
    Row { what: "cfg(true)", since: 88, before: "cfg(false)", after: "cfg(any())", find: attributes::find_cfg_bool },
    Row {
        what: "unsafe extern",
        since: 82,
        before: "unsafe extern \"C\" { fn f(); }",
        after: "extern \"C\" { fn f(); }",
        find: expressions::find_unsafe_extern,
    },
    Row {
        what: "use<…>",
        since: 82,
        before: "impl Iterator + use<'a, T>",
        after: "impl Iterator + 'a",
        find: expressions::find_captures,
    },
    Row {
        what: "stronger ordering for failure",
        since: 64,
        before: "a.compare_exchange(0, 1, Ordering::Release, Ordering::Acquire)",
        after: "a.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire)",
        find: orderings::find,
    },
    Row {
        what: "method of a macro call in braces",
        // Not in 1.56; 1.57 and 1.58 were not tried.
        since: 59,
        before: "list! { 1, 2 }.len()",
        after: "list! ( 1, 2 ).len()",
        find: expressions::find_braced_calls,
    },
    Row { what: "expr_2021", since: 85, before: "$e:expr_2021", after: "$e:expr", find: expressions::find_expr_2021 },
];

/// A block after one of these is an operand, not a body.
const OPERATORS: [&str; 16] = ["&&", "||", "=", "==", "!=", "<", ">", "<=", "!", "&", "*", "+", "-", "|", "^", ".."];

/// Returns the block after the condition or scrutinee that begins with a token and may contain other blocks.
fn body(file: &File, start: usize) -> Option<usize> {
    let (mut i, mut nested) = (start, 0);
    while i < file.len() && file.kind(i) != Some(Kind::Close) {
        match file.text(i) {
            // A pattern may contain braces.
            "let" => i = file.find(i, file.len(), |i| file.text(i) == "=")?,
            "match" | "unsafe" | "loop" | "if" | "const" | "else" | "while" | "for" => nested += 1,
            "{" if nested > 0 => nested -= 1,
            "{" if i == start || OPERATORS.contains(&file.before(i)) => {}
            "{" => return Some(i),
            ";" => return None,
            _ => {}
        }
        i = file.after(i);
    }
    None
}

/// Returns the names that a pattern binds, once each, or the reason why they are unknown.
pub fn bindings(file: &File, pattern: std::ops::Range<usize>) -> Result<Vec<String>, String> {
    const KEYWORDS: [&str; 14] =
        ["_", "mut", "ref", "true", "false", "box", "self", "Self", "crate", "super", "const", "if", "in", "as"];
    let mut names: Vec<String> = Vec::new();
    let mut i = pattern.start;
    while i < pattern.end {
        let (text, next) = (file.text(i), file.text(i + 1));
        if text == "$" {
            let name = file.text(i + 1);
            let fragment = (0..file.len()).find(|at| file.reads(*at, &["$", name, ":"])).map(|at| file.text(at + 3));
            match fragment {
                Some("ident") if !["(", "::", "{"].contains(&file.text(i + 2)) => names.push(format!("${name}")),
                Some("pat") | Some("pat_param") | Some("tt") | None => {
                    return Err(format!("it is not known what ${name} binds"));
                }
                _ => {}
            }
            i += 2;
            continue;
        }
        if next == "!" && file.is_name(i) {
            return Err(format!("it is not known what {text}! binds"));
        }
        let lower = text.starts_with(|c: char| c.is_lowercase() || c == '_');
        let path = ["::", "(", "{"].contains(&next) || file.before(i) == "::";
        let in_struct = file.around(i).map_or(false, |open| open >= pattern.start && file.text(open) == "{");
        let field = in_struct && next == ":";
        if file.is_name(i) && lower && !path && !field && !KEYWORDS.contains(&text) && !names.iter().any(|n| n == text)
        {
            names.push(text.to_string());
        }
        i += 1;
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::Draft;

    /// Returns a text rewritten by one row, with runs of blanks as one.
    fn lowered(row: &Row, text: &str) -> String {
        let target = Target { minor: row.since - 1, from: 2024, to: 2018 };
        let mut draft = Draft::new(text.to_string());
        loop {
            let changes = (row.find)(&File::parse(&draft.text).unwrap(), &target);
            if draft.apply(changes).is_empty() {
                return draft.text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
    }

    /// Returns a row's example in a context where it is allowed.
    fn around(row: &Row, text: &str) -> String {
        match row.before {
            before if before.contains("=> f()") => format!("fn f() {{ match x {{ {text}, _ => () }} }}"),
            before if before.starts_with("($p") => format!("macro_rules! m {{ {text} }}"),
            before if before.starts_with("(a, b)") => format!("fn f() {{ {text} }}"),
            before if before.starts_with("cfg(") => format!("#[{text}] fn f() {{}}"),
            _ => text.to_string(),
        }
    }

    #[test]
    fn each_row_does_what_its_table_says() {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let mut wrong = Vec::new();
        for row in ROWS {
            let (found, expected) = (lowered(row, &around(row, row.before)), around(row, row.after));
            if plain(&found) != plain(&expected) {
                wrong.push(format!("{}: {found}, not {expected}", row.what));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Returns the programs whose output `tests/lower.rs` compares.
    #[test]
    fn each_row_has_a_program() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let programs = files.filter(|path| path.extension().map_or(false, |extension| extension == "rs"));
        let texts: Vec<String> = programs.map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let found = |row: &Row, text: &str| {
            let target = Target { minor: row.since - 1, from: 2024, to: 2018 };
            (row.find)(&File::parse(text).unwrap(), &target).iter().any(|change| !change.edits.is_empty())
        };
        let without = ROWS.iter().filter(|row| !texts.iter().any(|text| found(row, text)));
        let without: Vec<_> = without.map(|row| row.what).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn what_is_lowered_is_lowered_no_more() {
        for row in ROWS {
            let once = lowered(row, &around(row, row.before));
            assert_eq!(lowered(row, &once), once, "{}", row.what);
        }
    }

    #[test]
    fn blocks_in_conditions_are_no_bodies() {
        let texts = [
            "x == { f() } && S::new({ 1 }) ",
            "let S { a } = { b } ",
            "unsafe { f() } ",
            "{ f() } ",
            "match x { _ => 1 } + 1 ",
        ];
        for text in texts {
            let whole = format!("{text}{{ body }}");
            let file = File::parse(&whole).unwrap();
            assert_eq!(body(&file, 0).map(|block| file.bytes(block..block + 1).start), Some(text.len()), "{text}");
        }
    }

    #[test]
    fn comments_and_text_stay() {
        let text =
            "// let Some(x) = f() else { return };\nconst S: &str = \"c\\\"x\\\" &raw const y\"; /* const { 1 } */\n";
        for row in ROWS {
            assert_eq!(lowered(row, text), text.split_whitespace().collect::<Vec<_>>().join(" "), "{}", row.what);
        }
    }
}
