//! Parts of an object that QEMU keeps pointers to, and where the fields of an object end.

use super::{IsA, Object, ObjectCast};
use crate::sys;
use oldstable_compat::ffi::CStr;
use std::marker::PhantomData;
use std::mem::size_of;

/// A part of an object that QEMU keeps pointers to. It is not `Send`, so that it cannot be taken out of a
/// cell, but it ends with its object, on whichever thread that is.
///
/// # Safety
/// It must be possible to drop it on any thread that holds the big lock.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` can end on its own thread alone, and an object may end on another",
        note = "a field is `Send` or a part that QEMU knows: a MemoryRegion, an InterruptSource, a Timer and so on",
        note = "parts are fields of the class itself, not of a struct inside it; an array has up to 32 of them, and 64 lines are `[[InterruptSource; 32]; 2]`"
    )
)]
pub unsafe trait Part: Sync {}

macro_rules! arrays {
    ($($count:literal)*) => {
        $(
            // SAFETY: an array is dropped element by element.
            unsafe impl<P: Part> Part for [P; $count] {}
        )*
    };
}

// Generic lengths came with Rust 1.51.
arrays! { 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 }

/// A field's type, for the question whether it can end on any thread: an object that has been unplugged may
/// end in another of QEMU's threads than the one that has made it.
///
/// [`qom_define_type!`](crate::qom_define_type) asks with a reference to a reference to it. The compiler then
/// finds the method of a type that is `Send` first, then that of a [`Part`], and at last the one that explains
/// what is missing.
#[doc(hidden)]
pub struct EndOf<F>(pub PhantomData<F>);

/// The answer, which nobody else can give: a trait of the author's own may have a method of the same name.
#[doc(hidden)]
pub struct EndsAnywhere<F>(PhantomData<F>);

#[doc(hidden)]
pub trait EndOfSend<F> {
    fn a_field_can_end_on_any_thread(&self) -> EndsAnywhere<F>;
}

impl<F: Send> EndOfSend<F> for &EndOf<F> {
    fn a_field_can_end_on_any_thread(&self) -> EndsAnywhere<F> {
        EndsAnywhere(PhantomData)
    }
}

#[doc(hidden)]
pub trait EndOfPart<F> {
    fn a_field_can_end_on_any_thread(&self) -> EndsAnywhere<F>;
}

impl<F: Part> EndOfPart<F> for &&EndOf<F> {
    fn a_field_can_end_on_any_thread(&self) -> EndsAnywhere<F> {
        EndsAnywhere(PhantomData)
    }
}

#[doc(hidden)]
pub trait EndOfOther<F> {
    fn a_field_can_end_on_any_thread(&self) -> EndsAnywhere<F>
    where
        F: Part;
}

impl<F> EndOfOther<F> for EndOf<F> {
    fn a_field_can_end_on_any_thread(&self) -> EndsAnywhere<F>
    where
        F: Part,
    {
        EndsAnywhere(PhantomData)
    }
}

/// QEMU keeps pointers to parts of an object for as long as the object lives, so that they must be its
/// fields.
#[track_caller]
pub(crate) fn expect_field_of<T, F>(owner: &T, field: &F) {
    let start = owner as *const T as usize;
    let place = field as *const F as usize;
    assert!(
        place >= start && place + size_of::<F>() <= start + size_of::<T>(),
        "QEMU keeps this part of an object, so that it must be a field of the object"
    );
}

/// Parts are properties of their object, and QEMU asserts that the name is not taken.
///
/// # Panics
/// If it is.
#[track_caller]
pub(crate) fn expect_new_property<T: IsA<Object>>(owner: &T, name: &CStr) {
    // SAFETY: the object is live and the name a string.
    let found = unsafe { sys::object_property_find(owner.as_object_ptr(), name.as_ptr()) };
    assert!(found.is_null(), "the object has a property {} already", name.to_string_lossy());
}
