// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives: the back ends of storage devices.

use crate::bql;
use crate::qdev::{PropertyKind, PropertyType};
use crate::qom::is_in_one_being_realized;
use crate::sys;
use crate::Error;
use oldstable_compat::ffi::{c_int, c_void};
use std::cell::UnsafeCell;
use std::convert::TryFrom;
use std::io;
use std::sync::atomic::{AtomicI32, Ordering};

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

    /// Reads from an offset on, and blocks QEMU until that is done. Only the device's
    /// [`REALIZE`](crate::qdev::DeviceImpl::REALIZE) can do it: at other times QEMU itself may be waiting for the drive.
    ///
    /// Bottom halves, of this device and of others, may run meanwhile: end borrows before.
    ///
    /// # Errors
    /// `NotConnected` if the property has not been set; if the medium is missing or shorter, or cannot be read.
    ///
    /// # Panics
    /// If the device is not being realized.
    #[track_caller]
    pub fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let backend = self.backend();
        assert!(is_in_one_being_realized(self), "a drive is read in REALIZE of its device");
        if backend.is_null() {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let offset = i64::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the property holds a reference to the drive.
        unsafe { sys::blk_set_perm(backend, sys::BLK_PERM_CONSISTENT_READ, sys::blk_perm_all(), &mut err) };
        // SAFETY: QEMU has set it, or not.
        unsafe { Error::err_or_unit(err) }.map_err(|error| io::Error::new(io::ErrorKind::Other, error.to_string()))?;
        match read_and_wait(backend, offset, into) {
            failed if failed < 0 => Err(io::Error::from_raw_os_error(-failed)),
            _ => Ok(()),
        }
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

/// What a request has come to; 1 while it is under way.
type Outcome = AtomicI32;

/// Returns QEMU's result.
fn read_and_wait(backend: *mut sys::BlockBackend, offset: i64, into: &mut [u8]) -> i32 {
    let outcome = Outcome::new(1);
    let mut vector = sys::IoVector::zeroed();
    // SAFETY: the drive is live, and kept so; the buffer, the vector and the outcome live until QEMU has called `done`,
    // after which it uses them no more.
    unsafe {
        sys::blk_ref(backend);
        sys::qemu_iovec_init(&mut vector, 1);
        sys::qemu_iovec_add(&mut vector, into.as_mut_ptr() as *mut c_void, into.len());
        let opaque = &outcome as *const Outcome as *mut c_void;
        sys::blk_aio_preadv(backend, offset, &mut vector, 0, Some(done), opaque);
        while outcome.load(Ordering::Acquire) == 1 {
            sys::blk_drain(backend);
        }
        sys::qemu_iovec_destroy(&mut vector);
        sys::blk_unref(backend);
    }
    outcome.load(Ordering::Relaxed)
}

/// # Safety
/// QEMU calls it with the outcome of `read_and_wait`, which waits for it.
unsafe extern "C" fn done(opaque: *mut c_void, result: c_int) {
    // SAFETY: the caller guarantees the outcome.
    unsafe { &*(opaque as *const Outcome) }.store(result.min(0), Ordering::Release)
}
