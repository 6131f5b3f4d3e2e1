// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Memory regions: registers and memory that a guest reads and writes.
//!
//! A region is registers ([`init_io`](MemoryRegion::init_io)), memory ([`init_ram`](MemoryRegion::init_ram),
//! [`init_rom`](MemoryRegion::init_rom)), memory that takes commands as flash does
//! ([`init_rom_device`](MemoryRegion::init_rom_device)), a view of a part of another region
//! ([`init_alias`](MemoryRegion::init_alias)), or a container for other regions
//! ([`init_container`](MemoryRegion::init_container)); where they overlap, the one with the higher priority is visible.

mod error;
mod ops;

pub use self::error::BusError;
pub use self::ops::{Accepts, AccessSizes, Endianness, MemoryRegionOps, TryRead, TryWrite};
pub use crate::sys::Attributes;

use self::ops::Table;
use crate::bql;
use crate::foreign::{CloneToForeign, OwnedPointer};
use crate::qdev::DeviceState;
use crate::qom::{claim, claimed, is_claimed, Claim};
use crate::qom::{expect_field_of, expect_new_part_of, IsA, Object, ObjectCast, ObjectType, Part};
use crate::sys::{self, Opaque};
use crate::{Error, Result};
use oldstable_compat::ffi::{c_char, c_void};
use std::ptr;

/// A region of an address space: a field of its device.
#[repr(transparent)]
pub struct MemoryRegion(Opaque<sys::MemoryRegion>);

// SAFETY: every method checks the big lock.
unsafe impl Sync for MemoryRegion {}

// SAFETY: it has no drop.
unsafe impl Part for MemoryRegion {}

impl Default for MemoryRegion {
    fn default() -> Self {
        MemoryRegion(Opaque::zeroed())
    }
}

impl MemoryRegion {
    /// Makes the region call the device's [`MemoryRegionOps`] for `Region`.
    ///
    /// # Panics
    /// If the region is not a field of `owner`, has been made already, `owner` is realized, `name` has a NUL, or QEMU
    /// does not support its access sizes.
    #[track_caller]
    pub fn init_io<T, Region>(&self, owner: &T, name: &str, size: u64)
    where
        T: MemoryRegionOps<Region> + IsA<Object>,
    {
        let name = self.expect_new_field_of(owner, name);
        let ops = Table::<T, Region>::checked();
        // SAFETY: the region is a new field of the owner and so lives as long; the table is constant,
        // and QEMU copies the name.
        unsafe {
            sys::memory_region_init_io(
                self.as_mut_ptr(),
                owner.as_object_ptr(),
                ops,
                owner as *const T as *mut c_void,
                name.as_ptr(),
                size,
            )
        }
    }

    /// Makes the region memory, all zero. Its contents migrate under the name, which must be unique among memories of
    /// devices without an address.
    ///
    /// Call it in [`REALIZE`](crate::qdev::DeviceImpl::REALIZE).
    ///
    /// # Errors
    /// If the host does not have enough memory, the size is 0, or the name has more than 127 bytes.
    ///
    /// # Panics
    /// If the region is not a field of `owner`, has been made already, `owner` is realized, or `name` has a NUL.
    #[track_caller]
    pub fn init_ram<T: IsA<DeviceState>>(&self, owner: &T, name: &str, size: u64) -> Result<()> {
        self.init_memory(owner, name, size, |region, owner, name, errp| {
            // SAFETY: as in `init_io`.
            unsafe { sys::memory_region_init_ram(region, owner, name, size, errp) }
        })
    }

    /// Makes the region memory, as [`init_ram`](Self::init_ram) does, which the guest can only read:
    /// [`write_memory`](Self::write_memory) fills it.
    ///
    /// # Errors
    /// If the host does not have enough memory, the size is 0, or the name has more than 127 bytes.
    ///
    /// # Panics
    /// If the region is not a field of `owner`, has been made already, `owner` is realized, or `name` has a NUL.
    #[track_caller]
    pub fn init_rom<T: IsA<DeviceState>>(&self, owner: &T, name: &str, size: u64) -> Result<()> {
        self.init_memory(owner, name, size, |region, owner, name, errp| {
            // SAFETY: as in `init_io`.
            unsafe { sys::memory_region_init_rom(region, owner, name, size, errp) }
        })
    }

    /// Makes the region a ROM, as [`init_rom`](Self::init_rom) does, that also takes commands, like flash. The guest's
    /// writes go to the device's [`MemoryRegionOps`] for `Region`, and so do its reads after
    /// [`set_reads_memory(false)`](Self::set_reads_memory).
    ///
    /// # Errors
    /// If the host does not have enough memory, the size is 0, or the name has more than 127 bytes.
    ///
    /// # Panics
    /// As [`init_io`](Self::init_io).
    #[track_caller]
    pub fn init_rom_device<T, Region>(&self, owner: &T, name: &str, size: u64) -> Result<()>
    where
        T: MemoryRegionOps<Region> + IsA<DeviceState>,
    {
        let ops = Table::<T, Region>::checked();
        let opaque = owner as *const T as *mut c_void;
        self.init_memory(owner, name, size, |region, owner, name, errp| {
            // SAFETY: as in `init_io`.
            unsafe { sys::memory_region_init_rom_device(region, owner, ops, opaque, name, size, errp) }
        })
    }

    /// Sets whether the guest reads from the memory, which is the default, or from the device.
    ///
    /// # Panics
    /// If the region has not been made by [`init_rom_device`](Self::init_rom_device).
    #[track_caller]
    pub fn set_reads_memory(&self, reads_memory: bool) {
        self.expect_made();
        // SAFETY: the region is made.
        unsafe {
            assert!(
                sys::memory_region_is_rom_device(self.as_mut_ptr()),
                "only a region that init_rom_device has made reads from memory or from the device"
            );
            sys::memory_region_rom_device_set_romd(self.as_mut_ptr(), reads_memory)
        }
    }

    #[track_caller]
    fn init_memory<T: IsA<DeviceState>>(
        &self,
        owner: &T,
        name: &str,
        size: u64,
        init: impl FnOnce(*mut sys::MemoryRegion, *mut sys::Object, *const c_char, *mut *mut sys::Error),
    ) -> Result<()> {
        // QEMU rounds the size up to whole pages, and asserts that the result is not 0.
        const MOST: u64 = isize::MAX as u64 - 0xf_ffff;
        // It truncates the name, after the device's address, at 255 bytes, and asserts that it is unique.
        const LONGEST_NAME: usize = 127;
        if size == 0 || size > MOST {
            return Err(format!("memory has 1 to {} bytes, not {}", MOST, size).into());
        }
        if name.len() > LONGEST_NAME {
            return Err(format!("the name of memory has at most {} bytes, not {}", LONGEST_NAME, name.len()).into());
        }
        let name = self.expect_new_field_of(owner, name);
        let mut err = ptr::null_mut();
        init(self.as_mut_ptr(), owner.as_object_ptr(), name.as_ptr(), &mut err);
        // SAFETY: the error is from QEMU. If there is one, QEMU has finalized the region again.
        unsafe {
            let result = Error::err_or_unit(err);
            if result.is_err() {
                self.as_mut_ptr().write(sys::MemoryRegion::ZERO);
            }
            result
        }
    }

    /// Makes the region a view of `size` bytes of another region of the same device, starting at `offset`.
    ///
    /// # Panics
    /// If one of the regions is not a field of `owner`, this one has been made already, the original has
    /// not, or `name` has a NUL.
    #[track_caller]
    pub fn init_alias<T: IsA<Object>>(&self, owner: &T, name: &str, original: &MemoryRegion, offset: u64, size: u64) {
        expect_field_of(owner, original);
        original.expect_made();
        let name = self.expect_new_field_of(owner, name);
        claim(self.as_mut_ptr() as usize, Claim::Alias(original.as_mut_ptr() as usize));
        // SAFETY: as in `init_io`; the original lives as long as the alias.
        unsafe {
            sys::memory_region_init_alias(
                self.as_mut_ptr(),
                owner.as_object_ptr(),
                name.as_ptr(),
                original.as_mut_ptr(),
                offset,
                size,
            )
        }
    }

    /// Makes the region a container for others. An access outside of these is an error.
    ///
    /// # Panics
    /// If the region is not a field of `owner`, has been made already, `owner` is realized, or `name` has a NUL.
    #[track_caller]
    pub fn init_container<T: IsA<Object>>(&self, owner: &T, name: &str, size: u64) {
        let name = self.expect_new_field_of(owner, name);
        // SAFETY: as in `init_io`.
        unsafe { sys::memory_region_init(self.as_mut_ptr(), owner.as_object_ptr(), name.as_ptr(), size) }
    }

    /// Puts another region into this one. Where several overlap, the one with the highest priority is visible;
    /// priorities can be negative.
    ///
    /// The other region keeps its owner alive as long as it is in here. So a device that nests its own regions does so
    /// in [`REALIZE`](crate::qdev::DeviceImpl::REALIZE), and takes them out again in
    /// [`UNREALIZE`](crate::qdev::DeviceImpl::UNREALIZE); otherwise it is never freed after an unplug.
    ///
    /// # Panics
    /// If one of the two has not been made, or the other is in a region already, is on a bus, or contains this one,
    /// directly or through an alias.
    #[track_caller]
    pub fn add_subregion(&self, offset: u64, region: &MemoryRegion, priority: i32) {
        self.expect_made();
        region.expect_made();
        assert!(region.container().is_null(), "a memory region is in one other region at most");
        assert!(!is_seen_in(self.as_mut_ptr(), region.as_mut_ptr()), "a memory region cannot be inside itself");
        assert!(!region.is_on_bus(), "a memory region that a bus maps is inside no other one");
        // SAFETY: both are made, and QEMU keeps the inner one's owner alive as long as it is in there.
        unsafe { sys::memory_region_add_subregion_overlap(self.as_mut_ptr(), offset, region.as_mut_ptr(), priority) }
    }

    /// Takes another region out of this one.
    ///
    /// # Panics
    /// If it is not in this one.
    #[track_caller]
    pub fn del_subregion(&self, region: &MemoryRegion) {
        self.expect_made();
        region.expect_made();
        assert!(region.container() == self.as_mut_ptr(), "the memory region is not in this one");
        // SAFETY: it is in there.
        unsafe { sys::memory_region_del_subregion(self.as_mut_ptr(), region.as_mut_ptr()) }
    }

    /// Enables or disables the region. A disabled region does not hide others.
    ///
    /// # Panics
    /// If the region has not been made.
    #[track_caller]
    pub fn set_enabled(&self, enabled: bool) {
        self.expect_made();
        // SAFETY: the region is made.
        unsafe { sys::memory_region_set_enabled(self.as_mut_ptr(), enabled) }
    }

    /// Returns whether the region is in another one.
    ///
    /// # Panics
    /// If the region has not been made.
    #[track_caller]
    pub fn is_mapped(&self) -> bool {
        self.expect_made();
        // SAFETY: the region is made.
        unsafe { sys::memory_region_is_mapped(self.as_mut_ptr()) }
    }

    /// Returns the size of the region in bytes.
    ///
    /// # Panics
    /// If the region has not been made.
    #[track_caller]
    pub fn size(&self) -> u64 {
        self.expect_made();
        // SAFETY: the region is made.
        unsafe { sys::memory_region_size(self.as_mut_ptr()) }
    }

    /// Reads the contents of memory or a ROM.
    ///
    /// # Panics
    /// If the region is neither, or the range is outside of it.
    #[track_caller]
    pub fn read_memory(&self, offset: u64, into: &mut [u8]) {
        let place = self.expect_memory(offset, into.len());
        for (n, byte) in into.iter_mut().enumerate() {
            // SAFETY: the byte is in the region. The guest may write it meanwhile, so the read is volatile.
            *byte = unsafe { place.add(n).read_volatile() };
        }
    }

    /// Writes the contents of memory or a ROM.
    ///
    /// # Panics
    /// If the region is neither, or the range is outside of it.
    #[track_caller]
    pub fn write_memory(&self, offset: u64, bytes: &[u8]) {
        let place = self.expect_memory(offset, bytes.len());
        // SAFETY: as in `read_memory`; QEMU is told what has changed.
        unsafe {
            for (n, byte) in bytes.iter().enumerate() {
                place.add(n).write_volatile(*byte);
            }
            sys::memory_region_set_dirty(self.as_mut_ptr(), offset, bytes.len() as u64);
        }
    }

    /// Returns the address of some bytes of a memory.
    #[track_caller]
    fn expect_memory(&self, offset: u64, length: usize) -> *mut u8 {
        let size = self.size();
        assert!(
            offset <= size && length as u64 <= size - offset,
            "the memory region has {} bytes, not {} at offset {}",
            size,
            length,
            offset
        );
        // SAFETY: the region is made; QEMU returns NULL, or the place of all its bytes.
        let start = unsafe { sys::memory_region_ram(self.as_mut_ptr()) };
        assert!(!start.is_null(), "the memory region is not made of memory");
        // SAFETY: the offset is within the region.
        unsafe { start.add(offset as usize) }
    }

    /// Registers the region with the device's bus.
    ///
    /// # Panics
    /// If the region has not been made, is inside another one, or is on the bus already.
    #[track_caller]
    pub(crate) fn give_to_bus(&self) {
        self.expect_made();
        assert!(
            self.is_on_bus() || self.container().is_null(),
            "a memory region that is inside another one is mapped by no bus"
        );
        assert!(claim(self.as_mut_ptr() as usize, Claim::BusRegion), "a memory region is handed to a bus once");
    }

    fn is_on_bus(&self) -> bool {
        is_claimed(self.as_mut_ptr() as usize, Claim::BusRegion)
    }

    /// Where the region lies, for QEMU.
    pub(crate) fn as_mut_ptr(&self) -> *mut sys::MemoryRegion {
        self.0.as_mut_ptr()
    }

    fn container(&self) -> *mut sys::MemoryRegion {
        // SAFETY: the region is made.
        unsafe { sys::memory_region_container(self.as_mut_ptr()) }
    }

    #[track_caller]
    fn is_made(&self) -> bool {
        bql::expect_locked();
        // SAFETY: the first word of every object is its class, which QEMU sets when it makes the object.
        unsafe { !(*(self.as_mut_ptr() as *const *const c_void)).is_null() }
    }

    #[track_caller]
    pub(crate) fn expect_made(&self) {
        assert!(self.is_made(), "a memory region is made before it is used");
    }

    #[track_caller]
    fn expect_new_field_of<T: ObjectType>(&self, owner: &T, name: &str) -> OwnedPointer<str> {
        expect_new_part_of(owner, self);
        assert!(!self.is_made(), "memory region {} has been made already", name);
        name.clone_to_foreign()
    }
}

/// Returns whether `outer` is inside `inner`, directly or through any number of containers and aliases.
fn is_seen_in(outer: *mut sys::MemoryRegion, inner: *mut sys::MemoryRegion) -> bool {
    let mut seen = vec![outer];
    let mut next = 0;
    while let Some(&region) = seen.get(next) {
        if region == inner {
            return true;
        }
        // SAFETY: it is made, and a region that contains or aliases it lives at least as long.
        let container = unsafe { sys::memory_region_container(region) };
        let aliases = claimed(Claim::Alias(region as usize)).into_iter();
        let around = aliases.map(|alias| alias as *mut sys::MemoryRegion);
        for region in around.chain(Some(container)) {
            if !region.is_null() && !seen.contains(&region) {
                seen.push(region);
            }
        }
        next += 1;
    }
    false
}
