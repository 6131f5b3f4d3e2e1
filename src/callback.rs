// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Rust functions that C calls back.
//!
//! There is one mechanism. A callback is a function that its type alone identifies: its value is zero-sized. So an
//! `extern "C"` function can be made for each such type, which calls it without being given a value. A closure that
//! captures is not zero-sized, and does not compile: put the data that it needs into the device, which each callback is
//! given.
//!
//! A panic stops in that function. It has printed its message by then, and the process aborts: C code cannot be
//! unwound, and a device that panicked half-way cannot continue.
//!
//! An object is not freed while a callback runs: the callback may have been given a reference to it, and C code, which
//! may use it once more afterwards, holds no reference. An object that loses its last reference meanwhile is freed
//! later, by the main loop.

use crate::bql::{is_locked, BqlCell, BqlRefCell};
use crate::report::die;
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::c_void;
use std::mem::size_of;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The number of running callbacks. It is only changed under the big lock, or before there are threads: each callback
/// does so, and the atomic operations that come to the same take longer.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Whether there are references in [`KEPT`].
static SOME_KEPT: AtomicBool = AtomicBool::new(false);

/// References to release when no callback is running.
static KEPT: BqlRefCell<Kept> = BqlRefCell::new(Kept { references: Vec::new(), bottom_half: std::ptr::null_mut() });

struct Kept {
    /// An object, and the object that contains it or NULL.
    references: Vec<(*mut sys::Object, *mut sys::Object)>,
    /// Releases them. It is made when it is first needed.
    bottom_half: *mut sys::BottomHalf,
}

// SAFETY: the references are released under the big lock, by whichever thread.
unsafe impl Send for Kept {}

/// Work of ours in the middle of QEMU's, during which some operations are refused.
pub(crate) struct Meanwhile {
    /// The nesting depth: the work may make QEMU start it again.
    running: BqlCell<u32>,
    /// The error: what is refused, and what to do instead.
    refusal: &'static str,
}

impl Meanwhile {
    pub const fn new(refusal: &'static str) -> Self {
        Meanwhile { running: BqlCell::new(0), refusal }
    }

    /// Does the work.
    pub fn run<R>(&self, work: impl FnOnce() -> R) -> R {
        self.running.update(|running| running + 1);
        let result = work();
        self.running.update(|running| running - 1);
        result
    }

    /// Checks that none of the work runs.
    ///
    /// # Errors
    /// While some of it does.
    #[track_caller]
    pub fn check(&self) -> Result<()> {
        match self.running.get() {
            0 => Ok(()),
            _ => Err(Error::from(self.refusal)),
        }
    }
}

/// Runs a callback; a panic inside it ends the process and never reaches C.
pub(crate) fn guard<R>(name: &str, callback: impl FnOnce() -> R) -> R {
    UNDER_WAY.store(UNDER_WAY.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    match catch_unwind(AssertUnwindSafe(callback)) {
        Ok(result) => {
            // Another thread may have begun a callback in the meantime, if this one let go of the lock.
            UNDER_WAY.store(UNDER_WAY.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
            if SOME_KEPT.load(Ordering::Relaxed) {
                schedule_give_back();
            }
            result
        }
        Err(_) => abort_after_panic(name),
    }
}

/// It is a separate function so that the path without a panic is short.
#[cold]
#[inline(never)]
fn abort_after_panic(name: &str) -> ! {
    die(&format_args!("{} panicked, and C code cannot be unwound", name))
}

/// Releases the references to an object and, if it is not NULL, to the object that contains it: at once, or later if
/// one is the last and a callback is running.
///
/// Without the big lock nothing is released, and the object is leaked. This happens to references in thread-local
/// variables, when a thread that had the lock ends. At QEMU's exit the main thread is one.
///
/// # Safety
/// The caller must own the references, and gives them up.
pub(crate) unsafe fn give_back(object: *mut sys::Object, container: *mut sys::Object) {
    if !is_locked() {
        return;
    }
    // SAFETY: the object is live, since the caller has a reference.
    let is_last = unsafe { |object: *mut sys::Object| !object.is_null() && (*object).references == 1 };
    if UNDER_WAY.load(Ordering::Relaxed) > 0 && (is_last(object) || is_last(container)) {
        KEPT.borrow_mut().references.push((object, container));
        SOME_KEPT.store(true, Ordering::Relaxed);
    } else {
        // SAFETY: the caller gives up its references.
        unsafe { give_back_now(object, container) };
    }
}

/// As [`give_back`], at once.
///
/// # Safety
/// As for [`give_back`].
unsafe fn give_back_now(object: *mut sys::Object, container: *mut sys::Object) {
    // SAFETY: the caller gives up these references.
    unsafe {
        sys::object_unref(object as *mut c_void);
        // The memory of an embedded object goes last.
        if !container.is_null() {
            sys::object_unref(container as *mut c_void);
        }
    }
}

/// Has the kept references released, unless a callback still runs.
#[cold]
fn schedule_give_back() {
    if UNDER_WAY.load(Ordering::Relaxed) > 0 {
        return;
    }
    let mut kept = KEPT.borrow_mut();
    // SAFETY: the bottom half is never deleted, and its function needs no argument.
    unsafe {
        if kept.bottom_half.is_null() {
            let name = c_str!("oldstable-give-back");
            kept.bottom_half = sys::bottom_half_new(Some(give_back_kept), std::ptr::null_mut(), name);
        }
        sys::qemu_bh_schedule(kept.bottom_half);
    }
}

/// # Safety
/// QEMU calls it from the main loop, with the big lock.
unsafe extern "C" fn give_back_kept(_: *mut c_void) {
    // A callback that waits runs the main loop inside itself. When it ends it schedules this again.
    if UNDER_WAY.load(Ordering::Relaxed) > 0 {
        return;
    }
    // The end of an object can run callbacks, which find an empty list.
    let references = std::mem::take(&mut KEPT.borrow_mut().references);
    SOME_KEPT.store(false, Ordering::Relaxed);
    for (object, container) in references {
        // SAFETY: `give_back` was given these references.
        unsafe { give_back_now(object, container) }
    }
}

/// A function with these arguments whose value is zero-sized: an `fn` item or a closure that captures nothing.
///
/// A function that takes a callback takes its value, and may from then on call it by its type alone: so it is `Copy`. A
/// type without a value is never called.
///
/// # Safety
/// `call` must be sound with the type alone, once a value of it has existed.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a callback for `{Args}`",
        note = "a callback is a function, or a closure that captures nothing, with these arguments"
    )
)]
pub unsafe trait FnCall<Args, R = ()>: 'static + Copy + Sync {
    /// Calls the function.
    ///
    /// # Safety
    /// The caller must have been given a value of the type.
    unsafe fn call(args: Args) -> R;
}

/// An optional callback: `()` stands for none.
///
/// # Safety
/// As for [`FnCall`].
pub unsafe trait OptionalFnCall<Args, R = ()>: 'static + Copy + Sync {
    /// False for `()` alone.
    const IS_SOME: bool;

    /// Calls the function.
    ///
    /// # Safety
    /// As for [`FnCall::call`].
    unsafe fn call(args: Args) -> R;
}

// SAFETY: there is nothing to call, and a caller that checks IS_SOME first does not get here.
unsafe impl<Args, R> OptionalFnCall<Args, R> for () {
    const IS_SOME: bool = false;

    unsafe fn call(_: Args) -> R {
        unreachable!("() is not a callback")
    }
}

/// Fails to compile for a type that is not zero-sized.
struct NoBytes<F>(F);

impl<F> NoBytes<F> {
    // The index is out of bounds if F is not zero-sized. The compiler shows the name.
    const A_CALLBACK_CAPTURES_NOTHING_PUT_STATE_INTO_THE_DEVICE: () = [()][size_of::<F>()];
}

macro_rules! impl_fn_call {
    ($($arg:ident),*) => {
        // SAFETY: a zero-sized value that is Copy exists for ever once it has existed, and F is Sync.
        unsafe impl<F, R, $($arg),*> FnCall<($($arg,)*), R> for F
        where
            F: 'static + Copy + Sync + Fn($($arg),*) -> R,
        {
            #[inline]
            #[allow(non_snake_case)]
            unsafe fn call(args: ($($arg,)*)) -> R {
                #[allow(clippy::let_unit_value)]
                let _ = NoBytes::<F>::A_CALLBACK_CAPTURES_NOTHING_PUT_STATE_INTO_THE_DEVICE;
                let ($($arg,)*) = args;
                // SAFETY: a reference to a zero-sized value only needs to be aligned and not null.
                let function = unsafe { &*std::ptr::NonNull::<F>::dangling().as_ptr() };
                function($($arg),*)
            }
        }

        // SAFETY: as above.
        unsafe impl<F, R, $($arg),*> OptionalFnCall<($($arg,)*), R> for F
        where
            F: 'static + Copy + Sync + Fn($($arg),*) -> R,
        {
            const IS_SOME: bool = true;

            #[inline]
            unsafe fn call(args: ($($arg,)*)) -> R {
                // SAFETY: the caller guarantees the conditions of the call.
                unsafe { <F as FnCall<($($arg,)*), R>>::call(args) }
            }
        }
    };
}

impl_fn_call!(A);
impl_fn_call!(A, B);
impl_fn_call!(A, B, C);
impl_fn_call!(A, B, C, D);

#[cfg(test)]
mod tests {
    use super::*;

    fn call_it<F: FnCall<(u32, u32), u32>>(_callback: F) -> u32 {
        // SAFETY: here is a value.
        unsafe { F::call((6, 7)) }
    }

    fn multiply(a: u32, b: u32) -> u32 {
        a * b
    }

    #[test]
    fn a_function_and_a_closure_are_called_by_their_types() {
        assert_eq!(call_it(multiply), 42);
        assert_eq!(call_it(|a, b| a + b), 13);
    }

    #[test]
    fn unit_is_no_callback() {
        assert!(!<() as OptionalFnCall<(u32,), u32>>::IS_SOME);
    }
}
