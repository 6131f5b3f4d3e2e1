// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Values at a fixed place in C memory: array elements, struct members, a block of their own.

use std::convert::TryInto;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::ptr::{self, NonNull};

use oldstable_compat::ffi::c_void;

use super::alloc::alloc_array;
use super::{Allocator, ConversionError, Malloc, OwnedPointer, Utf8};
use super::{CloneToForeign, FromForeign};

/// A type with a C type of fixed size that can be in an array or a struct.
///
/// Numbers and structs are stored in place; strings, boxes and options as a pointer.
pub trait ForeignField: Sized {
    /// The C type of the array element or struct member.
    type Field;

    /// Converts the value to its C form; `A` allocates the memory that it points to.
    ///
    /// ```
    /// use oldstable::foreign::{ForeignField, Malloc};
    ///
    /// let mut member = "abc".to_string().try_to_field::<Malloc>().unwrap();
    /// assert_eq!(unsafe { *member } as u8, b'a');
    /// unsafe { String::free_field::<Malloc>(&mut member) };
    /// ```
    ///
    /// # Errors
    ///
    /// As [`CloneToForeign::try_clone_to_foreign_in`].
    fn try_to_field<A: Allocator>(&self) -> Result<Self::Field, ConversionError>;

    /// Copies the value out of its C form, treating text as `utf8` says.
    ///
    /// ```
    /// use oldstable::foreign::{ForeignField, Utf8};
    ///
    /// let number = unsafe { u32::read_field(&7, Utf8::Checked) };
    /// assert_eq!(number.unwrap(), 7);
    /// ```
    ///
    /// # Errors
    ///
    /// As [`FromForeign::read_foreign`].
    ///
    /// # Safety
    ///
    /// `field` points to a valid C form of this type.
    unsafe fn read_field(field: *const Self::Field, utf8: Utf8) -> Result<Self, ConversionError>;

    /// Frees the memory that the C form points to, not the place of the C form itself.
    ///
    /// ```
    /// use oldstable::foreign::{ForeignField, Malloc};
    ///
    /// let mut member = "abc".to_string().try_to_field::<Malloc>().unwrap();
    /// unsafe { String::free_field::<Malloc>(&mut member) };
    /// ```
    ///
    /// # Safety
    ///
    /// `field` points to a valid C form whose memory `A` allocated and which is not used any more.
    unsafe fn free_field<A: Allocator>(field: *mut Self::Field);

    /// Copies `len` consecutive values at `ptr`, which stay with their owner; invalid UTF-8 becomes U+FFFD.
    ///
    /// ```
    /// use oldstable::foreign::ForeignField;
    ///
    /// let numbers = [1u32, 2, 3];
    /// assert_eq!(unsafe { u32::cloned_vec_from_foreign(numbers.as_ptr(), 3) }, numbers);
    /// ```
    ///
    /// # Panics
    ///
    /// If `ptr` is NULL and `len` is not 0, or an element cannot be read.
    ///
    /// # Safety
    ///
    /// `ptr` is NULL or points to `len` valid C forms of this type.
    #[track_caller]
    unsafe fn cloned_vec_from_foreign(ptr: *const Self::Field, len: usize) -> Vec<Self> {
        // SAFETY: the caller guarantees `len` elements.
        match unsafe { read_array(ptr, len, Utf8::Lossy) } {
            Ok(values) => values,
            Err(err) => err.fail(),
        }
    }

    /// Copies `len` consecutive values at `ptr`, which stay with their owner, or returns an error.
    ///
    /// `len` may be of any integer type, as C's lengths are.
    ///
    /// ```
    /// use oldstable::foreign::{ConversionError, ForeignField};
    ///
    /// let numbers = [1u32, 2, 3];
    /// let read = |len: i32| unsafe { u32::try_cloned_vec_from_foreign(numbers.as_ptr(), len) };
    /// assert_eq!(read(3).unwrap(), numbers);
    /// assert_eq!(read(-1), Err(ConversionError::Length));
    /// ```
    ///
    /// # Errors
    ///
    /// If `ptr` is NULL and `len` is not 0, `len` is negative or larger than any object, or an element cannot be read.
    ///
    /// # Safety
    ///
    /// `ptr` is NULL or points to `len` valid C forms of this type.
    unsafe fn try_cloned_vec_from_foreign<L: TryInto<usize>>(
        ptr: *const Self::Field,
        len: L,
    ) -> Result<Vec<Self>, ConversionError> {
        let len = len.try_into().map_err(|_| ConversionError::Length)?;
        // SAFETY: the caller guarantees `len` elements.
        unsafe { read_array(ptr, len, Utf8::Checked) }
    }
}

/// A type whose C form owns nothing, so that it need not be freed.
///
/// # Safety
///
/// [`ForeignField::free_field`] does nothing, and [`ForeignField::try_to_field`] allocates nothing
/// and does not fail.
pub unsafe trait FixedAlloc: ForeignField {
    /// Copies the value to the caller's storage.
    ///
    /// ```
    /// use oldstable::foreign::FixedAlloc;
    ///
    /// let mut place = 0u32;
    /// unsafe { 42u32.clone_into_foreign(&mut place) };
    /// assert_eq!(place, 42);
    /// ```
    ///
    /// # Safety
    ///
    /// `dest` can be written.
    #[inline]
    unsafe fn clone_into_foreign(&self, dest: *mut Self::Field) {
        match self.try_to_field::<Malloc>() {
            // SAFETY: the caller guarantees that it can be written.
            Ok(field) => unsafe { dest.write(field) },
            Err(err) => err.fail(),
        }
    }

    /// Copies the values consecutively to the caller's storage.
    ///
    /// ```
    /// use oldstable::foreign::FixedAlloc;
    ///
    /// let mut place = [0u32; 3];
    /// unsafe { u32::clone_slice_into_foreign(&[1, 2, 3], place.as_mut_ptr()) };
    /// assert_eq!(place, [1, 2, 3]);
    /// ```
    ///
    /// # Safety
    ///
    /// `dest` can be written for as many elements as `values` has.
    unsafe fn clone_slice_into_foreign(values: &[Self], dest: *mut Self::Field) {
        for (i, value) in values.iter().enumerate() {
            // SAFETY: `dest` has room for each of the values.
            unsafe { value.clone_into_foreign(dest.add(i)) };
        }
    }
}

/// The C form of a `T`, freed when dropped: a guard while other members are converted.
#[doc(hidden)]
pub struct OwnedField<T: ForeignField, A: Allocator> {
    field: ManuallyDrop<T::Field>,
    allocator: PhantomData<A>,
}

impl<T: ForeignField, A: Allocator> OwnedField<T, A> {
    /// Converts a value.
    ///
    /// # Errors
    /// If the value has no such form, such as text with a NUL inside.
    #[inline]
    pub fn new(value: &T) -> Result<Self, ConversionError> {
        Ok(OwnedField { field: ManuallyDrop::new(value.try_to_field::<A>()?), allocator: PhantomData })
    }

    /// Returns the form itself, which is then not freed.
    #[inline]
    pub fn into_inner(self) -> T::Field {
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is never dropped, so the value is not used twice.
        unsafe { ptr::read(&*this.field) }
    }
}

impl<T: ForeignField, A: Allocator> Drop for OwnedField<T, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the C form came from `try_to_field` with the same allocator.
        unsafe { T::free_field::<A>(&mut *self.field) }
    }
}

/// Copies `values` to their C form at `dest`, all of them or none.
///
/// # Safety
///
/// `dest` can be written for that many elements.
#[inline]
pub(super) unsafe fn write_elements<T: ForeignField, A: Allocator>(
    values: &[T],
    dest: *mut T::Field,
) -> Result<(), ConversionError> {
    for (i, value) in values.iter().enumerate() {
        match value.try_to_field::<A>() {
            // SAFETY: `dest` has room for each of the values.
            Ok(field) => unsafe { dest.add(i).write(field) },
            Err(err) => {
                // SAFETY: these have been written.
                unsafe { free_elements::<T, A>(dest, i) };
                return Err(err);
            }
        }
    }
    Ok(())
}

/// Frees the memory that `len` elements point to.
///
/// # Safety
///
/// `ptr` points to that many elements that [`write_elements`] wrote.
#[inline]
pub(super) unsafe fn free_elements<T: ForeignField, A: Allocator>(ptr: *mut T::Field, len: usize) {
    for i in 0..len {
        // SAFETY: it is one of the elements, and is freed once.
        unsafe { T::free_field::<A>(ptr.add(i)) };
    }
}

/// Copies `len` elements to Rust at `dest`, all of them or none.
///
/// # Safety
///
/// `from` points to `len` valid C forms, and `dest` can be written for that many values.
#[inline]
pub(super) unsafe fn read_elements<T: ForeignField>(
    from: *const T::Field,
    len: usize,
    utf8: Utf8,
    dest: *mut T,
) -> Result<(), ConversionError> {
    for i in 0..len {
        // SAFETY: it is one of the `len` elements.
        match unsafe { T::read_field(from.add(i), utf8) } {
            // SAFETY: `dest` has room for `len` values.
            Ok(value) => unsafe { dest.add(i).write(value) },
            Err(err) => {
                // SAFETY: these have been written.
                unsafe { ptr::drop_in_place(ptr::slice_from_raw_parts_mut(dest, i)) };
                return Err(err);
            }
        }
    }
    Ok(())
}

/// Copies `values` to a C block allocated by `A`.
#[inline]
pub(super) fn clone_array<T: ForeignField, A: Allocator>(values: &[T]) -> Result<NonNull<T::Field>, ConversionError> {
    let block = alloc_array::<T::Field, A>(values.len())?;
    // SAFETY: the block has room for the elements, and is freed once if they cannot be converted.
    unsafe {
        match write_elements::<T, A>(values, block.as_ptr()) {
            Ok(()) => Ok(block),
            Err(err) => {
                A::free(block.as_ptr() as *mut c_void);
                Err(err)
            }
        }
    }
}

/// Frees a C block, allocated by `A`, of `len` elements; NULL is fine.
///
/// # Safety
///
/// As [`clone_array`] returned it.
pub(super) unsafe fn free_array<T: ForeignField, A: Allocator>(ptr: *mut T::Field, len: usize) {
    if !ptr.is_null() {
        // SAFETY: `clone_array` wrote the elements and `A` allocated the block.
        unsafe {
            free_elements::<T, A>(ptr, len);
            A::free(ptr as *mut c_void);
        }
    }
}

/// Copies `len` elements to Rust.
///
/// # Safety
///
/// `ptr` is NULL or points to `len` valid C forms.
pub(super) unsafe fn read_array<T: ForeignField>(
    ptr: *const T::Field,
    len: usize,
    utf8: Utf8,
) -> Result<Vec<T>, ConversionError> {
    if len == 0 {
        return Ok(Vec::new());
    }
    if ptr.is_null() {
        return Err(ConversionError::Null);
    }
    let size = mem::size_of::<T::Field>().checked_mul(len);
    if size.map_or(true, |size| size > isize::MAX as usize) {
        return Err(ConversionError::Length);
    }
    let mut values = Vec::with_capacity(len);
    // SAFETY: the vector has room for `len` values, which are written if all could be read.
    unsafe {
        read_elements(ptr, len, utf8, values.as_mut_ptr())?;
        values.set_len(len);
    }
    Ok(values)
}

/// Copies a value to a C block of its own, for types whose `Foreign` is their `Field`.
#[doc(hidden)]
#[inline]
pub fn clone_block<T, A>(value: &T) -> Result<OwnedPointer<T, A>, ConversionError>
where
    T: ForeignField + CloneToForeign<Foreign = <T as ForeignField>::Field>,
    A: Allocator,
{
    let field = OwnedField::<T, A>::new(value)?;
    let block = alloc_array::<T::Field, A>(1)?.as_ptr();
    // SAFETY: the block is new and large enough, and holds a whole representation afterwards.
    unsafe {
        block.write(field.into_inner());
        Ok(OwnedPointer::new(block))
    }
}

/// Frees what [`clone_block`] allocated; NULL is fine.
///
/// # Safety
///
/// As [`CloneToForeign::free_foreign_in`].
#[doc(hidden)]
#[inline]
pub unsafe fn free_block<T: ForeignField, A: Allocator>(ptr: *mut T::Field) {
    // SAFETY: `clone_block` allocates as `clone_array` does, for one element.
    unsafe { free_array::<T, A>(ptr, 1) }
}

/// Copies a value out of a C block.
///
/// # Safety
///
/// As [`FromForeign::read_foreign`].
#[doc(hidden)]
#[inline]
pub unsafe fn read_block<T>(ptr: *const <T as ForeignField>::Field, utf8: Utf8) -> Result<T, ConversionError>
where
    T: ForeignField + FromForeign<Foreign = <T as ForeignField>::Field>,
{
    if ptr.is_null() {
        return Err(ConversionError::Null);
    }
    // SAFETY: the caller guarantees the pointer, which is not NULL.
    unsafe { T::read_field(ptr, utf8) }
}

/// Implements the conversions of a type whose C memory is a block with its `Field` in it.
#[doc(hidden)]
#[macro_export]
macro_rules! convert_as_block {
    ([$($param:ident),*] $type:ty) => {
        impl<$($param: $crate::foreign::ForeignField),*> $crate::foreign::CloneToForeign for $type {
            type Foreign = <Self as $crate::foreign::ForeignField>::Field;

            #[inline]
            unsafe fn free_foreign_in<A_: $crate::foreign::Allocator>(ptr: *mut Self::Foreign) {
                // SAFETY: the caller guarantees that the block came from `clone_block`.
                unsafe { $crate::foreign::free_block::<Self, A_>(ptr) }
            }

            #[inline]
            fn try_clone_to_foreign_in<A_: $crate::foreign::Allocator>(
                &self,
            ) -> ::std::result::Result<$crate::foreign::OwnedPointer<Self, A_>, $crate::foreign::ConversionError>
            {
                $crate::foreign::clone_block(self)
            }
        }

        impl<$($param: $crate::foreign::ForeignField),*> $crate::foreign::FromForeign for $type {
            #[inline]
            unsafe fn read_foreign(
                ptr: *const Self::Foreign,
                utf8: $crate::foreign::Utf8,
            ) -> ::std::result::Result<Self, $crate::foreign::ConversionError> {
                // SAFETY: the caller guarantees the pointer.
                unsafe { $crate::foreign::read_block(ptr, utf8) }
            }
        }

        // SAFETY: the group is the type alone.
        unsafe impl<$($param: $crate::foreign::ForeignField),*>
            $crate::foreign::Interchangeable for $type
        {
            type Group = Self;
        }
    };
}

/// Implements [`ForeignField`] for a type that converts to a C pointer: the field is the pointer.
macro_rules! field_as_pointer {
    ([$($param:tt)*] $type:ty) => {
        impl<$($param)*> ForeignField for $type {
            type Field = *mut <Self as CloneToForeign>::Foreign;

            #[inline]
            fn try_to_field<A_: Allocator>(&self) -> Result<Self::Field, ConversionError> {
                Ok(self.try_clone_to_foreign_in::<A_>()?.into_inner())
            }

            #[inline]
            unsafe fn read_field(
                field: *const Self::Field,
                utf8: Utf8,
            ) -> Result<Self, ConversionError> {
                // SAFETY: the field is valid: it is such a pointer.
                unsafe { Self::read_foreign(*field, utf8) }
            }

            #[inline]
            unsafe fn free_field<A_: Allocator>(field: *mut Self::Field) {
                // SAFETY: the field is valid: it is such a pointer, which the field owns.
                unsafe { Self::free_foreign_in::<A_>(*field) }
            }
        }
    };
}
