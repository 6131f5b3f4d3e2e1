// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Reads and writes, as a processor makes them.

use crate::dma::AddressSpace;
use crate::memory::{Attributes, BusError};

/// Reads 1, 2, 4 or 8 bytes at an address of the board, the least significant first.
///
/// # Errors
/// The error of the bus.
///
/// # Panics
/// If the size is another number.
#[track_caller]
pub fn try_read(address: u64, size: usize) -> Result<u64, BusError> {
    assert!([1, 2, 4, 8].contains(&size), "an access has 1, 2, 4 or 8 bytes");
    let mut bytes = [0; 8];
    AddressSpace::system_memory().read(address, &mut bytes[..size], Attributes::UNSPECIFIED)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Writes 1, 2, 4 or 8 bytes at an address of the board, the least significant first.
///
/// # Errors
/// The error of the bus.
///
/// # Panics
/// If the size is another number, or if the value does not fit.
#[track_caller]
pub fn try_write(address: u64, value: u64, size: usize) -> Result<(), BusError> {
    assert!([1, 2, 4, 8].contains(&size), "an access has 1, 2, 4 or 8 bytes");
    assert!(size == 8 || value >> (8 * size) == 0, "{:#x} does not fit into {} bytes", value, size);
    AddressSpace::system_memory().write(address, &value.to_le_bytes()[..size], Attributes::UNSPECIFIED)
}

/// Declares an access of each size.
macro_rules! accesses {
    ($($read:ident $write:ident $type:ty;)*) => {
        $(
            /// Reads a number at an address of the board, the least significant byte first.
            ///
            /// # Panics
            /// If the bus ends the access with an error.
            #[track_caller]
            pub fn $read(address: u64) -> $type {
                match try_read(address, std::mem::size_of::<$type>()) {
                    Ok(value) => value as $type,
                    Err(error) => panic!("nothing can be read at {:#x}: {:?}", address, error),
                }
            }

            /// Writes a number at an address of the board, the least significant byte first.
            ///
            /// # Panics
            /// If the bus ends the access with an error.
            #[track_caller]
            pub fn $write(address: u64, value: $type) {
                if let Err(error) = try_write(address, value.into(), std::mem::size_of::<$type>()) {
                    panic!("nothing can be written at {:#x}: {:?}", address, error)
                }
            }
        )*
    };
}

accesses! {
    read_u8 write_u8 u8;
    read_u16 write_u16 u16;
    read_u32 write_u32 u32;
    read_u64 write_u64 u64;
}
