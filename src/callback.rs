//! Rust functions that C calls back.
//!
//! There is one mechanism. A callback is a function whose type alone says which it is: its value has no
//! bytes. So an `extern "C"` function can be made for each such type, which calls it without having been
//! handed anything. A closure that captures has bytes, and does not compile: what it needs belongs into
//! the device, which each callback is given.
//!
//! A panic ends at that border. It has printed its message by then, and the process aborts: C code cannot
//! be unwound, and a device that panicked half-way is in no state to go on.

use std::panic::{catch_unwind, AssertUnwindSafe};

/// Runs a callback; a panic inside it ends the process and never reaches C.
pub(crate) fn guard<R>(name: &str, callback: impl FnOnce() -> R) -> R {
    match catch_unwind(AssertUnwindSafe(callback)) {
        Ok(result) => result,
        Err(_) => {
            eprintln!("oldstable: {} panicked, and C code cannot be unwound", name);
            std::process::abort()
        }
    }
}

/// A function with these arguments whose value has no bytes: an `fn` item or a closure that captures
/// nothing. `()` stands for no callback at all.
///
/// # Safety
/// `call` must be callable from nothing but the type.
pub unsafe trait FnCall<Args, R = ()>: 'static + Sync + Sized {
    /// False for `()` alone.
    const IS_SOME: bool;

    /// Calls the function.
    fn call(args: Args) -> R;
}

// SAFETY: there is nothing to call, and whoever asks IS_SOME first does not get here.
unsafe impl<Args, R> FnCall<Args, R> for () {
    const IS_SOME: bool = false;

    fn call(_: Args) -> R {
        unreachable!("() is no callback")
    }
}

/// Fails to build for a type whose values have bytes.
struct NoBytes<F>(F);

impl<F> NoBytes<F> {
    // The index is out of bounds where F has bytes. The name is what the compiler shows.
    const A_CALLBACK_CAPTURES_NOTHING: () = [()][std::mem::size_of::<F>()];
}

macro_rules! impl_fn_call {
    ($($arg:ident),*) => {
        // SAFETY: a value without bytes exists wherever its type does, and F is Sync.
        unsafe impl<F, R, $($arg),*> FnCall<($($arg,)*), R> for F
        where
            F: 'static + Sync + Sized + Fn($($arg),*) -> R,
        {
            const IS_SOME: bool = true;

            #[inline]
            #[allow(non_snake_case)]
            fn call(args: ($($arg,)*)) -> R {
                #[allow(clippy::let_unit_value)]
                let _ = NoBytes::<F>::A_CALLBACK_CAPTURES_NOTHING;
                let ($($arg,)*) = args;
                // SAFETY: a reference to no bytes needs only to be aligned and not null.
                let function = unsafe { &*std::ptr::NonNull::<F>::dangling().as_ptr() };
                function($($arg),*)
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
        F::call((6, 7))
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
        assert!(!<() as FnCall<(u32,), u32>>::IS_SOME);
    }
}
