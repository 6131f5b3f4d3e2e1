// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The uses of oldstable-compat in a source file, and the file without the superfluous ones.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use anyhow::{anyhow, Result};
use proc_macro2::{TokenStream, TokenTree};

use super::table::{join, Table};
use crate::project::version::Version;

/// Its name in source.
const CRATE: &str = "oldstable_compat";

/// Items that std has under another name or in another form: they are listed for rewriting by hand.
const BY_HAND: [(&str, &str); 6] = [
    ("c_str", "write c\"…\" in edition 2021, from Rust 1.77 on"),
    ("const_assert", "write const _: () = assert!(…);"),
    ("const_offset_of", "write std::mem::offset_of!, once no old compiler needs with_offsets!"),
    ("from_bytes_with_nul_unchecked", "call CStr::from_bytes_with_nul_unchecked"),
    ("with_offsets", "declare only the struct"),
    ("Zeroable", "call std::mem::zeroed"),
];

/// One use of the crate in a source file.
#[derive(Debug, PartialEq)]
pub struct Use {
    line: usize,
    column: usize,
    what: String,
    /// The work to do by hand, if nothing is rewritten.
    by_hand: Option<&'static str>,
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)?;
        self.by_hand.map_or(Ok(()), |how| write!(f, " (by hand: {how})"))
    }
}

/// A token with its place.
struct Token {
    text: String,
    bytes: Range<usize>,
    line: usize,
    column: usize,
}

/// A piece of a file and its replacement.
struct Edit {
    bytes: Range<usize>,
    text: String,
}

/// Returns the uses in a file that a floor makes superfluous, and the file without them.
///
/// An alias is a name for compat at the root of the file's crate.
pub fn retire(source: &str, aliases: &[String], table: &Table, floor: &Version) -> Result<(Vec<Use>, String)> {
    let file = File { source, tokens: tokens(source)?, aliases, table, floor };
    let (mut uses, mut edits) = (Vec::new(), Vec::new());
    let mut i = 0;
    while i < file.tokens.len() {
        i = match (file.text(i), file.root(i)) {
            ("use", _) => file.statement(i, &mut uses, &mut edits),
            (_, Some(root)) => file.path(root, &mut uses, &mut edits),
            _ => i + 1,
        };
    }
    let mut text = source.to_string();
    for edit in edits.iter().rev() {
        text.replace_range(edit.bytes.clone(), &edit.text);
    }
    Ok((uses, text))
}

/// Returns the names that a file declares by `use oldstable_compat as NAME;`.
pub fn aliases(source: &str) -> Result<Vec<String>> {
    let tokens = tokens(source)?;
    let declared = tokens.windows(3).filter(|three| three[0].text == CRATE && three[1].text == "as");
    Ok(declared.map(|three| three[2].text.clone()).collect())
}

/// Returns the tokens of a file.
fn tokens(source: &str) -> Result<Vec<Token>> {
    let stream: TokenStream = source.parse().map_err(|error| anyhow!("it cannot be parsed as Rust: {error}"))?;
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    Ok(tokens)
}

struct File<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    aliases: &'a [String],
    table: &'a Table,
    floor: &'a Version,
}

impl File<'_> {
    fn text(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |token| &token.text)
    }

    /// Returns whether a path separator begins at a token.
    fn separator(&self, i: usize) -> bool {
        self.text(i) == ":" && self.text(i + 1) == ":"
    }

    /// Returns the tokens that name compat, if they begin at this one: its own name or `crate::ALIAS`.
    fn root(&self, i: usize) -> Option<Range<usize>> {
        // Another crate may have a module of this name.
        let leading = i >= 3 && self.text(i - 3) == "use";
        let inside = i >= 2 && self.separator(i - 2) && !leading;
        match self.text(i) {
            CRATE if !inside => Some(i..i + 1),
            "crate" if self.separator(i + 1) && self.aliases.iter().any(|alias| *alias == self.text(i + 3)) => {
                // In a macro it is `$crate`.
                let dollar = i > 0 && self.text(i - 1) == "$";
                Some(i - usize::from(dollar)..i + 4)
            }
            _ => None,
        }
    }

    /// Returns the source of some tokens.
    fn spelled(&self, tokens: &Range<usize>) -> &str {
        &self.source[self.tokens[tokens.start].bytes.start..self.tokens[tokens.end - 1].bytes.end]
    }

    /// Returns the path in std that replaces an item, if the floor has it.
    fn retired(&self, path: &str) -> Option<String> {
        let (full, since) = self.table.find(path)?;
        (since <= *self.floor).then(|| join("std", &full))
    }

    fn found(&self, i: usize, path: &str) -> Use {
        let name = path.rsplit("::").next().unwrap_or(path);
        let by_hand = BY_HAND.iter().find(|(item, _)| *item == name).map(|(_, how)| *how);
        let token = &self.tokens[i];
        Use { line: token.line, column: token.column, what: join(CRATE, path), by_hand }
    }

    /// Handles a path outside a `use`; returns the token after it.
    fn path(&self, root: Range<usize>, uses: &mut Vec<Use>, edits: &mut Vec<Edit>) -> usize {
        let start = root.start;
        let (mut end, mut names) = (root.end, Vec::new());
        while self.separator(end) && is_name(self.text(end + 2)) {
            names.push(self.text(end + 2));
            end += 3;
        }
        if names == ["prelude"] && self.text(end) == "!" {
            self.prelude(start, end, uses, edits);
            return end + 1;
        }
        // A path may continue below the item: `sync::OnceLock::new`.
        for len in (1..=names.len()).rev() {
            let path = names[..len].join("::");
            if let Some(std) = self.retired(&path) {
                let found = self.found(start, &path);
                if found.by_hand.is_none() {
                    let last = root.end - 1 + 3 * len;
                    let bytes = self.tokens[start].bytes.start..self.tokens[last].bytes.end;
                    edits.push(Edit { bytes, text: std });
                }
                uses.push(found);
                break;
            }
        }
        end
    }

    /// Removes `prelude!();` if the floor has all of its methods that the file names.
    fn prelude(&self, start: usize, end: usize, uses: &mut Vec<Use>, edits: &mut Vec<Edit>) {
        let needed = (1..self.tokens.len()).any(|i| {
            let called = [".", ":"].contains(&self.text(i - 1));
            let since = self.table.methods.get(self.text(i));
            called && since.map_or(false, |since| since > self.floor)
        });
        // `!`, `(`, `)` and `;`.
        let semicolon = end + 3;
        if !needed && self.text(semicolon) == ";" {
            uses.push(self.found(start, "prelude"));
            edits.push(self.whole_lines(self.tokens[start].bytes.start, semicolon, String::new()));
        }
    }

    /// Handles a `use` declaration; returns the token after it.
    fn statement(&self, start: usize, uses: &mut Vec<Use>, edits: &mut Vec<Edit>) -> usize {
        let first = start + if self.separator(start + 1) { 3 } else { 1 };
        let root = match self.root(first) {
            Some(root) => root,
            None => return start + 1,
        };
        let compat = self.spelled(&root);
        let (mut leaves, mut i) = (Vec::new(), root.end);
        self.tree(&mut i, "", &mut leaves);
        let (mut retired, mut kept) = (Vec::new(), Vec::new());
        // Items that are std's own anyway are imported here only beside others, and leave with the last of those.
        let in_company = |path: &str| self.table.always(path);
        let stays = leaves.iter().any(|(_, path, _)| self.retired(path).is_none());
        for (at, path, alias) in leaves {
            match self.retired(&path).filter(|_| !(stays && in_company(&path))) {
                Some(std) => {
                    let found = self.found(at, &path);
                    match found.by_hand {
                        Some(_) => kept.push(join(compat, &path) + &alias),
                        None => retired.push(std + &alias),
                    }
                    uses.push(found);
                }
                None => kept.push(join(compat, &path) + &alias),
            }
        }
        if !retired.is_empty() {
            // The text before `use` in its line, visibility and indentation, is repeated before each.
            let begin = self.source[..self.tokens[start].bytes.start].rfind('\n').map_or(0, |at| at + 1);
            let prefix = &self.source[begin..self.tokens[start].bytes.start];
            let declare = |paths: &[String]| group(paths).map(|tree| format!("{prefix}use {tree};\n")).collect();
            let text: String = [kept, retired].iter().map(|paths| -> String { declare(paths) }).collect();
            edits.push(self.whole_lines(begin, i, text));
        }
        i + 1
    }

    /// Collects the leaves of a tree of imports whose first `::` begins at a token.
    fn tree(&self, i: &mut usize, prefix: &str, leaves: &mut Vec<(usize, String, String)>) {
        let (mut path, mut last) = (prefix.to_string(), *i);
        loop {
            if self.separator(*i) {
                *i += 2;
            }
            match self.text(*i) {
                "{" => {
                    *i += 1;
                    while self.text(*i) != "}" {
                        self.tree(i, &path, leaves);
                        if self.text(*i) == "," {
                            *i += 1;
                        }
                    }
                    *i += 1;
                    return;
                }
                "" | "," | "}" | ";" => break,
                "as" => {
                    let alias = format!(" as {}", self.text(*i + 1));
                    *i += 2;
                    return leaves.push((last, path, alias));
                }
                name => {
                    path = join(&path, name);
                    last = *i;
                    *i += 1;
                }
            }
        }
        leaves.push((last, path, String::new()));
    }

    /// Returns an edit from a byte up to a token, and to the end of its line if nothing follows.
    fn whole_lines(&self, begin: usize, last: usize, text: String) -> Edit {
        let end = self.tokens[last].bytes.end;
        let alone = self.source[..begin].rfind('\n').map_or(0, |at| at + 1);
        let begin = if self.source[alone..begin].trim().is_empty() { alone } else { begin };
        let end = if self.source[end..].starts_with('\n') { end + 1 } else { end };
        Edit { bytes: begin..end, text }
    }
}

/// Merges the imports of one module into one tree.
fn group(paths: &[String]) -> impl Iterator<Item = String> {
    let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in paths {
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        modules.entry(module.to_string()).or_default().push(name.to_string());
    }
    modules.into_iter().map(|(module, names)| match &names[..] {
        [name] => join(&module, name),
        names => format!("{module}::{{{}}}", names.join(", ")),
    })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the tokens as a flat list, with delimiters as separate tokens.
fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        let mut push = |text: String, span: proc_macro2::Span| {
            let (bytes, start) = (span.byte_range(), span.start());
            tokens.push(Token { text, bytes, line: start.line, column: start.column + 1 });
        };
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    _ => ("(", ")"),
                };
                push(open.to_string(), group.span_open());
                flatten(group.stream(), tokens);
                let (bytes, start) = (group.span_close().byte_range(), group.span_close().start());
                tokens.push(Token { text: close.to_string(), bytes, line: start.line, column: start.column + 1 });
            }
            TokenTree::Literal(literal) => push(String::new(), literal.span()),
            other => push(other.to_string(), other.span()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: &str = "\
c_str\tmacro\t1.77\t1.77\town\t1.48\ta macro
ffi::c_char\ttype\t1.64\t-\town\t-\t
ffi::c_int\ttype\t1.64\t-\town\t-\t
ffi::c_uint\ttype\t1.64\t-\town\t-\t
primitive::integer::div_ceil\tmethod\t1.73\t1.73\ttrait\t-\t
primitive::pointer::cast_mut\tmethod\t1.65\t1.65\ttrait\t-\t
ptr::addr_of\tmacro\t1.51\t1.51\town\t-\ta reference
sync::OnceLock\tstruct\t1.70\t-\town\t-\ta type of its own
";

    fn apply(source: &str, floor: &str) -> (Vec<String>, String) {
        let table = Table::parse(ITEMS).unwrap();
        let names = aliases(source).unwrap();
        let (uses, text) = retire(source, &names, &table, &floor.parse().unwrap()).unwrap();
        (uses.iter().map(Use::to_string).collect(), text)
    }

    #[test]
    fn only_what_the_floor_has_moves_to_std() {
        let source = "pub use oldstable_compat::ffi::{c_char, c_int as Int};\nuse oldstable_compat::sync::OnceLock;\n";
        let (uses, text) = apply(source, "1.64");
        assert_eq!(uses, ["1:33: oldstable_compat::ffi::c_char", "1:41: oldstable_compat::ffi::c_int"]);
        assert_eq!(text, "pub use std::ffi::{c_char, c_int as Int};\nuse oldstable_compat::sync::OnceLock;\n");
    }

    #[test]
    fn what_is_always_std_keeps_its_neighbours_company() {
        let source = "use oldstable_compat::ffi::{c_char, c_void};\n";
        assert_eq!(apply(source, "1.63"), (vec![], source.to_string()));
        assert_eq!(apply(source, "1.64").1, "use std::ffi::{c_char, c_void};\n");
    }

    #[test]
    fn one_declaration_becomes_two_where_a_part_stays() {
        let source = "mod m {\n    use oldstable_compat::{addr_of, ffi::{c_char, c_str}, sync::OnceLock};\n}\n";
        let (uses, text) = apply(source, "1.64");
        assert_eq!(uses.len(), 2);
        assert_eq!(
            text,
            "mod m {\n    use oldstable_compat::ffi::c_str;\n    use oldstable_compat::sync::OnceLock;\n    \
             use std::ffi::c_char;\n    use std::ptr::addr_of;\n}\n"
        );
    }

    #[test]
    fn paths_and_macros_in_expressions_move_too() {
        let source = "static L: oldstable_compat::sync::OnceLock<u8> = oldstable_compat::sync::OnceLock::new();\n\
                      fn f() { assert!(!oldstable_compat::addr_of!(x).is_null()); }\n";
        let (uses, text) = apply(source, "1.70");
        assert_eq!(uses.len(), 3);
        assert_eq!(
            text,
            "static L: std::sync::OnceLock<u8> = std::sync::OnceLock::new();\n\
             fn f() { assert!(!std::ptr::addr_of!(x).is_null()); }\n"
        );
    }

    #[test]
    fn an_alias_at_the_root_of_the_crate_counts() {
        let source = "pub use oldstable_compat as compat;\nuse crate::compat::{addr_of, sync::OnceLock};\n\
                      macro_rules! m { ($p:expr) => { $crate::compat::addr_of!($p) } }\n";
        let (uses, text) = apply(source, "1.63");
        assert_eq!(uses.len(), 2);
        assert_eq!(
            text,
            "pub use oldstable_compat as compat;\nuse crate::compat::sync::OnceLock;\nuse std::ptr::addr_of;\n\
             macro_rules! m { ($p:expr) => { std::ptr::addr_of!($p) } }\n"
        );
    }

    #[test]
    fn the_prelude_goes_with_the_last_method_that_needs_it() {
        let source = "oldstable_compat::prelude!();\nfn f(p: *const u8) -> *mut u8 { p.cast_mut() }\n";
        assert_eq!(apply(source, "1.64"), (vec![], source.to_string()));
        let (uses, text) = apply(source, "1.65");
        assert_eq!(uses, ["1:1: oldstable_compat::prelude"]);
        assert_eq!(text, "fn f(p: *const u8) -> *mut u8 { p.cast_mut() }\n");
        let newer = source.replace("p.cast_mut()", "p.cast_mut().add(3_usize.div_ceil(2))");
        assert_eq!(apply(&newer, "1.65").1, newer);
    }

    #[test]
    fn what_std_spells_otherwise_is_listed_and_left() {
        let source = "const NAME: &CStr = oldstable_compat::c_str!(\"name\");\n";
        let (uses, text) = apply(source, "1.77");
        assert_eq!(text, source);
        assert!(uses[0].starts_with("1:21: oldstable_compat::c_str (by hand: write c\"…\""), "{uses:?}");
    }

    #[test]
    fn comments_strings_and_other_crates_stay() {
        let source = "// oldstable_compat::addr_of!\nuse other::oldstable_compat::addr_of;\nconst S: &str = \"oldstable_compat::addr_of\";\n";
        assert_eq!(apply(source, "1.99"), (vec![], source.to_string()));
    }
}
