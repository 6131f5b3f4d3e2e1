// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `chunk_by` of slices, for compilers before Rust 1.77.

runs! {
    /// The runs of elements in which each neighbouring pair fulfils a condition: `core::slice::ChunkBy` and `ChunkByMut`
    /// from Rust 1.77.
    ChunkBy ChunkByMut where P: FnMut(&T, &T) -> bool;
}

/// The length of the first run.
fn first<T>(rest: &[T], mut pred: impl FnMut(&T, &T) -> bool) -> usize {
    let end = rest.windows(2).position(|pair| !pred(&pair[0], &pair[1]));
    end.map_or(rest.len(), |end| end + 1)
}

/// The index at which the last run begins.
fn last<T>(rest: &[T], mut pred: impl FnMut(&T, &T) -> bool) -> usize {
    let end = rest.windows(2).rposition(|pair| !pred(&pair[0], &pair[1]));
    end.map_or(0, |end| end + 1)
}
