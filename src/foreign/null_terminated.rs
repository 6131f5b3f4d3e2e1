// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Lists of strings that end with NULL, like `argv`.

use super::alloc::alloc_array;
use super::{
    Allocator, BorrowForeign, BorrowedPointer, CloneToForeign, ConversionError, ForeignField, FromForeign,
    Interchangeable, OwnedPointer, Utf8,
};
use oldstable_compat::ffi::{c_char, c_void, CStr};
use std::marker::PhantomData;
use std::ptr;

/// A list of strings whose C form is a `char **` with a NULL after the last one.
///
/// ```
/// use oldstable::foreign::{CloneToForeign, NullTerminated};
///
/// let argv = NullTerminated(vec!["qemu", "-M", "virt"]).clone_to_foreign();
/// assert!(unsafe { *argv.as_ptr().add(3) }.is_null());
/// let args = argv.into::<NullTerminated<String>>().into_native();
/// assert_eq!(args.0, ["qemu", "-M", "virt"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NullTerminated<T>(pub Vec<T>);

/// An unfinished list: its block is all NULL after the converted strings.
struct Unfinished<A: Allocator> {
    block: *mut *mut c_char,
    allocator: PhantomData<A>,
}

impl<A: Allocator> Drop for Unfinished<A> {
    fn drop(&mut self) {
        // SAFETY: a NULL follows the last converted string.
        unsafe { free_list::<A>(self.block) }
    }
}

/// Frees the strings and the block; NULL is fine.
///
/// # Safety
/// `list` is NULL or a block of strings and a NULL, all of which `A` allocated, and it is not used afterwards.
unsafe fn free_list<A: Allocator>(list: *mut *mut c_char) {
    if list.is_null() {
        return;
    }
    let mut item = list;
    // SAFETY: the list ends with NULL, and `A` allocated it and its strings.
    unsafe {
        while !(*item).is_null() {
            A::free(*item as *mut c_void);
            item = item.add(1);
        }
        A::free(list as *mut c_void);
    }
}

impl<T: Interchangeable<Foreign = c_char, Group = CStr>> CloneToForeign for NullTerminated<T> {
    type Foreign = *mut c_char;

    unsafe fn free_foreign_in<A: Allocator>(ptr: *mut *mut c_char) {
        // SAFETY: the caller guarantees the list.
        unsafe { free_list::<A>(ptr) }
    }

    fn try_clone_to_foreign_in<A: Allocator>(&self) -> Result<OwnedPointer<Self, A>, ConversionError> {
        let count = self.0.len().checked_add(1).ok_or(ConversionError::Length)?;
        let list = Unfinished::<A> { block: alloc_array::<*mut c_char, A>(count)?.as_ptr(), allocator: PhantomData };
        for i in 0..count {
            // SAFETY: the block has room for `count` pointers.
            unsafe { list.block.add(i).write(ptr::null_mut()) };
        }
        for (i, text) in self.0.iter().enumerate() {
            let text = text.try_clone_to_foreign_in::<A>()?.into_inner();
            // SAFETY: as above; the last pointer stays NULL.
            unsafe { list.block.add(i).write(text) };
            if text.is_null() {
                return Err(ConversionError::Null);
            }
        }
        // SAFETY: the list is complete, and the guard gives it up.
        let owned = unsafe { OwnedPointer::new(list.block) };
        std::mem::forget(list);
        Ok(owned)
    }
}

impl<T> FromForeign for NullTerminated<T>
where
    T: FromForeign + Interchangeable<Foreign = c_char, Group = CStr>,
{
    unsafe fn read_foreign(ptr: *const *mut c_char, utf8: Utf8) -> Result<Self, ConversionError> {
        if ptr.is_null() {
            return Err(ConversionError::Null);
        }
        let mut items = Vec::new();
        let mut item = ptr;
        // SAFETY: the caller guarantees strings, and a NULL after the last.
        unsafe {
            while !(*item).is_null() {
                items.push(T::read_foreign(*item, utf8)?);
                item = item.add(1);
            }
        }
        Ok(NullTerminated(items))
    }
}

// SAFETY: the group is that of lists of C strings.
unsafe impl<T: Interchangeable<Foreign = c_char, Group = CStr>> Interchangeable for NullTerminated<T> {
    type Group = [*mut c_char];
}

field_as_pointer!(
    [T: FromForeign + Interchangeable<Foreign = c_char, Group = CStr>] NullTerminated<T>
);

/// The strings stay in place; Rust makes only the list of pointers. It panics if one of the strings is `None`, which
/// would end the list.
impl<'a, T> BorrowForeign<'a> for NullTerminated<T>
where
    T: Interchangeable<Foreign = c_char, Group = CStr> + BorrowForeign<'a> + 'a,
{
    type Storage = (Vec<*mut c_char>, Vec<T::Storage>);

    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, Self::Storage> {
        let (mut list, storage): (Vec<_>, Vec<_>) = self
            .0
            .iter()
            .map(|text| text.borrow_foreign().into_parts())
            .map(|(ptr, storage)| (ptr as *mut c_char, storage))
            .unzip();
        if list.iter().any(|ptr| ptr.is_null()) {
            ConversionError::Null.fail();
        }
        list.push(ptr::null_mut());
        // SAFETY: the vector's memory stays in place when the vector is moved, and so do the borrowed strings.
        unsafe { BorrowedPointer::new(list.as_ptr(), (list, storage)) }
    }
}
