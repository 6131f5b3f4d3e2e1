// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Direct memory access: a device's own reads and writes.

mod mapping;
mod number;

pub use self::mapping::Mapping;
pub use self::number::Number;

use self::number::Bytes;
use crate::bql;
use crate::memory::{Attributes, BusError};
use crate::sys;
use oldstable_compat::ffi::c_void;
use std::marker::PhantomData;
use std::sync::atomic::{fence, Ordering};

/// An address space, as a device or a processor sees it.
///
/// An access may reach another device, or the one that makes it, which then runs before the access returns: no cell of
/// a device may be borrowed meanwhile.
#[repr(C)]
pub struct AddressSpace {
    _opaque: [u8; 0],
    not_send_not_sync: PhantomData<*mut ()>,
}

impl AddressSpace {
    /// Returns the address space of the board's processors.
    #[track_caller]
    pub fn system_memory() -> &'static AddressSpace {
        bql::expect_locked();
        // SAFETY: the variable lives as long as QEMU.
        unsafe { AddressSpace::from_raw(sys::address_space_memory()) }
    }

    /// Makes a reference to QEMU's address space.
    ///
    /// # Safety
    /// It must live that long.
    pub(crate) unsafe fn from_raw<'a>(space: *mut sys::AddressSpace) -> &'a AddressSpace {
        // SAFETY: the caller guarantees that it is live, and nothing reads its bytes.
        unsafe { &*(space as *const AddressSpace) }
    }

    /// Reads bytes, starting at an address.
    ///
    /// # Errors
    /// If some of them cannot be read. The bytes that were read before are in `into`.
    pub fn read(&self, address: u64, into: &mut [u8], attributes: Attributes) -> Result<(), BusError> {
        self.access(address, into.as_mut_ptr(), into.len(), attributes, false)
    }

    /// Writes bytes, starting at an address.
    ///
    /// # Errors
    /// If some of them cannot be written. The others are written.
    pub fn write(&self, address: u64, bytes: &[u8], attributes: Attributes) -> Result<(), BusError> {
        self.access(address, bytes.as_ptr() as *mut u8, bytes.len(), attributes, true)
    }

    /// Loads a number whose least significant byte comes first. At a multiple of its size that is one access.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn load_le<N: Number>(&self, address: u64, attributes: Attributes) -> Result<N, BusError> {
        let mut bytes = <N as Bytes>::Array::default();
        self.read(address, bytes.as_mut(), attributes)?;
        Ok(N::from_le(bytes))
    }

    /// As [`load_le`](Self::load_le), for one whose most significant byte comes first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn load_be<N: Number>(&self, address: u64, attributes: Attributes) -> Result<N, BusError> {
        let mut bytes = <N as Bytes>::Array::default();
        self.read(address, bytes.as_mut(), attributes)?;
        Ok(N::from_be(bytes))
    }

    /// Stores a number, the least significant byte first. At a multiple of its size that is one access.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn store_le<N: Number>(&self, address: u64, number: N, attributes: Attributes) -> Result<(), BusError> {
        self.write(address, number.to_le().as_ref(), attributes)
    }

    /// As [`store_le`](Self::store_le), the most significant byte first.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn store_be<N: Number>(&self, address: u64, number: N, attributes: Attributes) -> Result<(), BusError> {
        self.write(address, number.to_be().as_ref(), attributes)
    }

    /// Maps memory of the guest, for a device that comes back to the same bytes: as many of them as lie together.
    ///
    /// None if there is no memory that can be written at the address; [`read`](Self::read) and [`write`](Self::write)
    /// reach what else is there.
    #[track_caller]
    pub fn map(&self, address: u64, length: u64, attributes: Attributes) -> Option<Mapping> {
        // SAFETY: the space is live.
        unsafe { Mapping::new(self.as_mut_ptr(), address, length, attributes) }
    }

    #[track_caller]
    fn access(
        &self,
        address: u64,
        bytes: *mut u8,
        length: usize,
        attributes: Attributes,
        write: bool,
    ) -> Result<(), BusError> {
        bql::expect_locked();
        // A thread that sees the access also sees the device's earlier actions, and the other way round.
        fence(Ordering::SeqCst);
        // SAFETY: the space is live and the bytes are as many; QEMU only reads them for a write.
        BusError::check(unsafe {
            sys::address_space_access(
                self.as_mut_ptr(),
                address,
                attributes,
                bytes as *mut c_void,
                length as u64,
                write,
            )
        })
    }

    /// Returns whether all of the addresses can be read.
    pub fn can_read(&self, address: u64, length: u64, attributes: Attributes) -> bool {
        self.is_valid(address, length, attributes, false)
    }

    /// Returns whether all of the addresses can be written.
    pub fn can_write(&self, address: u64, length: u64, attributes: Attributes) -> bool {
        self.is_valid(address, length, attributes, true)
    }

    #[track_caller]
    fn is_valid(&self, address: u64, length: u64, attributes: Attributes, write: bool) -> bool {
        bql::expect_locked();
        // SAFETY: the space is live.
        unsafe { sys::address_space_access_valid(self.as_mut_ptr(), address, length, write, attributes.encode()) }
    }

    fn as_mut_ptr(&self) -> *mut sys::AddressSpace {
        self as *const AddressSpace as *mut sys::AddressSpace
    }
}
