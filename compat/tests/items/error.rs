// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#[cfg(any(feature = "std", not(before_1_81)))]
#[test]
fn error_is_the_trait_of_std() {
    fn source(error: &dyn oldstable_compat::error::Error) -> Option<&dyn std::error::Error> {
        error.source()
    }
    assert!(source(&std::fmt::Error).is_none());
}
