// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use oldstable_compat::hint::black_box;
use std::rc::Rc;

#[test]
fn black_box_returns_its_argument() {
    let f: fn(u8) -> u8 = black_box;
    assert_eq!(f(3), 3);
    let shared = Rc::new(1);
    assert_eq!(Rc::strong_count(&black_box(shared.clone())), 2);
    assert_eq!(Rc::strong_count(&shared), 1);
}
