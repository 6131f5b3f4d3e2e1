// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use crate::panic_message;
use oldstable_compat::array::from_fn;
use std::cell::Cell;

#[test]
fn from_fn_gives_each_element_its_index() {
    let array: [usize; 5] = from_fn(|i| i * i);
    assert_eq!(array, [0, 1, 4, 9, 16]);
    let array: [String; 2] = from_fn(|i| i.to_string());
    assert_eq!(array, ["0", "1"]);
    let array: [u8; 0] = from_fn(|_| panic!("called"));
    assert_eq!(array, []);
    type Element = fn(usize) -> u8;
    let f: fn(Element) -> [u8; 3] = from_fn;
    assert_eq!(f(|i| i as u8), [0, 1, 2]);
}

#[test]
fn from_fn_drops_what_it_has_when_the_function_panics() {
    struct Count<'a>(&'a Cell<u8>);
    impl Drop for Count<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    impl std::fmt::Debug for Count<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Count")
        }
    }

    let dropped = Cell::new(0);
    let message = panic_message(|| -> [Count<'_>; 8] {
        from_fn(|i| {
            assert!(i < 3, "enough");
            Count(&dropped)
        })
    });
    assert_eq!((message.as_str(), dropped.get()), ("enough", 3));
}
