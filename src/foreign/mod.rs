// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Conversions between Rust and C values, with the ownership of the memory in the type.
//!
//! A value is passed to C as a copy that an [`OwnedPointer`] frees, or that C frees:
//!
//! ```
//! use oldstable::foreign::{CloneToForeign, FromForeign, IntoNative};
//!
//! let s = "abc".clone_to_foreign(); // freed when s is dropped
//! let copy = unsafe { String::cloned_from_foreign(s.as_ptr()) }; // s keeps its own
//! assert_eq!(copy, "abc");
//!
//! let p = "abc".clone_to_foreign_ptr(); // not freed automatically
//! let t: String = unsafe { p.into_native() }; // takes ownership and frees it
//! assert_eq!(t, "abc");
//! ```
//!
//! # Which method allocates, and which frees
//!
//! | method | allocates | frees |
//! |---|---|---|
//! | `clone_to_foreign` | C memory | the pointer, when dropped |
//! | `clone_to_foreign_ptr` | C memory | the caller, or C |
//! | `free_foreign` | | the C memory |
//! | `cloned_from_foreign`, `read_foreign`, `cloned_vec_from_foreign` | Rust's copy | nothing |
//! | `from_foreign`, `into_native` | Rust's copy | the C memory |
//! | `borrow_foreign`, `borrow_foreign_mut` | nothing | nothing |
//! | `into_foreign` | nothing, or a byte for a NUL | Rust's memory, when the pointer is dropped |
//! | `try_to_field` | the memory that the C form points to | `free_field` |
//! | `clone_into_foreign`, `try_clone_into_buffer` | nothing | nothing |
//!
//! A `try_` method returns a [`ConversionError`] where the plain one panics; nothing stays allocated then, and memory
//! that was to be freed is freed. Plain methods that make a `String` replace invalid UTF-8 by U+FFFD; `try_` methods
//! return an error. An `_in` method has the [`Allocator`] as a type parameter: [`Malloc`], which the others use, or
//! [`Glib`].
//!
//! # Which type has which methods
//!
//! | Rust type | C type | methods |
//! |---|---|---|
//! | `i8` to `i64`, `u8` to `u64`, `f32`, `f64`, `bool` | the same | clone, from, borrow, mut, field, fixed |
//! | `isize`, `usize` | `ptrdiff_t`, `size_t` | clone, from, borrow, mut, field, fixed |
//! | `str`, `OsStr`, `Path` | `char *` | clone, buffer |
//! | `String`, `OsString`, `PathBuf` | `char *` | clone, from, into, field, buffer |
//! | `CStr` | `char *` | clone, borrow |
//! | `CString` | `char *` | clone, from, borrow, into, field |
//! | `&T` | that of `T` | clone |
//! | `Box<T>` | that of `T` | clone, from, borrow, mut, into, field |
//! | `Cow<T>` | that of `T` | clone, from, borrow, into |
//! | `Option<T>` | that of `T`, or NULL | clone, from, borrow, mut, into, field |
//! | `[T]` | `T *` | clone, borrow, mut |
//! | `Vec<T>` | `T *` | clone, borrow, mut, into; from by `cloned_vec_from_foreign` |
//! | `[T; N]` | `T *` | clone, from, borrow, mut, field, fixed |
//! | [`NullTerminated<T>`] | `char **`, with a NULL after the last | clone, from, borrow, field |
//! | [`Counted<T, L>`](Counted) | [`ForeignArray`], `struct { T *data; L len; }` | clone, from, field |
//! | `(T, U)` | [`ForeignPair`], `struct { T first; U second; }` | clone, from, field, fixed |
//! | a struct with [`foreign_struct!`] | its C struct | clone, from, field |
//!
//! Each method is there if `T` has it. *clone* stands for the methods of [`CloneToForeign`], *from* for those of
//! [`FromForeign`] and [`IntoNative`], *borrow* for [`BorrowForeign`], *mut* for [`BorrowForeignMut`], *into* for
//! [`IntoForeign`], *field* for [`ForeignField`], *fixed* for [`FixedAlloc`], *buffer* for [`CloneIntoBuffer`]. Before
//! Rust 1.51 only arrays of up to 32 elements, and of some common larger lengths, are converted.

#[macro_use]
mod field;

mod alloc;
mod borrow;
mod boxed;
mod convert;
mod counted;
mod error;
mod libc;
mod null_terminated;
mod number;
mod option;
mod owned;
mod record;
mod slice;
mod string;

#[doc(no_inline)]
pub use crate::foreign_struct;
pub use alloc::{Allocator, Glib, Malloc};
pub use borrow::{BorrowForeign, BorrowForeignMut, BorrowedMutPointer, BorrowedPointer, IntoForeign};
pub use boxed::RawBox;
pub use convert::{CloneToForeign, FromForeign, IntoNative, Utf8};
pub use counted::{Counted, ForeignArray, Length};
pub use error::ConversionError;
#[doc(hidden)]
pub use field::{clone_block, free_block, read_block, OwnedField};
pub use field::{FixedAlloc, ForeignField};
pub use null_terminated::NullTerminated;
pub use owned::{Interchangeable, OwnedPointer};
pub use record::ForeignPair;
pub use string::CloneIntoBuffer;
pub(crate) use string::{clone_text, text_at};

#[cfg(test)]
mod tests;
