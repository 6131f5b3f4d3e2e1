//! Drives: the back end of a device that stores.

use crate::bql;
use crate::qdev::{PropertyKind, PropertyType};
use crate::sys;
use std::cell::UnsafeCell;
use std::convert::TryFrom;
use std::io;

/// A drive: a field of a device's configuration, set by a property to what `-drive` or `-blockdev` has
/// made.
///
/// QEMU keeps the drive for the device as long as the device lives, and lets no other device have it.
///
/// There is no such type for a network back end, although QEMU has a property for it: `netdev_del` frees
/// the back end and leaves a pointer to it, unless a network card of QEMU's own is its peer.
#[repr(transparent)]
pub struct Drive(UnsafeCell<*mut sys::BlockBackend>);

// SAFETY: every access asks for the big lock.
unsafe impl Sync for Drive {}

// SAFETY: NULL is no drive; QEMU's property writes a pointer to one that it holds a reference to, and
// gives that back with the property.
unsafe impl PropertyType for Drive {
    type Field = Self;
    const KIND: PropertyKind = PropertyKind::Drive;
}

impl Drive {
    #[track_caller]
    fn backend(&self) -> *mut sys::BlockBackend {
        bql::expect_locked();
        // SAFETY: only QEMU's property writes it, by whoever holds the lock.
        unsafe { *self.0.get() }
    }

    /// Whether the property has been set.
    pub fn is_connected(&self) -> bool {
        !self.backend().is_null()
    }

    /// How many bytes the medium has.
    ///
    /// # Errors
    /// `NotConnected` if the property has not been set; else what keeps QEMU from knowing: there may be no
    /// medium.
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
