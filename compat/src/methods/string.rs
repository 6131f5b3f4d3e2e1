// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `String`.

use alloc_crate::string::String;

#[cfg(before_1_56)]
extension! {
    /// Methods of `String` from Rust 1.56.
    StringShrinkTo for String;
    /// Frees memory, down to a capacity, or the length if that is greater.
    fn shrink_to(&mut self, min_capacity: usize) {
        let target = min_capacity.max(self.len());
        if target < self.capacity() {
            let mut smaller = String::with_capacity(target);
            smaller.push_str(self);
            *self = smaller;
        }
    }
}

#[cfg(before_1_57)]
try_reserve! {
    /// Methods of `String` from Rust 1.57.
    StringTryReserve for String;
    by crate::collections::try_reserve::<u8>;
    try_reserve reserve
    try_reserve_exact reserve_exact
}

#[cfg(before_1_72)]
extension! {
    /// Methods of `String` from Rust 1.72.
    StringLeak for String;
    /// The text, which is never freed.
    fn leak<'a>(self) -> &'a mut str {
        let bytes = self.into_bytes().leak();
        // SAFETY: they were the bytes of a string.
        unsafe { core::str::from_utf8_unchecked_mut(bytes) }
    }
}

#[cfg(before_1_87)]
extension! {
    /// Methods of `String` from Rust 1.87.
    StringExtendFromWithin for String;
    /// Appends a copy of a range of the string.
    ///
    /// # Panics
    ///
    /// If the range is out of bounds, or its ends are inside characters.
    fn extend_from_within<R>(&mut self, src: R)
    where R: core::ops::RangeBounds<usize> {
        let range = crate::methods::range_of(src, self.len());
        let part = String::from(&self[range]);
        self.push_str(&part);
    }
}

#[cfg(before_1_93)]
extension! {
    /// Methods of `String` from Rust 1.93.
    StringIntoRawParts for String;
    /// The pointer, the length and the capacity.
    fn into_raw_parts(self) -> (*mut u8, usize, usize) {
        let mut bytes = core::mem::ManuallyDrop::new(self.into_bytes());
        (bytes.as_mut_ptr(), bytes.len(), bytes.capacity())
    }
}
