// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Requests to a drive that a device does not wait for.
//!
//! A request owns its buffer and a reference to its device, so that both are there when QEMU has done it, whatever has
//! become of the device meanwhile: nothing has to wait for a drive at the device's end, which may come while QEMU
//! itself waits for the drive to come to rest.
//!
//! QEMU says that a request is done from inside a coroutine, where most of its functions must not be called. So the
//! device is called by a bottom half. Until then the drive counts as busy: QEMU waits for drives when it stops the
//! machine to save it, and the device has then heard of all its requests.
//!
//! An image that a migration has given away must not be written to; QEMU asserts that. It is given away when the
//! machine has been stopped and the drives are at rest: a request begins only while the machine runs.

use super::{Access, Drive};
use crate::bql::{self, BqlCell};
use crate::callback::{guard, FnCall};
use crate::qdev::DeviceState;
use crate::qom::{
    expect_field_of, expect_new_part_of, is_in_its_own_hands, is_in_one_being_realized, IsA, Object, ObjectCast,
    ObjectMethods, Owned, Part,
};
use crate::sys;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, c_void};
use std::cell::Cell;
use std::io::{Error, ErrorKind, Result};

/// A request to read, write or flush a drive, one at a time: a field of the device, whose callback gets the result.
/// A device that has several under way has several fields.
///
/// A request can begin while the device is realized and the machine runs: at other times QEMU may have given the drive
/// to the QEMU that the machine migrates to. QEMU waits for requests before the device is saved, and the callback has
/// run by then; a device with more to do goes on when its [`RunStateHandler`](crate::runstate::RunStateHandler) says
/// that the machine runs, on either side. A device that is unplugged is not called any more, but what has begun is
/// done.
#[derive(Default)]
pub struct DriveRequest {
    called: BqlCell<Option<Called>>,
    under_way: BqlCell<UnderWay>,
}

/// The device that a request calls, its drive, and the function.
#[derive(Clone, Copy)]
struct Called {
    owner: *const Object,
    drive: *const Drive,
    call: unsafe fn(*const Object, Result<Vec<u8>>),
}

// SAFETY: the pointers are those of the owner and of a field of it, which contains the request.
unsafe impl Send for Called {}

/// What QEMU does for the request, or NULL.
#[derive(Clone, Copy)]
struct UnderWay(*const Flight);

impl Default for UnderWay {
    fn default() -> Self {
        UnderWay(std::ptr::null())
    }
}

// SAFETY: it is used under the big lock alone, by whichever thread.
unsafe impl Send for UnderWay {}

// SAFETY: it has nothing to undo, and no request of it is under way when it is dropped, since that keeps the device.
unsafe impl Part for DriveRequest {}

/// What QEMU has a pointer to while it does a request.
struct Flight {
    backend: *mut sys::BlockBackend,
    vector: sys::IoVector,
    bytes: Vec<u8>,
    bottom_half: *mut sys::BottomHalf,
    outcome: Cell<c_int>,
    /// Where the request is; NULL once it has been cancelled.
    request: Cell<*const DriveRequest>,
    /// The device, with the request.
    owner: Owned<Object>,
}

enum Deed {
    Read,
    Write,
    Flush,
}

impl DriveRequest {
    /// Initialises the request: `callback` gets the device and, when a request is done, the bytes that it has read or
    /// written. It runs in the main loop, with the big lock.
    ///
    /// # Panics
    /// If the request and the drive are not fields of `owner`, the request has been initialised already, or `owner` is
    /// realized.
    #[track_caller]
    pub fn init<T, F>(&self, owner: &T, drive: &Drive, _callback: F)
    where
        T: IsA<DeviceState>,
        F: for<'a> FnCall<(&'a T, Result<Vec<u8>>)>,
    {
        expect_new_part_of(owner, self);
        expect_field_of(owner, drive);
        assert!(self.called.get().is_none(), "a request to a drive is initialised once");
        self.called.set(Some(Called {
            owner: owner.as_object_ptr() as *const Object,
            drive,
            // SAFETY: the request calls it with its owner, which is a live `T`, and the callback's value exists.
            call: |owner, result| unsafe { F::call((&*(owner as *const T), result)) },
        }))
    }

    /// Prepares the device for its requests; its [`REALIZE`](crate::qdev::DeviceImpl::REALIZE) does that. With
    /// [`Access::ReadWrite`] no other device can write to the drive as long as this one lives.
    ///
    /// # Errors
    /// `NotConnected` if the property has not been set; if the drive is read-only or in use by another device.
    ///
    /// # Panics
    /// If the request has not been initialised, or the device is not being realized.
    #[track_caller]
    pub fn open(&self, access: Access) -> Result<()> {
        let called = self.expect_made();
        assert!(is_in_one_being_realized(self), "a drive is opened in REALIZE of its device");
        // A device that was unplugged in between is not told of what it began before.
        self.cancel();
        // SAFETY: the drive is a field of the owner, as the request is.
        unsafe { &*called.drive }.allow(access)
    }

    /// Begins to read this many bytes, from an offset on.
    ///
    /// # Errors
    /// `NotConnected` if the property has not been set; `WouldBlock` if the last request is under way, or the machine
    /// does not run; `PermissionDenied` if the drive has not been opened; `InvalidInput` if the medium ends before, or
    /// more than 2 GiB are asked for; if QEMU does not know the medium's size; if the device is not realized.
    ///
    /// # Panics
    /// If the request has not been initialised.
    #[track_caller]
    pub fn read(&self, offset: u64, length: usize) -> Result<()> {
        self.start(Deed::Read, offset, length, || vec![0; length])
    }

    /// Begins to write these bytes, from an offset on.
    ///
    /// # Errors
    /// As [`read`](Self::read); `PermissionDenied` as well if the drive has been opened to be read.
    ///
    /// # Panics
    /// If the request has not been initialised.
    #[track_caller]
    pub fn write(&self, offset: u64, bytes: Vec<u8>) -> Result<()> {
        self.start(Deed::Write, offset, bytes.len(), || bytes)
    }

    /// Begins to make what has been written survive the end of this machine's power. The callback gets no bytes.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    ///
    /// # Panics
    /// If the request has not been initialised.
    #[track_caller]
    pub fn flush(&self) -> Result<()> {
        self.start(Deed::Flush, 0, 0, Vec::new)
    }

    /// Returns whether a request has begun and the callback has not been called.
    #[track_caller]
    pub fn is_under_way(&self) -> bool {
        !self.under_way.get().0.is_null()
    }

    /// Has the callback not called, and another request can begin at once, as a device does when it is reset. QEMU may
    /// still do the request, and does so in any order with later ones.
    #[track_caller]
    pub fn cancel(&self) {
        // SAFETY: what is under way is live: it is freed when it is done, and is then not under way.
        if let Some(flight) = unsafe { self.under_way.replace(UnderWay::default()).0.as_ref() } {
            flight.request.set(std::ptr::null())
        }
    }

    #[track_caller]
    fn expect_made(&self) -> Called {
        self.called.get().expect("a request to a drive is initialised with init before it is used")
    }

    #[track_caller]
    fn start(&self, deed: Deed, offset: u64, length: usize, bytes: impl FnOnce() -> Vec<u8>) -> Result<()> {
        let called = self.expect_made();
        // SAFETY: the owner is live, since the request is a field of it, as the drive is.
        let (owner, drive) = unsafe { (&*called.owner, &*called.drive) };
        let owner = owner_at_work(owner)?;
        let permission = match deed {
            Deed::Write => sys::BLK_PERM_WRITE,
            _ => sys::BLK_PERM_CONSISTENT_READ,
        };
        let backend = drive.allowed(permission)?;
        let offset = drive.check_range(offset, length)?;
        if let Deed::Write = deed {
            drive.check_is_ours()?;
        }
        if !can_begin() {
            return Err(Error::new(ErrorKind::WouldBlock, "no request to a drive begins while the machine is stopped"));
        }
        if self.is_under_way() {
            return Err(Error::new(ErrorKind::WouldBlock, "the last request is under way"));
        }
        let flight = Box::into_raw(Box::new(Flight {
            backend,
            vector: sys::IoVector::zeroed(),
            bytes: bytes(),
            bottom_half: std::ptr::null_mut(),
            outcome: Cell::new(0),
            request: Cell::new(self),
            owner,
        }));
        self.under_way.set(UnderWay(flight));
        // SAFETY: the drive is live, and kept so; the flight and its buffer live until `finish`, which QEMU calls once
        // `done` has said so, and which frees them.
        unsafe { begin(flight, deed, offset) }
        Ok(())
    }
}

/// Returns a reference to the device.
///
/// # Errors
/// If it is not realized: it may be about to lose its drive.
#[track_caller]
fn owner_at_work(owner: &Object) -> Result<Owned<Object>> {
    let refusal = || Error::new(ErrorKind::Other, "a request to a drive begins while its device is realized");
    let living = Owned::of_living(owner).ok_or_else(refusal)?;
    if is_in_its_own_hands(owner) || !owner.property_get_bool("realized").unwrap_or(false) {
        return Err(refusal());
    }
    Ok(living)
}

/// Whether QEMU will wait for a request that begins now, before it gives away an image. Processors that are about to be
/// stopped still run their instructions to their end, and QEMU waits for drives after that.
fn can_begin() -> bool {
    bql::expect_locked();
    // SAFETY: both only read a variable.
    unsafe { sys::runstate_is_running() || sys::qemu_in_vcpu_thread() }
}

/// # Safety
/// The flight is live and its drive, too; nothing but QEMU uses its buffer from now on.
unsafe fn begin(flight: *mut Flight, deed: Deed, offset: i64) {
    // SAFETY: the caller vouches for the flight, which does not move.
    unsafe {
        let backend = (*flight).backend;
        sys::blk_ref(backend);
        let opaque = flight as *mut c_void;
        (*flight).bottom_half = sys::bottom_half_new(Some(finish), opaque, c_str!("oldstable-drive"));
        let vector: *mut sys::IoVector = &mut (*flight).vector;
        sys::qemu_iovec_init(vector, 1);
        let bytes: *mut Vec<u8> = &mut (*flight).bytes;
        sys::qemu_iovec_add(vector, (*bytes).as_mut_ptr() as *mut c_void, (*bytes).len());
        match deed {
            Deed::Read => sys::blk_aio_preadv(backend, offset, vector, 0, Some(done), opaque),
            Deed::Write => sys::blk_aio_pwritev(backend, offset, vector, 0, Some(done), opaque),
            Deed::Flush => sys::blk_aio_flush(backend, Some(done), opaque),
        };
    }
}

/// # Safety
/// QEMU calls it once, with the flight.
unsafe extern "C" fn done(opaque: *mut c_void, result: c_int) {
    guard("a request to a drive", || {
        bql::expect_locked();
        // SAFETY: the flight lives until `finish`, for which the drive is kept busy here.
        unsafe {
            let flight = opaque as *const Flight;
            (*flight).outcome.set(result);
            sys::blk_inc_in_flight((*flight).backend);
            sys::qemu_bh_schedule((*flight).bottom_half);
        }
    })
}

/// # Safety
/// QEMU calls it once, after [`done`], from the main loop, with the flight.
unsafe extern "C" fn finish(opaque: *mut c_void) {
    guard("a request to a drive", || {
        // SAFETY: `start` has made it, and QEMU uses neither it nor its parts any more.
        let mut flight = unsafe { Box::from_raw(opaque as *mut Flight) };
        // SAFETY: as above. The callback may wait for the drive, which is not busy with this request.
        unsafe {
            sys::qemu_bh_delete(flight.bottom_half);
            sys::qemu_iovec_destroy(&mut flight.vector);
            sys::blk_dec_in_flight(flight.backend);
        }
        let Flight { backend, bytes, outcome, request, owner, .. } = *flight;
        // SAFETY: the owner, of which it is a field, is live.
        if let Some(request) = unsafe { request.get().as_ref() } {
            request.under_way.set(UnderWay::default());
            if let (Some(called), true) = (request.called.get(), owner.property_get_bool("realized").unwrap_or(false)) {
                let result = match outcome.get() {
                    failed if failed < 0 => Err(Error::from_raw_os_error(-failed)),
                    _ => Ok(bytes),
                };
                // SAFETY: the function is that of this owner.
                unsafe { (called.call)(called.owner, result) }
            }
        }
        // SAFETY: this is the reference of `begin`. It is not the last one, since the device has its own.
        unsafe { sys::blk_unref(backend) }
    })
}
