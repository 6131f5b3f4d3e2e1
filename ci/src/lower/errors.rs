// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Errors of the floor's compiler, and their fixes.

use std::ops::Range;

use super::messages::{Message, Place};
use super::source::{Change, File, Kind};
use super::standard::{self, Items, CRATE};
use super::syntax::{self, Target};
use super::{
    arrays, captures, casts, comparisons, constants, editions, non_zero, temporaries, transmutes, uninhabited,
};

/// Lints of the newest compiler that know types and so detect where an edition changes a program's behavior: the
/// edition, the lint, and the difference without that edition.
pub const LINTS: [(u32, &str, &str); 5] = [
    (2021, "array_into_iter", "the array's into_iter returns references to its items"),
    (2024, "boxed_slice_into_iter", "the boxed slice's into_iter returns references to its items"),
    (2024, "if_let_rescope", "the condition's temporaries are dropped after the else branch, not before it"),
    (
        2024,
        "tail_expr_drop_order",
        "the temporaries of a block's last expression are dropped after the variables, not before them",
    ),
    (
        2021,
        "rust_2021_incompatible_closure_captures",
        "the closure captures whole variables, which may be dropped at another time",
    ),
];

/// The input of a fix.
pub struct Case<'a> {
    file: &'a File<'a>,
    tokens: Range<usize>,
    message: &'a str,
    /// All places that the message points at.
    spans: &'a [Place],
    items: &'a Items,
    target: &'a Target,
    /// Whether the package has std.
    std: bool,
}

/// An error's code, a part of its text if the code is ambiguous, and the fix.
struct Mending {
    code: &'static str,
    says: &'static str,
    mend: fn(&Case) -> Option<Change>,
}

/// Of a function that std made `const` later.
const NOT_CONST: &str = "is not yet stable as a const fn";

const MENDINGS: &[Mending] = &[
    Mending { code: "E0407", says: "", mend: overriding },
    Mending { code: "E0658", says: "use of unstable library feature", mend: overriding },
    Mending { code: "E0599", says: "", mend: method },
    Mending { code: "E0658", says: "use of unstable library feature", mend: method },
    Mending { code: "E0658", says: "use of unstable library feature", mend: path },
    Mending { code: "E0433", says: "", mend: path },
    Mending { code: "E0432", says: "", mend: path },
    Mending { code: "E0425", says: "", mend: path },
    Mending { code: "E0412", says: "", mend: path },
    Mending { code: "E0405", says: "", mend: path },
    Mending { code: "E0404", says: "", mend: path },
    // Last resorts, chosen by an error's text because the code has many meanings.
    Mending { code: "", says: "attributes on expressions are experimental", mend: attribute },
    Mending { code: "E0658", says: "attributes on expressions are experimental", mend: attribute },
    Mending { code: "", says: "there is no argument named", mend: named_argument },
    Mending { code: "E0277", says: "is not an iterator", mend: array },
    Mending { code: "E0277", says: "closure, found `[char; ", mend: char_array },
    Mending { code: "E0277", says: "the trait bound `CharArraySearcher<", mend: char_array },
    Mending { code: "E0277", says: ": From<[", mend: collection },
    Mending { code: "E0277", says: "can't compare `Vec<", mend: compared },
    Mending { code: "E0277", says: "]` with `Vec<", mend: compared },
    // Patterns in macro calls, which the passes cannot tell from expressions.
    Mending { code: "E0658", says: "exclusive range pattern", mend: range },
    Mending { code: "E0658", says: "half-open range pattern", mend: range },
    Mending { code: "E0658", says: "or-patterns syntax is experimental", mend: or_pattern },
    Mending { code: "E0005", says: "refutable pattern in local binding", mend: without_value },
    Mending { code: "E0004", says: "not covered", mend: arm },
    Mending { code: "E0119", says: "", mend: not_zero },
    Mending { code: "E0599", says: "found for type `_`", mend: of_not_zero },
    Mending { code: "E0034", says: "", mend: of_not_zero },
    Mending { code: "E0716", says: "", mend: temporary },
    Mending { code: "E0308", says: "", mend: bound },
    Mending { code: "E0308", says: "", mend: parameter },
    Mending { code: "E0308", says: "", mend: collection },
    Mending { code: "E0107", says: "wrong number of const arguments", mend: length },
    Mending { code: "E0373", says: "closure may outlive", mend: captured },
    Mending { code: "E0373", says: "closure may outlive", mend: moved },
    Mending { code: "E0382", says: "", mend: captured },
    Mending { code: "E0502", says: "", mend: captured },
    Mending { code: "E0445", says: "", mend: private },
    Mending { code: "E0446", says: "", mend: private },
    Mending { code: "E0700", says: "", mend: hidden_lifetime },
    Mending { code: "E0759", says: "", mend: hidden_lifetime },
    Mending { code: "E0512", says: "", mend: transmuted },
    Mending { code: "E0521", says: "", mend: cast },
    Mending { code: "E0495", says: "", mend: cast },
    Mending { code: "", says: "lifetime may not live long enough", mend: cast },
    Mending { code: "E0015", says: "", mend: constant },
    Mending { code: "", says: NOT_CONST, mend: constant },
    Mending { code: "", says: NOT_CONST, mend: unwrapped },
    Mending { code: "E0015", says: "", mend: unwrapped },
    // A function that the floor cannot evaluate at compile time is called at run time.
    Mending { code: "", says: NOT_CONST, mend: no_const },
    Mending { code: "E0013", says: "cannot refer to statics", mend: no_const },
    Mending { code: "E0658", says: "const", mend: no_const },
    Mending { code: "E0658", says: "panicking", mend: no_const },
    Mending { code: "E0723", says: "", mend: no_const },
    Mending { code: "E0015", says: "", mend: no_const },
    Mending { code: "E0493", says: "", mend: no_const },
    Mending { code: "E0764", says: "", mend: no_const },
    Mending { code: "E0744", says: "", mend: no_const },
    Mending { code: "E0010", says: "", mend: no_const },
];

/// Returns the fix of an error at these bytes of a file.
pub fn mend(
    file: &File,
    place: &Place,
    message: &Message,
    items: &Items,
    target: &Target,
    std: bool,
) -> Option<Change> {
    let start = file.at_byte(place.byte_start);
    let end = file.at_byte(place.byte_end.max(place.byte_start + 1) - 1) + 1;
    let case = Case {
        file,
        tokens: start..end.min(file.len()),
        message: &message.message,
        spans: &message.spans,
        items,
        target,
        std,
    };
    let fitting = MENDINGS.iter().filter(|m| m.code == message.code() && message.message.contains(m.says));
    fitting.filter(|_| !case.tokens.is_empty()).find_map(|mending| (mending.mend)(&case))
}

/// Fixes a method that compat has, or that belongs to a trait of a newer prelude.
fn method(case: &Case) -> Option<Change> {
    let (file, target) = (case.file, case.target);
    let named = case.message.split('`').nth(1).unwrap_or_default();
    let texts = case.tokens.clone().map(|i| file.text(i)).chain(Some(named));
    let module = file.module(case.tokens.start);
    for text in texts {
        let newer = case.items.methods.get(text).map_or(false, |since| target.minor < *since);
        let there = (module.clone()).any(|i| file.reads(i, &[CRATE, "::", "prelude", "!"]) && file.module(i) == module);
        if newer && !there {
            let line = format!("{CRATE}::prelude!();");
            return Some(editions::insert(file, &module, &[line], &format!("std method {text}")));
        }
        if let Some(change) = scope(case, text) {
            return Some(change);
        }
    }
    None
}

/// Removes a newer provided method from an implementation of std's trait, which does not have it.
fn overriding(case: &Case) -> Option<Change> {
    let (file, function) = (case.file, case.tokens.start);
    let name = file.text(function + 1);
    let newer = case.items.methods.get(name).map_or(false, |since| case.target.minor < *since);
    let open = file.around(function).filter(|_| newer && file.text(function) == "fn")?;
    let header: Vec<&str> =
        (0..open).rev().map(|i| file.text(i)).take_while(|text| ![";", "{", "}"].contains(text)).collect();
    let (_, body) = function_around(file, function)?;
    let change = Change::at(file, function, "newer method of an implementation");
    let change = change.differs(format!("{name} is not the implementation's own, but oldstable-compat's"));
    let whole = file.attributes(function)..file.after(body);
    (header.contains(&"impl") && header.contains(&"for")).then(|| change.remove(file, whole))
}

/// Fixes a name that is in a newer prelude.
fn scope(case: &Case, name: &str) -> Option<Change> {
    let path = editions::path_for(name)?;
    if let Some(change) = editions::in_macro(case.file, case.tokens.clone(), &path, case.target) {
        return Some(change);
    }
    let module = case.file.module(case.tokens.start);
    let last = path.rsplit("::").next().unwrap_or(&path);
    if editions::declares(case.file, &module, last) {
        return None;
    }
    Some(editions::import(case.file, &module, std::slice::from_ref(&path), case.target))
}

fn path(case: &Case) -> Option<Change> {
    for i in case.tokens.clone() {
        if let Some(change) = standard::by_end(case.file, i, case.items, case.target.minor) {
            return Some(change);
        }
        if case.file.before(i) != "::" {
            if let Some(change) = scope(case, case.file.text(i)) {
                return Some(change);
            }
        }
    }
    None
}

fn attribute(case: &Case) -> Option<Change> {
    let (file, start) = (case.file, case.tokens.start);
    let open = start + 1;
    if file.text(start) != "#" || file.text(open) != "[" {
        return None;
    }
    let harmless = ["allow", "expect", "warn", "rustfmt", "cfg_attr"].contains(&file.text(open + 1));
    let change = Change::at(file, start, "attribute on an expression").remove(file, start..file.after(open));
    Some(if harmless { change } else { change.differs(format!("#[{}] is gone", file.text(open + 1))) })
}

fn array(case: &Case) -> Option<Change> {
    if case.message.starts_with("`[") && !case.message.contains("; ") {
        // Of all that a newer compiler takes for an iterator it is a boxed slice.
        return arrays::boxed(case.file, case.tokens.clone()).filter(|_| case.target.minor < 80);
    }
    let array = case.message.starts_with("`[") && case.message.contains("; ");
    let file = case.file;
    let mut tokens = case.tokens.clone();
    if file.text(tokens.end) == "(" && file.text(tokens.start) != "[" {
        // Old compilers point at the function: its arrays become vectors, one after the other, until it builds.
        let arguments = file.split(tokens.end + 1..file.other(tokens.end), ",");
        let mut arrays =
            arguments.into_iter().filter(|part| file.text(part.start) == "[" && file.after(part.start) == part.end);
        tokens = arrays.next()?;
    }
    array.then(|| arrays::iterated(file, tokens, case.std))
}

/// Fixes an inline format argument of a macro that hands its arguments on.
fn named_argument(case: &Case) -> Option<Change> {
    let (file, at) = (case.file, case.tokens.start);
    let name = case.message.split('`').nth(1).filter(|name| *name != "self")?;
    let open = file.around(at).filter(|open| file.before(*open) == "!" && file.kind(at) == Some(Kind::Literal))?;
    let close = file.other(open);
    let comma = if file.before(close) == "," { " " } else { ", " };
    let change = Change::at(file, at, "inline format argument");
    Some(change.insert(file.bytes(close..close + 1).start, format!("{comma}{name} = {name}")))
}

fn without_value(case: &Case) -> Option<Change> {
    uninhabited::binding(case.file, case.tokens.clone())
}

fn not_zero(case: &Case) -> Option<Change> {
    non_zero::implemented(case.file, case.tokens.clone()).filter(|_| case.target.minor < 79)
}

fn of_not_zero(case: &Case) -> Option<Change> {
    non_zero::called(case.file, case.tokens.start).filter(|_| case.target.minor < 79)
}

fn temporary(case: &Case) -> Option<Change> {
    temporaries::mend(case.file, case.tokens.clone()).filter(|_| case.target.minor < 79)
}

fn arm(case: &Case) -> Option<Change> {
    uninhabited::arm(case.file, case.tokens.clone(), case.message).filter(|_| case.target.minor < 82)
}

fn range(case: &Case) -> Option<Change> {
    syntax::mend_range(case.file, case.tokens.clone())
}

impl Case<'_> {
    /// Returns what the message says at its place.
    fn label(&self) -> Option<&str> {
        self.spans.iter().find(|span| span.is_primary)?.label.as_deref()
    }
}

fn bound(case: &Case) -> Option<Change> {
    syntax::mend_bound(case.file, case.tokens.clone(), case.label()?)
}

fn parameter(case: &Case) -> Option<Change> {
    non_zero::expected(case.file, case.tokens.clone(), case.label()?).filter(|_| case.target.minor < 79)
}

fn or_pattern(case: &Case) -> Option<Change> {
    syntax::mend_or(case.file, case.tokens.clone())
}

fn char_array(case: &Case) -> Option<Change> {
    arrays::pattern(case.file, case.tokens.clone())
}

fn collection(case: &Case) -> Option<Change> {
    arrays::collection(case.file, case.tokens.clone())
}

fn compared(case: &Case) -> Option<Change> {
    comparisons::mend(case.file, case.tokens.clone())
}

fn length(case: &Case) -> Option<Change> {
    arrays::length(case.file, case.tokens.clone())
}

/// Fixes a closure that captures all of a variable.
fn captured(case: &Case) -> Option<Change> {
    let file = case.file;
    let variable = case.message.split('`').nth(1)?.split('.').next()?;
    let own = case.spans.iter().filter(|span| !span.is_expanded());
    let starts = own.map(|span| file.at_byte(span.byte_start)).chain(Some(case.tokens.start));
    let closures = starts.filter(|start| ["|", "||"].contains(&file.text(*start)));
    closures.filter_map(|start| captures::mend(file, start, variable)).next()
}

/// Fixes a closure that captures the target of a field's reference instead of the reference.
fn moved(case: &Case) -> Option<Change> {
    let at = case.tokens.start;
    let closure = ["|", "||"].contains(&case.file.text(at));
    let change = Change::at(case.file, at, captures::WHAT).differs("the closure copies the values that it captures");
    closure.then(|| change.insert(case.file.bytes(at..at + 1).start, "move "))
}

/// Fixes a returned `impl Trait`, which in edition 2024 captures the lifetimes in scope.
fn hidden_lifetime(case: &Case) -> Option<Change> {
    let file = case.file;
    let (function, block) = function_around(file, case.tokens.start)?;
    let arrow = file.find(function, block, |i| file.text(i) == "->")?;
    let start = (arrow..block).find(|i| file.text(*i) == "impl")?;
    let (mut end, mut generics) = (start, 0);
    while end < block {
        match file.text(end) {
            "<" => generics += 1,
            ">" if generics == 0 => break,
            ">" => generics -= 1,
            "," | "where" if generics == 0 => break,
            _ => {}
        }
        end = file.after(end);
    }
    let named = file.text(function + 2) == "<" && file.text(function + 3).starts_with('\'');
    let lifetime = if named { file.text(function + 3) } else { "'_" };
    let bound = (start..end).any(|i| file.text(i) == lifetime && file.before(i) == "+");
    let change = Change::at(file, start, "impl Trait captures lifetimes");
    (!bound).then(|| change.insert(file.bytes(start..end).end, format!(" + {lifetime}")))
}

/// Returns the `fn` whose signature or body contains a token, and its body.
fn function_around(file: &File, i: usize) -> Option<(usize, usize)> {
    let starts =
        (0..=i).rev().filter(|at| file.text(*at) == "fn" && (file.is_name(at + 1) || file.text(at + 1) == "$"));
    let bodies = starts.filter_map(|at| Some((at, file.find(at, file.len(), |i| ["{", ";"].contains(&file.text(i)))?)));
    bodies.filter(|(_, block)| file.text(*block) == "{").find(|(_, block)| file.other(*block) >= i)
}

/// Fixes a private trait or type in a public interface, formerly an error and now a lint.
fn private(case: &Case) -> Option<Change> {
    let file = case.file;
    let name = case.message.split('`').nth(1)?.rsplit("::").next()?;
    let item = (0..file.len())
        .find(|i| ["trait", "struct", "enum", "type", "union"].contains(&file.text(*i)) && file.text(i + 1) == name)?;
    let mut first = item - usize::from(file.before(item) == "unsafe");
    let change =
        Change::at(file, item, "private item in a public one").differs(format!("{name} is public where its module is"));
    let start = file.bytes(first..first + 1).start;
    if file.before(first) == ")" {
        // Its visibility was limited to some modules.
        first = file.other(first - 1) - 1;
        return (file.text(first) == "pub").then(|| change.replace(file.bytes(first..first + 1).start..start, "pub "));
    }
    (file.before(first) != "pub").then(|| change.insert(start, "pub "))
}

fn cast(case: &Case) -> Option<Change> {
    let (_, block) = function_around(case.file, case.tokens.start)?;
    casts::mend(case.file, block..case.file.other(block))
}

fn transmuted(case: &Case) -> Option<Change> {
    transmutes::mend(case.file, case.tokens.clone(), case.target)
}

fn constant(case: &Case) -> Option<Change> {
    constants::mend(case.file, case.tokens.clone(), case.target.minor)
}

fn unwrapped(case: &Case) -> Option<Change> {
    constants::unwrapped(case.file, case.tokens.clone(), case.message, case.target.minor)
}

fn no_const(case: &Case) -> Option<Change> {
    let file = case.file;
    let (function, _) = function_around(file, case.tokens.start)?;
    let mut first = function;
    while ["unsafe", "extern"].contains(&file.before(first)) || file.before(first).starts_with('"') {
        first -= 1;
    }
    if file.before(first) != "const" {
        return None;
    }
    let name = file.text(function + 1 + usize::from(file.text(function + 1) == "$"));
    let change = Change::at(file, first - 1, "const fn").remove(file, first - 1..first);
    Some(change.differs(format!("{name} is not a const fn: it cannot be called in a constant")))
}
