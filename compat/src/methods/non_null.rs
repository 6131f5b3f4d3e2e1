// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `NonNull`.

use core::num::NonZeroUsize;
use core::ptr::NonNull;

#[cfg(before_1_80)]
use crate::methods::pointer::with_start;

/// The result of an operation that cannot be null.
macro_rules! not_null {
    ($pointer:expr) => {{
        // SAFETY: the operation never returns null.
        #[allow(unused_unsafe)]
        unsafe {
            NonNull::new_unchecked($pointer)
        }
    }};
}

#[cfg(before_1_63)]
extension! {
    /// Methods of `NonNull` to slices from Rust 1.63.
    NonNullLen<T> for NonNull<[T]>;
    /// The number of elements of the slice.
    fn len(self) -> usize {
        crate::methods::pointer::len_of(self.as_ptr())
    }
}

#[cfg(before_1_70)]
extension! {
    /// Functions of `NonNull` to slices from Rust 1.70.
    NonNullSlice<T> for NonNull<[T]>;
    /// A pointer to a slice.
    fn slice_from_raw_parts(data: NonNull<T>, len: usize) -> NonNull<[T]> {
        not_null!(core::ptr::slice_from_raw_parts_mut(data.as_ptr(), len))
    }
}

#[cfg(before_1_79)]
extension! {
    /// Methods of `NonNull` from Rust 1.79.
    NonNullIsAligned<T> for NonNull<T>;
    /// Whether the address is a multiple of the type's alignment.
    fn is_aligned(self) -> bool {
        self.as_ptr() as usize % core::mem::align_of::<T>() == 0
    }
}

#[cfg(before_1_79)]
extension! {
    /// Methods of `NonNull` to slices from Rust 1.79.
    NonNullIsEmpty<T> for NonNull<[T]>;
    /// Whether the slice has no elements.
    fn is_empty(self) -> bool {
        crate::methods::pointer::len_of(self.as_ptr()) == 0
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of `NonNull` from Rust 1.80, like those of raw pointers; the unsafe ones have the conditions of the raw
    /// pointer's method.
    NonNullMethods<T> for NonNull<T>;
    /// The pointer `count` elements further.
    unsafe fn add(self, count: usize) -> Self { not_null!(self.as_ptr().add(count)) }
    /// The pointer `count` elements back.
    unsafe fn sub(self, count: usize) -> Self { not_null!(self.as_ptr().sub(count)) }
    /// The pointer `count` elements further or back.
    unsafe fn offset(self, count: isize) -> Self { not_null!(self.as_ptr().offset(count)) }
    /// The distance from `origin` in elements.
    unsafe fn offset_from(self, origin: NonNull<T>) -> isize { self.as_ptr().offset_from(origin.as_ptr()) }
    /// The value that it points to, without moving it.
    unsafe fn read(self) -> T { self.as_ptr().read() }
    /// The value that it points to, without moving it, as one access.
    unsafe fn read_volatile(self) -> T { self.as_ptr().read_volatile() }
    /// The value that it points to, which need not be aligned.
    unsafe fn read_unaligned(self) -> T { self.as_ptr().read_unaligned() }
    /// Overwrites the value that it points to without dropping it.
    unsafe fn write(self, value: T) { self.as_ptr().write(value) }
    /// Overwrites the value that it points to without dropping it, as one access.
    unsafe fn write_volatile(self, value: T) { self.as_ptr().write_volatile(value) }
    /// Overwrites the value that it points to, which need not be aligned.
    unsafe fn write_unaligned(self, value: T) { self.as_ptr().write_unaligned(value) }
    /// Sets the bytes of `count` values.
    unsafe fn write_bytes(self, value: u8, count: usize) { self.as_ptr().write_bytes(value, count) }
    /// Replaces the value that it points to, and returns the old one.
    unsafe fn replace(self, value: T) -> T { self.as_ptr().replace(value) }
    /// Swaps the values that both point to.
    unsafe fn swap(self, with: NonNull<T>) { self.as_ptr().swap(with.as_ptr()) }
    /// Copies `count` values to `dest`; they may overlap.
    unsafe fn copy_to(self, dest: NonNull<T>, count: usize) { self.as_ptr().copy_to(dest.as_ptr(), count) }
    /// Copies `count` values to `dest`; they do not overlap.
    unsafe fn copy_to_nonoverlapping(self, dest: NonNull<T>, count: usize) {
        self.as_ptr().copy_to_nonoverlapping(dest.as_ptr(), count)
    }
    /// Copies `count` values from `src`; they may overlap.
    unsafe fn copy_from(self, src: NonNull<T>, count: usize) { self.as_ptr().copy_from(src.as_ptr(), count) }
    /// Copies `count` values from `src`; they do not overlap.
    unsafe fn copy_from_nonoverlapping(self, src: NonNull<T>, count: usize) {
        self.as_ptr().copy_from_nonoverlapping(src.as_ptr(), count)
    }
    /// The number of elements to an aligned address; `usize::MAX` if there is none.
    fn align_offset(self, align: usize) -> usize { self.as_ptr().align_offset(align) }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of `NonNull` to anything from Rust 1.80, like those of raw pointers; the unsafe ones have the conditions
    /// of the raw pointer's method.
    NonNullBytes<T: ?Sized> for NonNull<T>;
    /// The pointer `count` bytes further.
    unsafe fn byte_add(self, count: usize) -> Self {
        not_null!(with_start(self.as_ptr(), (self.as_ptr() as *const u8).add(count)))
    }
    /// The pointer `count` bytes back.
    unsafe fn byte_sub(self, count: usize) -> Self {
        not_null!(with_start(self.as_ptr(), (self.as_ptr() as *const u8).sub(count)))
    }
    /// The pointer `count` bytes further or back.
    unsafe fn byte_offset(self, count: isize) -> Self {
        not_null!(with_start(self.as_ptr(), (self.as_ptr() as *const u8).offset(count)))
    }
    /// The distance from `origin` in bytes.
    unsafe fn byte_offset_from<U>(self, origin: NonNull<U>) -> isize
    where U: ?Sized {
        (self.as_ptr() as *const u8).offset_from(origin.as_ptr() as *const u8)
    }
    /// Drops the value that it points to.
    unsafe fn drop_in_place(self) { self.as_ptr().drop_in_place() }
}

#[cfg(before_1_84)]
extension! {
    /// Methods of `NonNull` from Rust 1.84.
    NonNullAddr<T: ?Sized> for NonNull<T>;
    /// The address.
    fn addr(self) -> NonZeroUsize {
        // SAFETY: a pointer that is not null has an address that is not 0.
        unsafe { NonZeroUsize::new_unchecked(self.as_ptr() as *mut () as usize) }
    }
    /// The same pointer with another address.
    fn with_addr(self, addr: NonZeroUsize) -> Self {
        not_null!(crate::methods::pointer_address::StrictProvenance::with_addr(self.as_ptr(), addr.get()))
    }
    /// The same pointer with a function's result for its address.
    fn map_addr(self, f: impl FnOnce(NonZeroUsize) -> NonZeroUsize) -> Self {
        let addr = f(NonNullAddr::addr(self));
        NonNullAddr::with_addr(self, addr)
    }
}

#[cfg(before_1_87)]
extension! {
    /// Methods of `NonNull` from Rust 1.87.
    NonNullOffsetFromUnsigned<T> for NonNull<T>;
    /// The distance from `origin`, which must not be after it, in elements.
    ///
    /// # Safety
    ///
    /// As for `offset_from`, and the distance is not negative.
    unsafe fn offset_from_unsigned(self, origin: NonNull<T>) -> usize {
        self.as_ptr().offset_from(origin.as_ptr()) as usize
    }
}

#[cfg(before_1_87)]
extension! {
    /// Methods of `NonNull` to anything from Rust 1.87.
    NonNullByteOffsetFromUnsigned<T: ?Sized> for NonNull<T>;
    /// The distance from `origin`, which must not be after it, in bytes.
    ///
    /// # Safety
    ///
    /// As for `byte_offset_from`, and the distance is not negative.
    unsafe fn byte_offset_from_unsigned<U>(self, origin: NonNull<U>) -> usize
    where U: ?Sized {
        (self.as_ptr() as *const u8).offset_from(origin.as_ptr() as *const u8) as usize
    }
}

#[cfg(before_1_89)]
extension! {
    /// Functions of `NonNull` from Rust 1.89.
    NonNullFromRef<T: ?Sized> for NonNull<T>;
    /// The pointer to a reference's target.
    fn from_ref(reference: &T) -> NonNull<T> { NonNull::from(reference) }
    /// The pointer to an exclusive reference's target.
    fn from_mut(reference: &mut T) -> NonNull<T> { NonNull::from(reference) }
    /// The address, which `with_exposed_provenance` can convert back.
    fn expose_provenance(self) -> NonZeroUsize {
        // SAFETY: a pointer that is not null has an address that is not 0.
        unsafe { NonZeroUsize::new_unchecked(self.as_ptr() as *mut () as usize) }
    }
}

#[cfg(before_1_89)]
extension! {
    /// Functions of `NonNull` from Rust 1.89, which make a pointer from an address.
    NonNullFromAddr<T> for NonNull<T>;
    /// A pointer from an address of `expose_provenance`.
    fn with_exposed_provenance(addr: NonZeroUsize) -> NonNull<T> { not_null!(addr.get() as *mut T) }
    /// A pointer with an address but without provenance.
    fn without_provenance(addr: NonZeroUsize) -> NonNull<T> {
        not_null!(crate::ptr::without_provenance_mut(addr.get()))
    }
}
