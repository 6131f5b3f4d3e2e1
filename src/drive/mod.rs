// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives: the back ends of storage devices.

mod request;

pub use self::request::DriveRequest;

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
    /// [`REALIZE`](crate::qdev::DeviceImpl::REALIZE) can do it: at other times QEMU itself may be waiting for the drive,
    /// and a [`DriveRequest`] does not wait.
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
        assert!(is_in_one_being_realized(self), "a drive is read in REALIZE of its device, or by a DriveRequest");
        self.allow(Access::Read)?;
        let offset = self.check_range(offset, into.len())?;
        access_and_wait(self.connected()?, into.as_mut_ptr(), into.len(), |backend, vector, opaque| {
            // SAFETY: `access_and_wait` waits for it.
            unsafe { sys::blk_aio_preadv(backend, offset, vector, 0, Some(done), opaque) };
        })
    }

    /// Writes from an offset on, and blocks QEMU until that is done, as [`read`](Self::read) does.
    ///
    /// # Errors
    /// As `read`; if the drive is read-only or another device writes to it, or while the machine migrates to this QEMU,
    /// which does not have the drive yet.
    ///
    /// # Panics
    /// If the device is not being realized.
    #[track_caller]
    pub fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        assert!(is_in_one_being_realized(self), "a drive is written in REALIZE of its device, or by a DriveRequest");
        self.allow(Access::ReadWrite)?;
        let offset = self.check_range(offset, bytes.len())?;
        self.check_is_ours()?;
        access_and_wait(self.connected()?, bytes.as_ptr() as *mut u8, bytes.len(), |backend, vector, opaque| {
            // SAFETY: as in `read`. QEMU only reads the bytes.
            unsafe { sys::blk_aio_pwritev(backend, offset, vector, 0, Some(done), opaque) };
        })
    }

    /// Returns the size of the medium in bytes.
    ///
    /// # Errors
    /// `NotConnected` if the property has not been set; else the reason why QEMU does not know the size, such as a
    /// missing medium.
    pub fn length(&self) -> io::Result<u64> {
        let backend = self.connected()?;
        // SAFETY: the property holds a reference to the drive.
        let length = unsafe { sys::blk_getlength(backend) };
        u64::try_from(length).map_err(|_| io::Error::from_raw_os_error(-length as i32))
    }
    /// Returns the drive, if the property has been set.
    #[track_caller]
    fn connected(&self) -> io::Result<*mut sys::BlockBackend> {
        let backend = self.backend();
        if backend.is_null() {
            return Err(io::ErrorKind::NotConnected.into());
        }
        Ok(backend)
    }

    /// Asks QEMU to let the device do this, besides what it is let do already.
    #[track_caller]
    fn allow(&self, access: Access) -> io::Result<()> {
        let backend = self.connected()?;
        let (mut wanted, mut shared, mut err) = (0, 0, std::ptr::null_mut());
        // SAFETY: the property holds a reference to the drive.
        unsafe { sys::blk_get_perm(backend, &mut wanted, &mut shared) };
        wanted |= sys::BLK_PERM_CONSISTENT_READ;
        if access == Access::ReadWrite {
            wanted |= sys::BLK_PERM_WRITE;
        }
        shared = sys::blk_perm_all();
        if wanted & sys::BLK_PERM_WRITE != 0 {
            shared &= !(sys::BLK_PERM_WRITE | sys::BLK_PERM_RESIZE);
        }
        // SAFETY: as above.
        unsafe { sys::blk_set_perm(backend, wanted, shared, &mut err) };
        // SAFETY: QEMU has set it, or not.
        unsafe { Error::err_or_unit(err) }.map_err(|error| io::Error::new(io::ErrorKind::Other, error.to_string()))
    }

    /// Returns the drive, if QEMU lets the device do this.
    #[track_caller]
    fn allowed(&self, permission: u64) -> io::Result<*mut sys::BlockBackend> {
        let backend = self.connected()?;
        let (mut wanted, mut shared) = (0, 0);
        // SAFETY: the property holds a reference to the drive.
        unsafe { sys::blk_get_perm(backend, &mut wanted, &mut shared) };
        if wanted & permission == 0 {
            let refusal = "REALIZE opens a drive, to read it or to write to it as well";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, refusal));
        }
        Ok(backend)
    }

    /// Returns the offset, if that many bytes of the medium are there.
    fn check_range(&self, offset: u64, length: usize) -> io::Result<i64> {
        let invalid = |what| io::Error::new(io::ErrorKind::InvalidInput, what);
        i32::try_from(length).map_err(|_| invalid("a request to a drive has less than 2 GiB"))?;
        match offset.checked_add(length as u64) {
            Some(end) if end <= self.length()? => Ok(offset as i64),
            _ => Err(invalid("the medium of the drive is shorter")),
        }
    }

    /// Checks that no other QEMU has the image, which this one then does not write to, and asserts that.
    #[track_caller]
    fn check_is_ours(&self) -> io::Result<()> {
        // SAFETY: the property holds a reference to the drive, and that one to its image, if it has one.
        let flags = unsafe {
            let image = sys::blk_bs(self.connected()?);
            if image.is_null() {
                0
            } else {
                sys::bdrv_get_flags(image)
            }
        };
        if flags & sys::BDRV_O_INACTIVE != 0 {
            return Err(io::Error::new(io::ErrorKind::WouldBlock, "the image belongs to another QEMU, in a migration"));
        }
        Ok(())
    }
}

/// What a device does with a drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It reads.
    Read,
    /// It reads and writes.
    ReadWrite,
}

/// What a request has come to; 1 while it is under way.
type Outcome = AtomicI32;

/// Begins a request, and waits for it.
fn access_and_wait(
    backend: *mut sys::BlockBackend,
    bytes: *mut u8,
    length: usize,
    begin: impl FnOnce(*mut sys::BlockBackend, *mut sys::IoVector, *mut c_void),
) -> io::Result<()> {
    let outcome = Outcome::new(1);
    let mut vector = sys::IoVector::zeroed();
    // SAFETY: the drive is live, and kept so; the buffer, the vector and the outcome live until QEMU has called `done`,
    // after which it uses them no more.
    unsafe {
        sys::blk_ref(backend);
        sys::qemu_iovec_init(&mut vector, 1);
        sys::qemu_iovec_add(&mut vector, bytes as *mut c_void, length);
        begin(backend, &mut vector, &outcome as *const Outcome as *mut c_void);
        while outcome.load(Ordering::Acquire) == 1 {
            sys::blk_drain(backend);
        }
        sys::qemu_iovec_destroy(&mut vector);
        sys::blk_unref(backend);
    }
    match outcome.load(Ordering::Relaxed) {
        failed if failed < 0 => Err(io::Error::from_raw_os_error(-failed)),
        _ => Ok(()),
    }
}

/// # Safety
/// QEMU calls it with the outcome of `access_and_wait`, which waits for it.
unsafe extern "C" fn done(opaque: *mut c_void, result: c_int) {
    // SAFETY: the caller guarantees the outcome.
    unsafe { &*(opaque as *const Outcome) }.store(result.min(0), Ordering::Release)
}
