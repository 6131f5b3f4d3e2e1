//! What must not compile, and what the compiler says then.

use crate::library::Library;
use crate::ui_programs;

/// Some rules are checked only for functions that are used, which is to say, compiled.
const EMIT: &str = "obj";

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let paths = ["oldstable::qom::", "oldstable::qdev::"];
    ui_programs::what_is_wrong_is_refused(&Library::build(&[]), EMIT, &paths, 20);
}

#[test]
fn what_is_right_compiles() {
    ui_programs::what_is_right_compiles(&Library::build(&[]), EMIT);
}
