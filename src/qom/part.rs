//! Parts of an object that QEMU keeps pointers to, and where the fields of an object end.

use std::marker::PhantomData;
use std::mem::size_of;

/// A part of an object that QEMU keeps pointers to. It is not `Send`, so that it cannot be taken out of a
/// cell, but it ends with its object, on whichever thread that is.
///
/// # Safety
/// It must be possible to drop it on any thread that holds the big lock.
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
/// [`qom_define_type!`](crate::qom_define_type) asks with a reference to it. The compiler then finds the
/// method of a [`Part`] first, and that of a type that is `Send` if there is none.
#[doc(hidden)]
pub struct EndOf<F>(pub PhantomData<F>);

#[doc(hidden)]
pub trait EndOfPart {
    fn a_field_can_end_on_any_thread(&self) {}
}

impl<F: Part> EndOfPart for EndOf<F> {}

#[doc(hidden)]
pub trait EndOfSend {
    fn a_field_can_end_on_any_thread(&self) {}
}

impl<F: Send> EndOfSend for &EndOf<F> {}

/// QEMU keeps pointers to parts of an object for as long as the object lives, so that they must be its
/// fields.
pub(crate) fn expect_field_of<T, F>(owner: &T, field: &F) {
    let start = owner as *const T as usize;
    let place = field as *const F as usize;
    assert!(
        place >= start && place + size_of::<F>() <= start + size_of::<T>(),
        "QEMU keeps this part of an object, so that it must be a field of the object"
    );
}
