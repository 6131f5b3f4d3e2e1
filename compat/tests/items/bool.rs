// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

oldstable_compat::prelude!();

#[test]
fn then_calls_the_function_only_if_true() {
    fn check(then: fn(bool, fn() -> u8) -> Option<u8>) {
        assert_eq!(then(true, || 7), Some(7));
        assert_eq!(then(false, || panic!("called")), None);
    }
    check(bool::then);
    #[cfg(before_1_50)]
    check(BoolThen::then);
}

#[test]
fn then_some_keeps_the_value_if_true() {
    fn check(then_some: fn(bool, String) -> Option<String>) {
        assert_eq!(then_some(true, "a".into()), Some("a".into()));
        assert_eq!(then_some(false, "a".into()), None);
    }
    check(bool::then_some);
    #[cfg(before_1_62)]
    check(BoolThenSome::then_some);
}
