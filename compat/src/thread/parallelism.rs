// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `available_parallelism`, for compilers before Rust 1.59.

use std::io;
use std::num::NonZeroUsize;

/// The number of threads that can run at a time: `std::thread::available_parallelism` from Rust 1.59.
///
/// Here it counts the processors that the process may use, on Linux only, and ignores a container's quota.
///
/// # Errors
///
/// If the system returns an error, and on all systems but Linux.
#[inline]
pub fn available_parallelism() -> io::Result<NonZeroUsize> {
    processors().and_then(|count| {
        NonZeroUsize::new(count).ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no processor is known"))
    })
}

#[cfg(any(target_os = "linux", target_os = "android"))]
#[inline]
fn processors() -> io::Result<usize> {
    use crate::ffi::{c_int, c_ulong};
    extern "C" {
        fn sched_getaffinity(process: c_int, size: usize, mask: *mut c_ulong) -> c_int;
    }
    // Room for 65,536 processors; the system rejects a mask that is too small for its own.
    let mut mask = std::vec![0 as c_ulong; 65_536 / (8 * std::mem::size_of::<c_ulong>())];
    let size = std::mem::size_of_val(&mask[..]);
    // SAFETY: the system writes at most that many bytes.
    if unsafe { sched_getaffinity(0, size, mask.as_mut_ptr()) } == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(mask.iter().map(|word| word.count_ones() as usize).sum())
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[inline]
fn processors() -> io::Result<usize> {
    Err(io::Error::new(io::ErrorKind::Other, "before Rust 1.59 the number of threads is known on Linux only"))
}
