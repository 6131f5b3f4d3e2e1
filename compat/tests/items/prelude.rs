// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The prelude causes no warnings, whether or not a compiler has its items.
#![deny(warnings)]

mod unused {
    oldstable_compat::prelude!();

    pub fn check() -> bool {
        true
    }
}

#[test]
fn an_unused_prelude_in_a_function_is_silent() {
    oldstable_compat::prelude!();
    assert!(unused::check());
}
