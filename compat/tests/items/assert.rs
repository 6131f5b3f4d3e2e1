// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use crate::panic_message;

/// Runs the assertions on a macro.
macro_rules! check {
    ($($assert_matches:tt)*) => {
        $($assert_matches)*!(Some(1), Some(_));
        $($assert_matches)*!(Some(1), None | Some(1..=3));
        $($assert_matches)*!(Some(1), Some(n) if n > 0, "not {}", "positive");
        let value = Some("a".to_string());
        $($assert_matches)*!(value, Some(_),);
        assert_eq!(value.as_deref(), Some("a"), "it is still here");
        assert_eq!(
            panic_message(|| $($assert_matches)*!(Some(1), None)),
            "assertion `left matches right` failed\n  left: Some(1)\n right: None"
        );
        assert_eq!(
            panic_message(|| $($assert_matches)*!(2, 0 | 1, "bit {}", 7)),
            "assertion `left matches right` failed: bit 7\n  left: 2\n right: 0 | 1"
        );
    };
}

#[test]
fn assert_matches_shows_the_value_and_the_pattern() {
    check!(oldstable_compat::assert_matches);
    #[cfg(not(before_1_96))]
    {
        check!(std::assert_matches);
    }
}

oldstable_compat::const_assert!(std::mem::size_of::<u16>() == 2);

#[test]
fn const_assert_is_an_item_anywhere() {
    oldstable_compat::const_assert!(1 + 1 == 2, "counting works");
}
