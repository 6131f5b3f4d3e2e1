// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Block back ends.

/// A drive as devices have it; only QEMU looks inside.
#[repr(C)]
pub struct BlockBackend {
    _opaque: [u8; 0],
}

imports! {
    in ALL {
        fn blk_getlength(backend: *mut BlockBackend) -> i64;
    }
}
