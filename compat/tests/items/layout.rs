// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use std::alloc::Layout;

oldstable_compat::prelude!();

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a layout")
}

#[test]
fn layouts_of_many_values() {
    let (six, four) = (layout(6, 4), layout(4, 4));
    assert_eq!(six.repeat(3).ok(), Some((layout(22, 4), 8)));
    assert_eq!(six.repeat(0).ok(), Some((layout(0, 4), 8)));
    assert_eq!(six.repeat_packed(3).ok(), Some(layout(18, 4)));
    assert_eq!(six.extend_packed(four).ok(), Some(layout(10, 4)));
    assert_eq!(layout(0, 1).repeat(usize::MAX).ok(), Some((layout(0, 1), 0)));
    let pointer = layout(3, 4096).dangling_ptr();
    assert_eq!(pointer.as_ptr() as usize, 4096);
}

#[test]
fn a_layout_is_at_most_half_the_memory() {
    const MOST: usize = isize::MAX as usize;
    let (one, most) = (layout(1, 1), layout(MOST, 1));
    assert_eq!(one.repeat(MOST).ok(), Some((most, 1)));
    assert!(one.repeat(MOST + 1).is_err() && one.repeat_packed(MOST + 1).is_err());
    assert!(most.repeat(2).is_err() && most.repeat_packed(3).is_err() && most.repeat(usize::MAX).is_err());
    assert!(most.extend_packed(one).is_err());
    assert_eq!(most.extend_packed(layout(0, 8)).ok(), Some(most));
    assert!(layout(MOST - 7, 8).extend_packed(one).is_err());
}
