// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Memory of the guest that a device reaches without asking QEMU for each access.

use crate::bql;
use crate::qom::{Object, Owned};
use crate::sys;
use oldstable_compat::ffi::c_void;
use std::cell::Cell;

/// Memory of the guest, [mapped](super::AddressSpace::map): bytes are copied from it and to it. A device keeps it in a
/// [`BqlCell`](crate::bql::BqlCell).
///
/// The guest's processors may change it at any time. It stays memory of the guest until this is dropped, whatever
/// becomes of the board meanwhile.
pub struct Mapping {
    space: *mut sys::AddressSpace,
    bytes: *mut u8,
    length: usize,
    /// QEMU is to be told that it has changed: migration sends it again.
    written: Cell<bool>,
}

// SAFETY: each access to the memory, and the end, is on a thread with the big lock, whichever that is.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps as many bytes as lie together, if they are memory.
    ///
    /// # Safety
    /// The space is live.
    pub(super) unsafe fn new(
        space: *mut sys::AddressSpace,
        address: u64,
        length: u64,
        attributes: sys::Attributes,
    ) -> Option<Mapping> {
        bql::expect_locked();
        let mut mapped = length;
        // What a read of something else would do is done by nobody: to be written is only memory mapped, and for
        // the rest there is a buffer, which is given back unwritten.
        // SAFETY: the caller vouches for the space.
        let bytes =
            unsafe { sys::address_space_map(space, address, &mut mapped, true, attributes.encode()) } as *mut u8;
        if bytes.is_null() {
            return None;
        }
        // SAFETY: QEMU has mapped it.
        let is_memory = unsafe { !sys::memory_region_from_host(bytes as *mut c_void, &mut 0).is_null() };
        let mapping = Mapping { space, bytes, length: mapped as usize, written: Cell::new(false) };
        if is_memory {
            Some(mapping)
        } else {
            None
        }
    }

    /// How many bytes are mapped, which may be fewer than were asked for: others lie elsewhere, or are not memory.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Reads bytes from an offset on.
    ///
    /// # Panics
    /// If not all of them are mapped.
    #[track_caller]
    pub fn read(&self, offset: usize, into: &mut [u8]) {
        self.expect_inside(offset, into.len());
        // SAFETY: that many bytes are mapped there, and no slice of ours is memory of the guest.
        unsafe { std::ptr::copy_nonoverlapping(self.bytes.add(offset), into.as_mut_ptr(), into.len()) }
    }

    /// Writes bytes from an offset on.
    ///
    /// # Panics
    /// If not all of them are mapped.
    #[track_caller]
    pub fn write(&self, offset: usize, bytes: &[u8]) {
        self.expect_inside(offset, bytes.len());
        self.written.set(true);
        // SAFETY: as in `read`.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.bytes.add(offset), bytes.len()) }
    }

    #[track_caller]
    fn expect_inside(&self, offset: usize, length: usize) {
        bql::expect_locked();
        assert!(
            offset <= self.length && length <= self.length - offset,
            "{} bytes are mapped, not {} from {:#x} on",
            self.length,
            length,
            offset
        );
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // A thread's own variables end without the lock: the memory then stays mapped.
        if !bql::is_locked() {
            return;
        }
        // The memory may be a device's that nothing else keeps, and that is running a method: it ends after that.
        // SAFETY: for mapped memory QEMU has a region, which is an object and lives until it is unmapped.
        let _kept = unsafe {
            let region = sys::memory_region_from_host(self.bytes as *mut c_void, &mut 0) as *const Object;
            region.as_ref().and_then(Owned::of_living)
        };
        let written = if self.written.get() { self.length } else { 0 };
        // SAFETY: these bytes have been mapped. For memory QEMU does not look at the space, which may have ended.
        unsafe {
            sys::address_space_unmap(self.space, self.bytes as *mut c_void, self.length as u64, true, written as u64)
        }
    }
}
