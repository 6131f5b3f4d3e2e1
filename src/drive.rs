// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives: the back ends of storage devices.

use crate::bql;
use crate::qdev::{PropertyKind, PropertyType};
use crate::sys;
use std::cell::UnsafeCell;
use std::convert::TryFrom;
use std::io;

/// A drive: a field of a device's configuration. A property sets it to a drive of `-drive` or `-blockdev`.
///
/// QEMU reserves the drive for the device as long as the device lives.
///
/// There is no such type for a network back end, although QEMU has a property for it: `netdev_del` frees
/// the back end and leaves a pointer to it, unless a network card of QEMU's own is its peer.
#[repr(transparent)]
pub struct Drive(UnsafeCell<*mut sys::BlockBackend>);

// SAFETY: every access checks the big lock.
unsafe impl Sync for Drive {}

// SAFETY: NULL stands for no drive; QEMU's property writes a pointer to a drive, holds a reference to it, and releases
// that with the property.
unsafe impl PropertyType for Drive {
    type Field = Self;
    const KIND: PropertyKind = PropertyKind::Drive;
}

impl Drive {
    #[track_caller]
    fn backend(&self) -> *mut sys::BlockBackend {
        bql::expect_locked();
        // SAFETY: only QEMU's property writes it, under the lock.
        unsafe { *self.0.get() }
    }

    /// Returns whether the property has been set.
    pub fn is_connected(&self) -> bool {
        !self.backend().is_null()
    }

    /// Returns the size of the medium in bytes.
    ///
    /// # Errors
    /// `NotConnected` if the property has not been set; else the reason why QEMU does not know the size, such as a
    /// missing medium.
    pub fn length(&self) -> io::Result<u64> {
        let backend = self.backend();
        if backend.is_null() {
            return Err(io::ErrorKind::NotConnected.into());
        }
        // SAFETY: the property holds a reference to the drive.
        let length = unsafe { sys::blk_getlength(backend) };
        u64::try_from(length).map_err(|_| io::Error::from_raw_os_error(-length as i32))
    }
}
