// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Block back ends.

use super::error::Error;
use super::release::release;
use oldstable_compat::ffi::{c_int, c_void};

/// A drive as devices have it; only QEMU looks inside.
#[repr(C)]
pub struct BlockBackend {
    _opaque: [u8; 0],
}

/// QEMU's `QEMUIOVector`, a list of buffers, which no release has made longer than 32 bytes.
#[repr(C)]
pub struct IoVector {
    _opaque: [u64; 8],
}

impl IoVector {
    /// Returns one to be initialised.
    pub const fn zeroed() -> Self {
        IoVector { _opaque: [0; 8] }
    }
}

/// Called with what was given with a request, once that is done, and with 0 or a negative `errno`.
pub type BlockDone = Option<unsafe extern "C" fn(opaque: *mut c_void, result: c_int)>;

/// The image of a drive; only QEMU looks inside.
#[repr(C)]
pub struct BlockDriverState {
    _opaque: [u8; 0],
}

/// What a user of a drive asks for: to read what was written.
pub const BLK_PERM_CONSISTENT_READ: u64 = 1;
/// To write.
pub const BLK_PERM_WRITE: u64 = 2;
/// To change the medium's size.
pub const BLK_PERM_RESIZE: u64 = 8;

/// Of an image's flags: another QEMU has it, before or after a migration.
pub const BDRV_O_INACTIVE: c_int = 0x800;

/// Returns what a user of a drive lets others do, if that is everything: up to 6.2 they could change the graph.
pub fn blk_perm_all() -> u64 {
    if release().major < 7 {
        0x1f
    } else {
        0x0f
    }
}

imports! {
    in ALL {
        fn blk_getlength(backend: *mut BlockBackend) -> i64;
        fn blk_ref(backend: *mut BlockBackend);
        fn blk_unref(backend: *mut BlockBackend);
        fn blk_set_perm(backend: *mut BlockBackend, wanted: u64, shared: u64, errp: *mut *mut Error) -> c_int;
        fn blk_aio_preadv(
            backend: *mut BlockBackend, offset: i64, into: *mut IoVector, flags: c_int,
            done: BlockDone, opaque: *mut c_void
        ) -> *mut c_void;
        fn blk_aio_pwritev(
            backend: *mut BlockBackend, offset: i64, from: *mut IoVector, flags: c_int,
            done: BlockDone, opaque: *mut c_void
        ) -> *mut c_void;
        fn blk_aio_flush(backend: *mut BlockBackend, done: BlockDone, opaque: *mut c_void) -> *mut c_void;
        fn blk_inc_in_flight(backend: *mut BlockBackend);
        fn blk_dec_in_flight(backend: *mut BlockBackend);
        fn blk_get_perm(backend: *mut BlockBackend, wanted: *mut u64, shared: *mut u64);
        fn blk_bs(backend: *mut BlockBackend) -> *mut BlockDriverState;
        fn bdrv_get_flags(image: *mut BlockDriverState) -> c_int;
        fn blk_drain(backend: *mut BlockBackend);
        fn qemu_iovec_init(vector: *mut IoVector, count: c_int);
        fn qemu_iovec_add(vector: *mut IoVector, bytes: *mut c_void, length: usize);
        fn qemu_iovec_destroy(vector: *mut IoVector);
    }
}
