// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fn_addr_eq`, for compilers before Rust 1.85.

use core::mem;

/// Whether two function pointers have the same address: `core::ptr::fn_addr_eq` from Rust 1.85.
///
/// Different functions may share an address, and one function may have several. Before 1.85 the functions have at most
/// eight arguments, none of which is a reference with a lifetime bound by `for` (`for<'a> fn(&'a T)`).
#[inline(always)]
pub fn fn_addr_eq<T: FnPtr, U: FnPtr>(f: T, g: U) -> bool {
    // SAFETY: both are function pointers, which have the size of any pointer.
    unsafe { mem::transmute_copy::<T, *const ()>(&f) == mem::transmute_copy::<U, *const ()>(&g) }
}

/// A function pointer. Std's trait of this name is unstable.
///
/// # Safety
/// The type is a function pointer.
pub unsafe trait FnPtr: Copy {}

macro_rules! fn_ptr {
    () => {};
    ($First:ident $($Rest:ident)*) => {
        fn_ptr! { @abis [$First $(, $Rest)*] }
        fn_ptr! { $($Rest)* }
    };
    (@abis $Args:tt) => {
        fn_ptr! { @abi "Rust" $Args }
        fn_ptr! { @abi "C" $Args }
        fn_ptr! { @abi "system" $Args }
        #[cfg(not(before_1_71))]
        fn_ptr! { @abi "C-unwind" $Args }
        #[cfg(not(before_1_71))]
        fn_ptr! { @abi "system-unwind" $Args }
        #[cfg(target_arch = "x86_64")]
        fn_ptr! { @abi "sysv64" $Args }
        #[cfg(target_arch = "x86_64")]
        fn_ptr! { @abi "win64" $Args }
        #[cfg(all(target_arch = "x86_64", not(before_1_68)))]
        fn_ptr! { @abi "efiapi" $Args }
        #[cfg(target_arch = "x86")]
        fn_ptr! { @abi "stdcall" $Args }
        #[cfg(target_arch = "x86")]
        fn_ptr! { @abi "fastcall" $Args }
        #[cfg(target_arch = "arm")]
        fn_ptr! { @abi "aapcs" $Args }
        fn_ptr! { @variadic $Args }
    };
    (@abi $abi:tt [$($Arg:ident),*]) => {
        // SAFETY: they are function pointers.
        unsafe impl<R, $($Arg),*> FnPtr for extern $abi fn($($Arg),*) -> R {}
        // SAFETY: they are function pointers.
        unsafe impl<R, $($Arg),*> FnPtr for unsafe extern $abi fn($($Arg),*) -> R {}
    };
    (@variadic []) => {};
    (@variadic [$($Arg:ident),+]) => {
        // SAFETY: they are function pointers.
        unsafe impl<R, $($Arg),*> FnPtr for unsafe extern "C" fn($($Arg),*, ...) -> R {}
    };
}
fn_ptr! { A B C D E F G H }
fn_ptr! { @abis [] }
