// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the README's table says of constants and statics.

#![cfg(feature = "std")]

use oldstable_compat::ffi::{from_bytes_with_nul_unchecked, CStr};
use oldstable_compat::mem::{self, Zeroable};
use oldstable_compat::sync::{LazyLock, Mutex, RwLock};

oldstable_compat::prelude!();

// SAFETY: it is UTF-8, and both references have the same parts.
const TEXT: &str = unsafe { mem::transmute::<&[u8], &str>(b"text") };
// SAFETY: a NUL is its only one, at the end.
const C_TEXT: &CStr = unsafe { from_bytes_with_nul_unchecked!(b"text\0") };
// SAFETY: both are four bytes, of which any are numbers.
static NUMBERS: [u16; 2] = unsafe { mem::transmute([0x11_u8; 4]) };
static MUTEX: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(|| Mutex::new(vec![1]));
static LOCK: LazyLock<RwLock<u8>> = LazyLock::new(Default::default);
const SIZE: usize = size_of::<u32>() + align_of::<u16>();
const ZEROED: u64 = u64_of_zeroes().0;
const LIMIT: u32 = u8::BITS + u32::BITS;

#[derive(Clone, Copy)]
struct Zeroes(u64);
// SAFETY: zero is a number.
unsafe impl Zeroable for Zeroes {}

const fn u64_of_zeroes() -> Zeroes {
    <Zeroes as Zeroable>::ZEROED
}

#[cfg(not(before_1_57))]
const fn at_most_3(n: u8) -> u8 {
    // SAFETY: the callers guarantee it.
    unsafe { oldstable_compat::hint::assert_unchecked(n <= 3) };
    n
}
#[cfg(not(before_1_57))]
const THREE: [u8; 3] = [0; at_most_3(3) as usize];

#[test]
#[cfg(not(before_1_57))]
fn a_constant_is_told_what_is_true() {
    assert_eq!((THREE.len(), at_most_3(2)), (3, 2));
}

#[test]
fn constants_and_statics() {
    MUTEX.lock().expect("nobody panicked").push(2);
    assert_eq!(*MUTEX.lock().expect("nobody panicked"), [1, 2]);
    *LOCK.write().expect("nobody panicked") += 1;
    assert_eq!((*LOCK.read().expect("nobody panicked"), TEXT, C_TEXT.to_bytes()), (1, "text", &b"text"[..]));
    assert_eq!((NUMBERS, SIZE, ZEROED, LIMIT), ([0x1111; 2], 6, 0, 40));
}
