//! Methods of raw pointers.

/// `cast_mut` of `*const T`.
#[cfg(no_ptr_cast_mut)]
pub trait ConstCast<T: ?Sized> {
    /// The same pointer as `*mut T`; std has it from Rust 1.65.
    fn cast_mut(self) -> *mut T;
}

#[cfg(no_ptr_cast_mut)]
impl<T: ?Sized> ConstCast<T> for *const T {
    #[inline(always)]
    fn cast_mut(self) -> *mut T {
        self as *mut T
    }
}

/// `cast_const` of `*mut T`.
#[cfg(no_ptr_cast_mut)]
pub trait MutCast<T: ?Sized> {
    /// The same pointer as `*const T`; std has it from Rust 1.65.
    fn cast_const(self) -> *const T;
}

#[cfg(no_ptr_cast_mut)]
impl<T: ?Sized> MutCast<T> for *mut T {
    #[inline(always)]
    fn cast_const(self) -> *const T {
        self as *const T
    }
}

/// Arithmetic of raw pointers in bytes.
#[cfg(no_ptr_byte_offsets)]
pub trait PtrByteOffsets: Sized {
    /// The pointer `count` bytes on; std has it from Rust 1.75.
    ///
    /// # Safety
    ///
    /// As for `add` of a pointer to bytes: the result stays inside the same allocation.
    unsafe fn byte_add(self, count: usize) -> Self;
    /// The pointer `count` bytes back; std has it from Rust 1.75.
    ///
    /// # Safety
    ///
    /// As for `sub` of a pointer to bytes: the result stays inside the same allocation.
    unsafe fn byte_sub(self, count: usize) -> Self;
    /// The pointer `count` bytes on or back; std has it from Rust 1.75.
    ///
    /// # Safety
    ///
    /// As for `offset` of a pointer to bytes: the result stays inside the same allocation.
    unsafe fn byte_offset(self, count: isize) -> Self;
    /// The distance from `origin` in bytes; std has it from Rust 1.75.
    ///
    /// # Safety
    ///
    /// As for `offset_from` of pointers to bytes: both point into the same allocation.
    unsafe fn byte_offset_from<U: ?Sized>(self, origin: *const U) -> isize;
    /// The pointer `count` bytes on, which may lie anywhere; std has it from Rust 1.75.
    fn wrapping_byte_add(self, count: usize) -> Self;
    /// The pointer `count` bytes back, which may lie anywhere; std has it from Rust 1.75.
    fn wrapping_byte_sub(self, count: usize) -> Self;
    /// The pointer `count` bytes on or back, which may lie anywhere; std has it from Rust 1.75.
    fn wrapping_byte_offset(self, count: isize) -> Self;
}

/// `is_aligned` of raw pointers.
#[cfg(no_ptr_is_aligned)]
// Std's own signature.
#[allow(clippy::wrong_self_convention)]
pub trait PtrIsAligned {
    /// Whether the address is a multiple of the type's alignment; std has it from Rust 1.79.
    fn is_aligned(self) -> bool;
}

#[cfg(no_ptr_is_aligned)]
macro_rules! methods {
    ($($Ptr:ty;)*) => {$(
        #[cfg(no_ptr_byte_offsets)]
        impl<T: ?Sized> PtrByteOffsets for $Ptr {
            #[inline(always)]
            unsafe fn byte_add(self, count: usize) -> Self {
                with_start(self, (self as *const u8).add(count))
            }
            #[inline(always)]
            unsafe fn byte_sub(self, count: usize) -> Self {
                with_start(self, (self as *const u8).sub(count))
            }
            #[inline(always)]
            unsafe fn byte_offset(self, count: isize) -> Self {
                with_start(self, (self as *const u8).offset(count))
            }
            #[inline(always)]
            unsafe fn byte_offset_from<U: ?Sized>(self, origin: *const U) -> isize {
                (self as *const u8).offset_from(origin as *const u8)
            }
            #[inline(always)]
            fn wrapping_byte_add(self, count: usize) -> Self {
                with_start(self, (self as *const u8).wrapping_add(count))
            }
            #[inline(always)]
            fn wrapping_byte_sub(self, count: usize) -> Self {
                with_start(self, (self as *const u8).wrapping_sub(count))
            }
            #[inline(always)]
            fn wrapping_byte_offset(self, count: isize) -> Self {
                with_start(self, (self as *const u8).wrapping_offset(count))
            }
        }

        impl<T> PtrIsAligned for $Ptr {
            #[inline(always)]
            fn is_aligned(self) -> bool {
                self as *const () as usize % core::mem::align_of::<T>() == 0
            }
        }
    )*};
}
#[cfg(no_ptr_is_aligned)]
methods! { *const T; *mut T; }

/// A raw pointer.
#[cfg(no_strict_provenance)]
pub(super) trait RawPointer {}
#[cfg(no_strict_provenance)]
impl<T: ?Sized> RawPointer for *const T {}
#[cfg(no_strict_provenance)]
impl<T: ?Sized> RawPointer for *mut T {}

/// The pointer `whole` with the address `start`, and its own metadata.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub(super) fn with_start<P: RawPointer>(mut whole: P, start: *const u8) -> P {
    // SAFETY: on the compilers that take this branch, all of them released, a pointer with
    // metadata begins with its address.
    unsafe { *(&mut whole as *mut P as *mut *const u8) = start };
    whole
}
