// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Pin`.

use core::ops::DerefMut;
use core::pin::Pin;

/// Functions of `Pin` from Rust 1.61.
#[cfg(before_1_61)]
pub trait PinStaticRef<T: ?Sized> {
    /// Pins a value of static lifetime.
    fn static_ref(r: &'static T) -> Pin<&'static T>;
}
#[cfg(before_1_61)]
impl<T: ?Sized> PinStaticRef<T> for Pin<&'static T> {
    #[inline]
    fn static_ref(r: &'static T) -> Pin<&'static T> {
        // SAFETY: it is borrowed for ever, so nothing moves it.
        unsafe { Pin::new_unchecked(r) }
    }
}

/// Functions of `Pin` from Rust 1.61.
#[cfg(before_1_61)]
pub trait PinStaticMut<T: ?Sized> {
    /// Pins a value of static lifetime.
    fn static_mut(r: &'static mut T) -> Pin<&'static mut T>;
}
#[cfg(before_1_61)]
impl<T: ?Sized> PinStaticMut<T> for Pin<&'static mut T> {
    #[inline]
    fn static_mut(r: &'static mut T) -> Pin<&'static mut T> {
        // SAFETY: it is borrowed for ever, so nothing moves it.
        unsafe { Pin::new_unchecked(r) }
    }
}

/// Methods of `Pin` from Rust 1.84.
#[cfg(before_1_84)]
pub trait PinAsDerefMut<'a, P: DerefMut> {
    /// The pinned value of a pinned pointer.
    fn as_deref_mut(self) -> Pin<&'a mut P::Target>;
}
#[cfg(before_1_84)]
impl<'a, P: DerefMut> PinAsDerefMut<'a, P> for Pin<&'a mut Pin<P>> {
    #[inline]
    fn as_deref_mut(self) -> Pin<&'a mut P::Target> {
        // SAFETY: the inner pointer is only used to reach its value, which stays pinned.
        unsafe { self.get_unchecked_mut() }.as_mut()
    }
}
