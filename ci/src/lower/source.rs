// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A source file as tokens with their places, and edits to its text.
//! Constructs are found in the tokens, because a macro's body has nothing else, and changed in the text, so that
//! comments and layout stay.

use std::ops::Range;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// Operators that are one token. `>` stands alone, because it also closes generics.
const OPERATORS: [&str; 25] = [
    "<<=", "...", "..=", "::", "->", "=>", "==", "!=", "<=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "^=", "&=",
    "|=", "<<", "..", "|", "&", "=", "<",
];

/// The words that are no names without `r#`, except for those that start a path.
pub const KEYWORDS: [&str; 48] = [
    "as", "break", "const", "continue", "else", "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait", "true", "type",
    "unsafe", "use", "where", "while", "async", "await", "dyn", "abstract", "become", "box", "do", "final", "macro",
    "override", "priv", "typeof", "unsized", "virtual", "yield", "try", "gen",
];

/// The depth of groups from which on a file is not read: the passes follow them with the program's stack.
const DEEPEST: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Open,
    Close,
    Name,
    Operator,
    Literal,
    Lifetime,
    /// A doc comment, which may be written as an attribute.
    Doc,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub kind: Kind,
    pub bytes: Range<usize>,
    /// The other delimiter of a group; for other tokens the token itself.
    other: usize,
    /// The delimiter that opens the innermost group around it.
    around: Option<usize>,
}

pub struct File<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
    /// The open groups while tokens are added.
    open: Vec<usize>,
}

impl<'a> File<'a> {
    /// Parses a file. The error names the place that is not Rust.
    pub fn parse(text: &'a str) -> Result<File<'a>, String> {
        let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
        // A script's first line is not Rust.
        let script = if plain.starts_with("#!") && !plain[2..].trim_start().starts_with('[') {
            plain.find('\n').unwrap_or(plain.len())
        } else {
            0
        };
        let stream: TokenStream = plain[script..].parse().map_err(|error: proc_macro2::LexError| {
            let start = error.span().start();
            format!("line {}: it cannot be parsed as Rust", start.line + usize::from(script > 0))
        })?;
        let mut file = File { text, tokens: Vec::new(), open: Vec::new() };
        file.flatten(stream, text.len() - plain.len() + script)?;
        Ok(file)
    }

    fn flatten(&mut self, stream: TokenStream, offset: usize) -> Result<(), String> {
        let place = |span: Span| {
            let bytes = span.byte_range();
            bytes.start + offset..bytes.end + offset
        };
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            let kind = match &tree {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    self.flatten(group.stream(), offset)?;
                    continue;
                }
                TokenTree::Group(group) => {
                    let open = self.push(Kind::Open, place(group.span_open()));
                    self.open.push(open);
                    if self.open.len() > DEEPEST {
                        return Err(format!("line {}: it is nested deeper than {DEEPEST} levels", self.line(open)));
                    }
                    self.flatten(group.stream(), offset)?;
                    self.open.pop();
                    let close = self.push(Kind::Close, place(group.span_close()));
                    self.tokens[open].other = close;
                    self.tokens[close].other = open;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    let start = place(tree.span()).start;
                    let name = trees.next().map_or(start + 1, |name| place(name.span()).end);
                    self.push(Kind::Lifetime, start..name);
                    continue;
                }
                TokenTree::Punct(punct) => {
                    let bytes = place(tree.span());
                    if punct.as_char() == '#' && bytes.len() > 1 {
                        // A doc comment is parsed as an attribute whose tokens span all of it.
                        while trees.peek().map_or(false, |next| place(next.span()) == bytes) {
                            trees.next();
                        }
                        self.push(Kind::Doc, bytes);
                        continue;
                    }
                    let operator = OPERATORS.iter().find(|operator| self.text[bytes.start..].starts_with(**operator));
                    for _ in 1..operator.map_or(1, |operator| operator.len()) {
                        trees.next();
                    }
                    let end = bytes.start + operator.map_or(bytes.len(), |operator| operator.len());
                    self.push(Kind::Operator, bytes.start..end);
                    continue;
                }
                TokenTree::Ident(_) => Kind::Name,
                TokenTree::Literal(_) => Kind::Literal,
            };
            self.push(kind, place(tree.span()));
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, bytes: Range<usize>) -> usize {
        let at = self.tokens.len();
        self.tokens.push(Token { kind, bytes, other: at, around: self.open.last().copied() });
        at
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the text of a token, or an empty text after the end.
    pub fn text(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |token| &self.text[token.bytes.clone()])
    }

    /// Returns the text of the token before, if there is one.
    pub fn before(&self, i: usize) -> &'a str {
        i.checked_sub(1).map_or("", |i| self.text(i))
    }

    pub fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|token| token.kind)
    }

    pub fn is_name(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Name)
    }

    /// Returns whether a token is a name in a path, which `const` in `*const ::core::ffi::c_char` is not.
    pub fn is_segment(&self, i: usize) -> bool {
        // Before edition 2024, `gen` is one.
        self.is_name(i) && (self.text(i) == "gen" || !KEYWORDS.contains(&self.text(i)))
    }

    /// Returns the first name of the path in which a token is a name.
    pub fn first_segment(&self, mut i: usize) -> usize {
        while i >= 2 && self.text(i - 1) == "::" && self.is_segment(i - 2) {
            i -= 2;
        }
        i
    }

    /// Returns the texts of the tokens from here on.
    pub fn reads(&self, i: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(n, text)| self.text(i + n) == *text)
    }

    /// Returns the other delimiter of a group.
    pub fn other(&self, i: usize) -> usize {
        self.tokens.get(i).map_or(i, |token| token.other)
    }

    /// Returns the token after this one, or after the group that begins here.
    pub fn after(&self, i: usize) -> usize {
        match self.kind(i) {
            Some(Kind::Open) => self.other(i) + 1,
            _ => i + 1,
        }
    }

    /// Returns the token, or the group's first delimiter, before this one.
    pub fn back(&self, i: usize) -> Option<usize> {
        let before = i.checked_sub(1)?;
        Some(if self.kind(before) == Some(Kind::Close) { self.other(before) } else { before })
    }

    /// Returns the delimiter that opens the innermost group around a token.
    pub fn around(&self, i: usize) -> Option<usize> {
        self.tokens.get(i)?.around
    }

    /// Returns the first token of this text at this level, up to the end of the group.
    pub fn find(&self, from: usize, to: usize, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let mut i = from;
        while i < to.min(self.len()) && self.kind(i) != Some(Kind::Close) {
            if wanted(i) {
                return Some(i);
            }
            i = self.after(i);
        }
        None
    }

    /// Returns the places of a text at one level.
    pub fn split(&self, tokens: Range<usize>, at: &str) -> Vec<Range<usize>> {
        let (mut parts, mut start) = (Vec::new(), tokens.start);
        while let Some(found) = self.find(start, tokens.end, |i| self.text(i) == at) {
            parts.push((parts.last().map_or(tokens.start, |part: &Range<usize>| part.end + 1))..found);
            start = found + 1;
        }
        let start = parts.last().map_or(tokens.start, |part| part.end + 1);
        if start < tokens.end {
            parts.push(start..tokens.end);
        }
        parts
    }

    /// Returns the bytes of some tokens.
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        if tokens.is_empty() {
            let at = self.tokens.get(tokens.start).map_or(self.text.len(), |token| token.bytes.start);
            return at..at;
        }
        self.tokens[tokens.start].bytes.start..self.tokens[tokens.end - 1].bytes.end
    }

    /// Returns the source of some tokens.
    pub fn spelled(&self, tokens: Range<usize>) -> &'a str {
        &self.text[self.bytes(tokens)]
    }

    pub fn line(&self, i: usize) -> usize {
        let at = self.tokens.get(i).map_or(self.text.len(), |token| token.bytes.start);
        line_of(self.text, at)
    }

    /// Returns the blanks at the start of a token's line.
    pub fn indentation(&self, i: usize) -> &'a str {
        self.indentation_at(self.tokens[i].bytes.start)
    }

    pub fn indentation_at(&self, byte: usize) -> &'a str {
        let rest = &self.text[self.line_start(byte)..];
        &rest[..rest.len() - rest.trim_start_matches([' ', '\t'].as_slice()).len()]
    }

    /// Returns the first byte of the line with a byte.
    pub fn line_start(&self, byte: usize) -> usize {
        self.text[..byte].rfind('\n').map_or(0, |at| at + 1)
    }

    /// Returns the first token that ends after a byte.
    pub fn at_byte(&self, byte: usize) -> usize {
        self.tokens.iter().position(|token| token.bytes.end > byte).unwrap_or(self.len())
    }

    /// Returns the inside of the module's body, or of the file, around a token.
    pub fn module(&self, i: usize) -> Range<usize> {
        let mut at = i;
        while let Some(open) = self.around(at) {
            if self.text(open) == "{" && open >= 2 && self.is_name(open - 1) && self.text(open - 2) == "mod" {
                return open + 1..self.other(open);
            }
            at = open;
        }
        0..self.len()
    }

    /// Returns the place for an item in a module: after its inner attributes and documentation.
    pub fn first_item(&self, module: &Range<usize>) -> usize {
        let mut i = module.start;
        loop {
            if self.reads(i, &["#", "!", "["]) {
                i = self.after(i + 2);
            } else if self.kind(i) == Some(Kind::Doc) && ["//!", "/*!"].iter().any(|p| self.text(i).starts_with(p)) {
                i += 1;
            } else {
                return i.min(module.end);
            }
        }
    }

    /// Returns the first of the inner attributes of the module around one of them.
    pub fn first_attribute(&self, attribute: usize) -> usize {
        let module = self.module(attribute);
        module.clone().find(|i| self.reads(*i, &["#", "!", "["])).unwrap_or(attribute)
    }

    /// Returns the bytes of macro matchers.
    pub fn matchers(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for rules in (0..self.len()).filter(|i| self.reads(*i, &["macro_rules", "!"])).map(|i| i + 3) {
            let arrows = (rules + 1..self.other(rules)).filter(|i| self.text(*i) == "=>");
            let arrows = arrows.filter(|i| self.around(*i) == Some(rules));
            found.extend(arrows.filter_map(|arrow| self.back(arrow).map(|open| self.bytes(open..arrow))));
        }
        found
    }

    /// Returns the first token of the attributes before an item.
    pub fn attributes(&self, item: usize) -> usize {
        let mut first = item;
        while let Some(before) = self.back(first) {
            first = match self.text(before) {
                "[" if self.before(before) == "#" => before - 1,
                _ if self.kind(before) == Some(Kind::Doc) && !self.text(before).starts_with("//!") => before,
                _ => break,
            };
        }
        first
    }
}

pub fn line_of(text: &str, byte: usize) -> usize {
    text[..byte.min(text.len())].matches('\n').count() + 1
}

/// A piece of a file and its replacement.
#[derive(Debug, Clone)]
pub struct Edit {
    pub bytes: Range<usize>,
    pub text: String,
}

/// One construct that was rewritten, or that was found and must stay.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The line in the original file.
    pub line: usize,
    /// The construct, as its table names it.
    pub what: String,
    pub edits: Vec<Edit>,
    /// The possible difference in meaning, if any.
    pub differs: Option<String>,
    /// The work left to the user if nothing is rewritten.
    pub by_hand: Option<String>,
}

impl Change {
    pub fn at(file: &File, token: usize, what: &str) -> Change {
        Change { line: file.line(token), what: what.to_string(), ..Change::default() }
    }

    pub fn replace(mut self, bytes: Range<usize>, text: impl Into<String>) -> Change {
        self.edits.push(Edit { bytes, text: text.into() });
        self
    }

    pub fn insert(self, byte: usize, text: impl Into<String>) -> Change {
        self.replace(byte..byte, text)
    }

    /// Removes some tokens, and the line if nothing else is on it.
    pub fn remove(self, file: &File, tokens: Range<usize>) -> Change {
        let bytes = file.bytes(tokens);
        let line = file.line_start(bytes.start);
        let rest = &file.text[bytes.end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t'].as_slice()).len();
        let alone = file.text[line..bytes.start].trim().is_empty();
        if alone && rest[blank..].starts_with('\n') {
            self.replace(line..bytes.end + blank + 1, "")
        } else {
            self.replace(bytes.start..bytes.end + blank, "")
        }
    }

    pub fn differs(mut self, how: impl Into<String>) -> Change {
        self.differs = Some(how.into());
        self
    }

    pub fn by_hand(mut self, how: impl Into<String>) -> Change {
        self.by_hand = Some(how.into());
        self
    }

    fn overlaps(&self, taken: &[Range<usize>]) -> bool {
        self.edits.iter().any(|edit| {
            taken.iter().any(|range| {
                (edit.bytes.start < range.end && range.start < edit.bytes.end)
                    || (edit.bytes.is_empty() && range.is_empty() && edit.bytes.start == range.start)
            })
        })
    }
}

/// A text that is rewritten step by step and tracks the origin of each line.
#[derive(Debug, Clone)]
pub struct Draft {
    pub text: String,
    /// For each line, the line of the original file.
    origins: Vec<usize>,
}

impl Draft {
    pub fn new(text: String) -> Draft {
        let lines = text.matches('\n').count() + 1;
        Draft { text, origins: (1..=lines).collect() }
    }

    pub fn origin(&self, line: usize) -> usize {
        self.origins.get(line - 1).or_else(|| self.origins.last()).copied().unwrap_or(line)
    }

    /// Applies the changes that do not overlap, and returns those applied.
    ///
    /// The others are found again in the new text.
    pub fn apply(&mut self, changes: Vec<Change>) -> Vec<Change> {
        let (mut taken, mut edits, mut applied) = (Vec::new(), Vec::new(), Vec::new());
        for mut change in changes {
            if change.edits.is_empty() || change.overlaps(&taken) {
                continue;
            }
            change.line = self.origin(change.line);
            taken.extend(change.edits.iter().map(|edit| edit.bytes.clone()));
            edits.append(&mut change.edits);
            applied.push(change);
        }
        edits.sort_by_key(|edit| (edit.bytes.start, edit.bytes.end));
        let (mut text, mut origins, mut at) = (String::new(), vec![1], 0);
        for edit in edits.iter() {
            self.keep(at..edit.bytes.start, &mut text, &mut origins);
            let origin = self.origin(line_of(&self.text, edit.bytes.start));
            text.push_str(&edit.text);
            origins.extend(edit.text.matches('\n').map(|_| origin));
            at = edit.bytes.end;
        }
        self.keep(at..self.text.len(), &mut text, &mut origins);
        *self = Draft { text, origins };
        applied
    }

    fn keep(&self, bytes: Range<usize>, text: &mut String, origins: &mut Vec<usize>) {
        let first = line_of(&self.text, bytes.start);
        let kept = &self.text[bytes];
        text.push_str(kept);
        origins.extend((0..kept.matches('\n').count()).map(|n| self.origin(first + n + 1)));
    }
}

/// Returns a text with the changes that are found in it.
#[cfg(test)]
pub fn rewritten<C: IntoIterator<Item = Change>>(text: &str, find: impl FnOnce(&File) -> C) -> String {
    let mut draft = Draft::new(text.to_string());
    draft.apply(find(&File::parse(text).unwrap()).into_iter().collect());
    draft.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let nested = |depth: usize| format!("\nfn f() {}{}", "{".repeat(depth), "}".repeat(depth));
        assert!(File::parse(&nested(DEEPEST)).is_ok());
        for depth in [DEEPEST + 1, 1_000_000] {
            let why = File::parse(&nested(depth)).err().unwrap();
            assert_eq!(why, format!("line 2: it is nested deeper than {DEEPEST} levels"));
        }
    }
}
