// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Parts of an object that QEMU keeps pointers to; how fields are initialised and dropped.

use super::{IsA, Object, ObjectCast};
use crate::sys;
use oldstable_compat::ffi::CStr;
use std::marker::PhantomData;
use std::mem::size_of;

/// A part of an object that QEMU keeps pointers to. It is not `Send`, so that it cannot be taken out of a cell, but it
/// is dropped with its object, on whichever thread that is.
///
/// # Safety
/// It must be possible to drop it on any thread that holds the big lock.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` can end on its own thread alone, and an object may end on another",
        note = "a field is `Send` or a part that QEMU knows: a MemoryRegion, an InterruptSource, a Timer and so on",
        note = "a struct with parts in it is defined by `qom_define_part!`; with a compiler before 1.51 an array has up to 64 of them"
    )
)]
pub unsafe trait Part: Sync {}

// SAFETY: an array is dropped element by element.
#[rustversion::since(1.51)]
unsafe impl<P: Part, const N: usize> Part for [P; N] {}

#[rustversion::since(1.51)]
impl<F: Default, const N: usize> Elements for [F; N] {
    type Element = F;
    const COUNT: usize = N;
}

// Rust has const generics from 1.51 on.
#[rustversion::before(1.51)]
macro_rules! arrays {
    ($($count:literal)*) => {
        $(
            // SAFETY: an array is dropped element by element.
            unsafe impl<P: Part> Part for [P; $count] {}

            impl<F: Default> Elements for [F; $count] {
                type Element = F;
                const COUNT: usize = $count;
            }
        )*
    };
}

#[rustversion::before(1.51)]
arrays! {
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
    96 128 192 256
}

/// An array, which implements [`Default`] only up to 32 elements.
#[doc(hidden)]
pub trait Elements {
    type Element: Default;
    const COUNT: usize;
}

/// Selects how a field of a type is initialised: by its `Default`, or an array by those of its elements. The selection
/// works as with [`EndOf`].
#[doc(hidden)]
pub struct BeginOf<F>(pub PhantomData<F>);

/// Proof that the field is initialised, which only this crate can make: a trait of the author's own may have a method
/// `begin`.
#[doc(hidden)]
pub struct Begun<F>(PhantomData<F>);

#[doc(hidden)]
pub trait BeginOfDefault<F> {
    /// Initialises the field.
    ///
    /// # Safety
    /// `field` is memory of its type.
    unsafe fn begin(&self, field: *mut F) -> Begun<F>;
}

impl<F: Default> BeginOfDefault<F> for &BeginOf<F> {
    unsafe fn begin(&self, field: *mut F) -> Begun<F> {
        // SAFETY: the caller guarantees the memory.
        unsafe { field.write(F::default()) }
        Begun(PhantomData)
    }
}

#[doc(hidden)]
pub trait BeginOfArray<F> {
    /// Initialises the field, as [`BeginOfDefault::begin`] does.
    ///
    /// # Safety
    /// `field` is memory of its type.
    unsafe fn begin(&self, field: *mut F) -> Begun<F>;
}

impl<F: Elements> BeginOfArray<F> for &&BeginOf<F> {
    unsafe fn begin(&self, field: *mut F) -> Begun<F> {
        for n in 0..F::COUNT {
            // SAFETY: the caller guarantees the memory of an array with that many elements.
            unsafe { (field as *mut F::Element).add(n).write(F::Element::default()) };
        }
        Begun(PhantomData)
    }
}

#[doc(hidden)]
pub trait BeginOfOther<F> {
    /// Initialises the field, as [`BeginOfDefault::begin`] does.
    ///
    /// # Safety
    /// `field` is memory of its type.
    unsafe fn begin(&self, field: *mut F) -> Begun<F>
    where
        F: Default;
}

impl<F> BeginOfOther<F> for BeginOf<F> {
    unsafe fn begin(&self, field: *mut F) -> Begun<F>
    where
        F: Default,
    {
        // SAFETY: the caller guarantees the memory.
        unsafe { field.write(F::default()) }
        Begun(PhantomData)
    }
}

/// Makes a struct of parts not `Send`, whatever its fields are, so that it cannot be in a cell, whose references would
/// end before the object.
#[doc(hidden)]
#[derive(Default)]
pub struct StaysInItsObject(PhantomData<*const ()>);

// SAFETY: it is zero-sized.
unsafe impl Sync for StaysInItsObject {}

/// Defines a struct of parts, which is a part itself: a field of a class, or an element of an array that is one.
///
/// ```
/// # use oldstable::bql::BqlCell;
/// # use oldstable::irq::InterruptSource;
/// # use oldstable::qdev::{DeviceImpl, DeviceState};
/// # use oldstable::qom::{Object, ObjectImpl};
/// use oldstable::irq::GpioMethods;
/// use oldstable::timer::{ClockType, Timer};
///
/// oldstable::qom_define_part! {
///     /// One of the timer's channels.
///     pub struct Channel {
///         timer: Timer,
///         line: InterruptSource,
///         compare: BqlCell<u64>,
///     }
/// }
///
/// oldstable::qom_define_type! {
///     pub struct Channels("channels"): DeviceState, Object {
///         channels: [Channel; 3],
///     }
/// }
///
/// impl ObjectImpl for Channels {
///     const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
///         for channel in &this.channels {
///             channel.timer.init_in(this, channel, ClockType::Virtual, Channels::reached);
///             this.init_gpio_out(None, std::slice::from_ref(&channel.line));
///         }
///     });
/// }
/// # impl DeviceImpl for Channels {}
///
/// impl Channels {
///     fn reached(&self, channel: &Channel) {
///         channel.line.raise();
///     }
/// }
/// ```
///
/// It can have the same fields as a class, which are initialised and dropped as a class's are: see
/// [`qom_define_type!`](crate::qom_define_type). [`vmstate_part!`](crate::vmstate_part) lists those that migrate.
#[macro_export]
macro_rules! qom_define_part {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $Part:ident {
            $($(#[$field_attribute:meta])* $field_vis:vis $field:ident: $field_type:ty),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[repr(C)]
        $vis struct $Part {
            $($(#[$field_attribute])* $field_vis $field: $field_type,)*
            stays_in_its_object: $crate::qom::StaysInItsObject,
        }

        impl ::std::default::Default for $Part {
            fn default() -> Self {
                let mut part = ::std::mem::MaybeUninit::<Self>::uninit();
                let this = part.as_mut_ptr();
                // SAFETY: each field is written once. A zero-sized field need not be written.
                unsafe {
                    $crate::__qom_begin_fields! { this $($field: $field_type),* }
                    part.assume_init()
                }
            }
        }

        // SAFETY: each field can be dropped on any thread and shared with any, as this checks.
        unsafe impl $crate::qom::Part for $Part {}

        const _: fn() = || {
            $crate::__qom_check_fields! { $Part $($field_type),* }
        };

        $crate::__qom_only_these_fields! {
            $Part { $($field: $field_type,)* stays_in_its_object: $crate::qom::StaysInItsObject }
        }

        const _: () = {
            // It could move a part that QEMU has pointers to.
            #[allow(dead_code)]
            trait APartEndsFieldByFieldSoDropBelongsToAField {}
            #[allow(drop_bounds)]
            impl<T: ::std::ops::Drop> APartEndsFieldByFieldSoDropBelongsToAField for T {}
            impl APartEndsFieldByFieldSoDropBelongsToAField for $Part {}
        };
    };
    ($($other:tt)*) => {
        ::std::compile_error!("a struct of parts is written `pub struct Part { field: FieldType, … }`");
    };
}

/// Checks that a field is aligned in its struct.
#[doc(hidden)]
pub struct Inside<F, Struct>(PhantomData<(F, Struct)>);

impl<F, Struct> Inside<F, Struct> {
    /// Fails to compile if it is not. The compiler shows the name.
    pub const A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED: () =
        [()][(std::mem::align_of::<F>() > std::mem::align_of::<Struct>()) as usize];
}

/// Checks that a field's type can be dropped on any thread: an unplugged object may be freed by another of QEMU's
/// threads than the one that made it.
///
/// [`qom_define_type!`](crate::qom_define_type) calls the method on a reference to a reference. The compiler then looks
/// first for the method of a type that is `Send`, then for that of a [`Part`], and last for the one that explains the
/// error.
#[doc(hidden)]
pub struct EndOf<F>(pub PhantomData<F>);

/// The result, which only this crate can make: a trait of the author's own may have a method of the same name.
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

/// Panics unless a part is a field of its object: QEMU keeps pointers to parts as long as the object lives.
#[track_caller]
pub(crate) fn expect_field_of<T, F>(owner: &T, field: &F) {
    let start = owner as *const T as usize;
    let place = field as *const F as usize;
    assert!(
        place >= start && place + size_of::<F>() <= start + size_of::<T>(),
        "QEMU keeps this part of an object, so that it must be a field of the object"
    );
}

/// Checks a part's name: parts are properties of their object, and QEMU asserts that the name is not in use.
///
/// # Panics
/// If it is in use.
#[track_caller]
pub(crate) fn expect_new_property<T: IsA<Object>>(owner: &T, name: &CStr) {
    // SAFETY: the object is live and the name a string.
    let found = unsafe { sys::object_property_find(owner.as_object_ptr(), name.as_ptr()) };
    assert!(found.is_null(), "the object has a property {} already", name.to_string_lossy());
}
