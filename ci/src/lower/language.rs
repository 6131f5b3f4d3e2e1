// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Features of the language that are not rewritten, by the errors that the floor's compiler reports for them.

use super::messages::Message;
use super::Package;

/// Language features that are not rewritten: a part of the error's text, and the release with the feature.
const LANGUAGE: &[(&str, &str, u32)] = &[
    ("const generics are unstable", "const generics", 51),
    ("type parameters must be declared prior to const parameters", "constants before types among parameters", 59),
    ("or `>`, found `=`", "defaults of const parameters", 59),
    ("defaults for const parameters", "defaults of const parameters", 59),
    ("generic associated types are unstable", "generic associated types", 65),
    ("where clauses on associated types", "generic associated types", 65),
    ("inline assembly is not stable", "asm!", 59),
    ("use of unstable library feature 'asm'", "asm!", 59),
    ("could not find `asm` in `arch`", "asm!", 59),
    ("async fn", "async fn in traits", 75),
    ("`impl Trait` only allowed in function", "impl Trait in traits", 75),
    ("or-patterns syntax is experimental", "or-patterns in let and parameters", 53),
    ("half-open range patterns", "half-open range patterns", 55),
    ("half-open range patterns", "range patterns without a start", 66),
    ("exclusive range pattern", "exclusive range patterns", 80),
    ("trait bounds other than `Sized` on const fn", "bounds on the parameters of a const fn", 61),
    ("use of unstable library feature 'stdsimd'", "the types of AVX-512", 72),
    ("`const extern fn` definitions are unstable", "const extern fn", 62),
    ("are limited to constant functions", "calls of const fn that do what newer ones may", 56),
    ("cannot call non-const", "calls of const fn that do what newer ones may", 56),
    ("panicking in ", "panics in constants", 57),
    ("binding by-move and by-ref in the same pattern", "bindings by move and by reference in one pattern", 49),
    ("refutable pattern in local binding", "patterns without the variants that have no value", 82),
    ("associated type bounds are unstable", "bounds of associated types where they are named", 79),
    ("unions with non-`Copy` fields are unstable", "unions with fields that are not Copy", 49),
    ("trait upcasting", "trait upcasting", 86),
    ("target feature", "safe functions with #[target_feature]", 86),
    ("`#[debugger_visualizer]`", "debugger_visualizer", 71),
    ("using `_` for array lengths", "array lengths that are inferred", 89),
    ("arbitrary expressions in key-value attributes", "macros in attributes", 54),
    ("constants cannot refer to statics", "constants that refer to statics", 83),
    ("use of unstable library feature 'array_methods'", "const generics", 51),
    ("cannot provide explicit generic arguments when `impl Trait`", "generic arguments beside impl Trait", 63),
    ("use of unstable library feature 'process_exitcode_placeholder'", "ExitCode as the result of main", 61),
    (">: Try` is not satisfied", "ControlFlow in `?` and in methods such as try_for_each", 55),
    ("expected expression, found reserved identifier `_`", "destructuring assignment", 59),
    ("non-ascii idents are not fully supported", "names with letters beyond ASCII", 53),
];

/// The errors about a value that is borrowed, moved or does not live long enough.
const BORROWS: [&str; 9] = ["E0373", "E0382", "E0499", "E0502", "E0503", "E0505", "E0506", "E0594", "E0596"];

/// Returns the construct that a floor's error in a package is about, and the first release with it.
pub fn of(message: &Message, package: &Package) -> Option<(&'static str, u32)> {
    let closure = || {
        let captures = package.target.minor < 56 && package.target.leaves(2021) && BORROWS.contains(&message.code());
        (captures && message.points_at_closure(&package.files)).then_some(("closures that capture fields", 56))
    };
    named(&message.message, package.target.minor).or_else(closure)
}

/// Returns the construct that the text of a floor's error is about, and the first release with it.
pub fn named(message: &str, floor: u32) -> Option<(&'static str, u32)> {
    let found = LANGUAGE.iter().find(|(says, _, since)| message.contains(says) && floor < *since);
    found.map(|(_, what, since)| (*what, *since))
}
