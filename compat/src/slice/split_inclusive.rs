// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `split_inclusive` of slices, for compilers before Rust 1.51.

runs! {
    /// The parts of a slice, each with the element that ends it: `core::slice::SplitInclusive` and `SplitInclusiveMut`
    /// from Rust 1.51.
    SplitInclusive SplitInclusiveMut where P: FnMut(&T) -> bool;
}

/// The length of the first part.
fn first<T>(rest: &[T], pred: impl FnMut(&T) -> bool) -> usize {
    rest.iter().position(pred).map_or(rest.len(), |last| last + 1)
}

/// The index at which the last part begins: after the last end before the last element.
fn last<T>(rest: &[T], pred: impl FnMut(&T) -> bool) -> usize {
    let before = &rest[..rest.len() - 1];
    before.iter().rposition(pred).map_or(0, |end| end + 1)
}
