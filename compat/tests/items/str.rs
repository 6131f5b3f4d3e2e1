// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

oldstable_compat::prelude!();

/// Runs the assertions on the result of a chain of methods.
macro_rules! check {
    ($($path:tt)*) => {
        assert_eq!($($path)*::split_once("a=b=c", '='), Some(("a", "b=c")));
        assert_eq!($($path)*::split_once("a", '='), None);
        assert_eq!($($path)*::split_once("aü→ü→", "ü→"), Some(("a", "ü→")));
        assert_eq!($($path)*::split_once("a", ""), Some(("", "a")));
        assert_eq!($($path)*::split_once("aüb", |c| c > 'z'), Some(("a", "b")));
        assert_eq!($($path)*::split_once("a b", char::is_whitespace), Some(("a", "b")));
        assert_eq!($($path)*::rsplit_once("a=b=c", '='), Some(("a=b", "c")));
        assert_eq!($($path)*::rsplit_once("aü→ü→", "ü→"), Some(("aü→", "")));
        assert_eq!($($path)*::rsplit_once("ab", ""), Some(("ab", "")));
        assert_eq!($($path)*::rsplit_once("aübüc", |c| c > 'z'), Some(("aüb", "c")));
        assert_eq!($($path)*::rsplit_once("", 'x'), None);
    };
}

#[test]
fn delimiters_split_at_their_first_or_last_occurrence() {
    check!(str);
    #[cfg(before_1_52)]
    {
        check!(StrSplitOnce);
    }
}
