// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Programs that must not compile, with the compiler's messages.

use crate::{ui_programs, LIBRARY};

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let paths = ["oldstable_compat::c_str_literal::"];
    ui_programs::what_is_wrong_is_refused(&LIBRARY, "metadata", &[], &paths, 10);
}

#[test]
fn what_is_right_compiles() {
    ui_programs::what_is_right_compiles(&LIBRARY, "metadata");
}
