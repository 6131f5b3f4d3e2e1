// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Layout`.
// Before Rust 1.50 its error has another name, which newer compilers deprecate.
#![allow(deprecated)]

use core::alloc::Layout;

#[cfg(before_1_95)]
use crate::alloc::LayoutError;

#[cfg(before_1_95)]
extension! {
    /// Methods of `Layout` from Rust 1.95.
    LayoutRepeat for Layout;
    /// A pointer with the layout's alignment, which points to nothing.
    fn dangling_ptr(&self) -> core::ptr::NonNull<u8> {
        core::ptr::NonNull::new(crate::ptr::without_provenance_mut(self.align())).expect("an alignment is not 0")
    }
    /// The layout of `n` values, each aligned, without padding behind the last, and the distance between two of them.
    ///
    /// # Errors
    ///
    /// If the size overflows.
    fn repeat(&self, n: usize) -> Result<(Layout, usize), LayoutError> {
        let each = self.pad_to_align().size();
        let size = match n.checked_sub(1) {
            Some(before) => each.checked_mul(before).and_then(|size| size.checked_add(self.size())),
            None => Some(0),
        };
        Ok((layout(size, self.align())?, each))
    }
    /// The layout of `n` values without padding between them.
    ///
    /// # Errors
    ///
    /// If the size overflows.
    fn repeat_packed(&self, n: usize) -> Result<Layout, LayoutError> { layout(self.size().checked_mul(n), self.align()) }
    /// The layout with another one behind it, without padding between them.
    ///
    /// # Errors
    ///
    /// If the size overflows.
    fn extend_packed(&self, next: Layout) -> Result<Layout, LayoutError> {
        layout(self.size().checked_add(next.size()), self.align())
    }
}

/// A layout that is not larger than today's std permits. Some releases let a size be up to `usize::MAX`.
#[cfg(before_1_95)]
#[inline]
fn layout(size: Option<usize>, align: usize) -> Result<Layout, LayoutError> {
    match size {
        Some(size) if size <= isize::MAX as usize - (align - 1) => Layout::from_size_align(size, align),
        // No alignment is 0: this is how to get an error.
        _ => Layout::from_size_align(0, 0),
    }
}
