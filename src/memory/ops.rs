// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A device's functions for the guest's reads and writes.

use super::{Attributes, BusError};
use crate::callback::guard;
use crate::qom::ObjectType;
use crate::sys;
use oldstable_compat::ffi::{c_uint, c_void};
use std::marker::PhantomData;

/// The byte order of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endianness {
    /// The least significant byte comes first.
    Little,
    /// The most significant byte comes first.
    Big,
}

/// Sizes of accesses, in bytes; 0 stands for QEMU's default (from 1, to 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccessSizes {
    /// The fewest bytes.
    pub min: u32,
    /// The most bytes.
    pub max: u32,
    /// Whether addresses that are not multiples of the size are allowed.
    pub unaligned: bool,
}

impl AccessSizes {
    /// QEMU's defaults.
    pub const DEFAULT: Self = AccessSizes { min: 0, max: 0, unaligned: false };

    /// Aligned accesses from `min` to `max` bytes.
    pub const fn aligned(min: u32, max: u32) -> Self {
        AccessSizes { min, max, unaligned: false }
    }

    /// Accesses from `min` to `max` bytes at any address.
    pub const fn unaligned(min: u32, max: u32) -> Self {
        AccessSizes { min, max, unaligned: true }
    }

    fn expect_sound(self) {
        for size in &[self.min, self.max] {
            assert!([0, 1, 2, 4, 8].contains(size), "an access has 1, 2, 4 or 8 bytes, not {}", size);
        }
        assert!(
            self.min <= self.max || self.max == 0,
            "the smallest access has {} bytes, but the largest {}",
            self.min,
            self.max
        );
    }
}

/// Reads `size` bytes at an offset into a region of a device, or returns the bus error.
pub type TryRead<T> = fn(&T, offset: u64, size: u32, attributes: Attributes) -> Result<u64, BusError>;

/// Writes `size` bytes at an offset into a region of a device, or returns the bus error.
pub type TryWrite<T> = fn(&T, offset: u64, value: u64, size: u32, attributes: Attributes) -> Result<(), BusError>;

/// Returns whether a region of a device accepts an access of `size` bytes at an offset.
pub type Accepts<T> = fn(&T, offset: u64, size: u32, is_write: bool, attributes: Attributes) -> bool;

/// A device's functions for the guest's reads and writes of one of its regions.
///
/// A device with several regions implements it once for each, with its own types as `Region`.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` does not say what its region does",
        note = "write `impl MemoryRegionOps for {Self} {{}}` with READ and WRITE; a device with several regions does it for each, `MemoryRegionOps<Region>`"
    )
)]
pub trait MemoryRegionOps<Region = ()>: ObjectType {
    /// Reads `size` bytes at an offset into the region. By default they are zero.
    const READ: fn(&Self, offset: u64, size: u32) -> u64 = |_, _, _| 0;

    /// Writes `size` bytes at an offset into the region. By default nothing happens.
    const WRITE: fn(&Self, offset: u64, value: u64, size: u32) = |_, _, _, _| ();

    /// Replaces [`READ`](Self::READ) if an access can fail, or depends on its originator.
    const TRY_READ: Option<TryRead<Self>> = None;

    /// Replaces [`WRITE`](Self::WRITE) if an access can fail, or depends on its originator.
    const TRY_WRITE: Option<TryWrite<Self>> = None;

    /// The byte order of the registers.
    const ENDIANNESS: Endianness = Endianness::Little;

    /// The access sizes that the guest may use; anything else is a bus error.
    const VALID: AccessSizes = AccessSizes::DEFAULT;

    /// A further check of accesses that [`VALID`](Self::VALID) allows; by default all are valid.
    const ACCEPTS: Option<Accepts<Self>> = None;

    /// The access sizes that the methods get; QEMU splits and joins accesses.
    const IMPLEMENTED: AccessSizes = AccessSizes::DEFAULT;
}

/// The C struct for one implementation of [`MemoryRegionOps`].
pub(super) struct Table<T, Region>(PhantomData<(T, Region)>);

impl<T: MemoryRegionOps<Region>, Region> Table<T, Region> {
    const OPS: &'static sys::MemoryRegionOps = &sys::MemoryRegionOps {
        // QEMU prefers the functions without attributes if there are both.
        read: match T::TRY_READ {
            Some(_) => None,
            None => Some(read::<T, Region>),
        },
        write: match T::TRY_WRITE {
            Some(_) => None,
            None => Some(write::<T, Region>),
        },
        read_with_attrs: match T::TRY_READ {
            Some(_) => Some(try_read::<T, Region>),
            None => None,
        },
        write_with_attrs: match T::TRY_WRITE {
            Some(_) => Some(try_write::<T, Region>),
            None => None,
        },
        endianness: match T::ENDIANNESS {
            Endianness::Little => sys::DEVICE_LITTLE_ENDIAN,
            Endianness::Big => sys::DEVICE_BIG_ENDIAN,
        },
        valid: sys::AccessValidity {
            min_access_size: T::VALID.min,
            max_access_size: T::VALID.max,
            unaligned: T::VALID.unaligned,
            accepts: match T::ACCEPTS {
                Some(_) => Some(accepts::<T, Region>),
                None => None,
            },
        },
        implementation: sys::AccessImplementation {
            min_access_size: T::IMPLEMENTED.min,
            max_access_size: T::IMPLEMENTED.max,
            unaligned: T::IMPLEMENTED.unaligned,
        },
    };

    /// The table.
    ///
    /// # Panics
    /// If QEMU does not support the sizes.
    pub(super) fn checked() -> *const sys::MemoryRegionOps {
        T::VALID.expect_sound();
        T::IMPLEMENTED.expect_sound();
        assert!(
            T::VALID.unaligned || !T::IMPLEMENTED.unaligned,
            "a region that implements unaligned accesses must say that they are valid"
        );
        Self::OPS
    }
}

/// # Safety
/// QEMU calls it with the live `T` that `init_io` gave it.
unsafe extern "C" fn read<T: MemoryRegionOps<Region>, Region>(opaque: *mut c_void, offset: u64, size: c_uint) -> u64 {
    guard("a memory region's read", || {
        // SAFETY: `init_io` gave QEMU its owner, which outlives the region inside it.
        unsafe { (T::READ)(&*(opaque as *const T), offset, size) }
    })
}

/// # Safety
/// As for [`read`].
unsafe extern "C" fn write<T: MemoryRegionOps<Region>, Region>(
    opaque: *mut c_void,
    offset: u64,
    value: u64,
    size: c_uint,
) {
    guard("a memory region's write", || {
        // SAFETY: as in `read`.
        unsafe { (T::WRITE)(&*(opaque as *const T), offset, value, size) }
    })
}

/// # Safety
/// As for [`read`], and `value` points to the place for the result.
unsafe extern "C" fn try_read<T: MemoryRegionOps<Region>, Region>(
    opaque: *mut c_void,
    offset: u64,
    value: *mut u64,
    size: c_uint,
    attrs: sys::MemTxAttrs,
) -> sys::MemTxResult {
    guard("a memory region's read", || {
        let result = match T::TRY_READ {
            // SAFETY: as in `read`.
            Some(method) => unsafe { method(&*(opaque as *const T), offset, size, Attributes::decode(attrs)) },
            None => Err(BusError::Device),
        };
        match result {
            Ok(read) => {
                // SAFETY: QEMU passes the place for the result.
                unsafe { *value = read };
                sys::MEMTX_OK
            }
            Err(error) => error.to_number(),
        }
    })
}

/// # Safety
/// As for [`read`].
unsafe extern "C" fn try_write<T: MemoryRegionOps<Region>, Region>(
    opaque: *mut c_void,
    offset: u64,
    value: u64,
    size: c_uint,
    attrs: sys::MemTxAttrs,
) -> sys::MemTxResult {
    guard("a memory region's write", || {
        let result = match T::TRY_WRITE {
            // SAFETY: as in `read`.
            Some(method) => unsafe { method(&*(opaque as *const T), offset, value, size, Attributes::decode(attrs)) },
            None => Err(BusError::Device),
        };
        result.map_or_else(BusError::to_number, |()| sys::MEMTX_OK)
    })
}

/// # Safety
/// As for [`read`].
unsafe extern "C" fn accepts<T: MemoryRegionOps<Region>, Region>(
    opaque: *mut c_void,
    offset: u64,
    size: c_uint,
    is_write: bool,
    attrs: sys::MemTxAttrs,
) -> bool {
    guard("a memory region's accepts", || match T::ACCEPTS {
        // SAFETY: as in `read`.
        Some(method) => unsafe { method(&*(opaque as *const T), offset, size, is_write, Attributes::decode(attrs)) },
        None => true,
    })
}
