// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The result of an access.

use crate::sys;
use std::fmt;

/// Why an access has failed. A processor takes an exception; a device decides for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusError {
    /// There is nothing at the address, or nothing that accepts such an access.
    Decode,
    /// The device at the address has refused it.
    Device,
}

impl BusError {
    pub(super) fn to_number(self) -> sys::MemTxResult {
        match self {
            BusError::Decode => sys::MEMTX_DECODE_ERROR,
            BusError::Device => sys::MEMTX_ERROR,
        }
    }

    /// Converts the bits, which combine the errors of the parts of an access.
    pub(crate) fn check(result: sys::MemTxResult) -> Result<(), BusError> {
        if result == sys::MEMTX_OK {
            Ok(())
        } else if result & sys::MEMTX_DECODE_ERROR != 0 {
            Err(BusError::Decode)
        } else {
            Err(BusError::Device)
        }
    }
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BusError::Decode => "there is nothing at the address that takes such an access",
            BusError::Device => "what is at the address has refused the access",
        })
    }
}

impl std::error::Error for BusError {}
