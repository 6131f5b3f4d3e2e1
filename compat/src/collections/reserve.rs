// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `try_reserve`, for compilers before Rust 1.57.

use alloc_crate::alloc::{alloc, dealloc, Layout};
use core::fmt;
use core::mem;

/// Why memory could not be reserved: `std::collections::TryReserveError` from Rust 1.57.
#[derive(Clone, PartialEq, Eq)]
pub struct TryReserveError {
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    CapacityOverflow,
    NoMemory,
}

inline_debug! { struct TryReserveError { kind } }
inline_debug! { enum Kind { CapacityOverflow NoMemory } }

impl fmt::Display for TryReserveError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("memory allocation failed")?;
        f.write_str(match self.kind {
            Kind::CapacityOverflow => " because the computed capacity exceeded the collection's maximum",
            Kind::NoMemory => " because the memory allocator returned an error",
        })
    }
}

#[cfg(feature = "std")]
impl std::error::Error for TryReserveError {}

/// Checks that a collection can grow: allocates the same amount of memory, and frees it.
///
/// Before the collection's own request another thread may take that memory. Code outside of std cannot do better.
#[inline]
pub(crate) fn try_reserve<T>(len: usize, capacity: usize, additional: usize) -> Result<(), TryReserveError> {
    let overflow = || TryReserveError { kind: Kind::CapacityOverflow };
    let needed = len.checked_add(additional).ok_or_else(overflow)?;
    if needed <= capacity || mem::size_of::<T>() == 0 {
        return Ok(());
    }
    // Collections grow to at least the double.
    let wanted = needed.max(capacity.saturating_mul(2));
    let exact = needed.checked_mul(mem::size_of::<T>()).ok_or_else(overflow)?;
    let size = wanted.checked_mul(mem::size_of::<T>()).unwrap_or(exact);
    if exact > isize::MAX as usize {
        return Err(overflow());
    }
    let layout = Layout::from_size_align(size.min(isize::MAX as usize), mem::align_of::<T>());
    let layout = layout.map_err(|_| overflow())?;
    // SAFETY: the size is not 0, and the memory goes back with the same layout.
    unsafe {
        let memory = alloc(layout);
        // Otherwise the optimiser assumes that an unused allocation succeeds.
        let memory = crate::hint::black_box(memory);
        if memory.is_null() {
            return Err(TryReserveError { kind: Kind::NoMemory });
        }
        dealloc(memory, layout);
    }
    Ok(())
}
