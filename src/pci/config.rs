// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! What QEMU keeps in a device's configuration space, and what is the device's own.

use super::{pci, PciDevice};
use crate::qom::IsA;
use crate::{sys, Result};
use std::ops::Range;

/// The numbers and sizes of the capabilities that QEMU makes: MSI with addresses of 64 bits, MSI-X, and endpoint.
const MSI: u8 = 0x05;
const MSIX: u8 = 0x11;
const ENDPOINT: u8 = 0x10;
pub(super) const MSI_SIZE: u8 = 14;
pub(super) const MSIX_SIZE: u8 = 12;
pub(super) const ENDPOINT_SIZE: u8 = 60;

/// QEMU uses the first gap with enough free bytes, and asserts that there is one.
pub(super) fn check_room<T: IsA<PciDevice>>(device: &T, size: u8) -> Result<()> {
    // SAFETY: the device has its configuration space.
    let used = unsafe { sys::pci_capability_bytes(pci(device)) };
    let mut free = 0;
    let found = used.iter().any(|used| {
        free = if *used == 0 { free + 1 } else { 0 };
        free == usize::from(size)
    });
    if found {
        Ok(())
    } else {
        Err("the configuration space has no room for the capability".into())
    }
}

#[track_caller]
pub(super) fn expect_inside(size: usize, offset: u16, length: usize) {
    assert!(
        usize::from(offset) + length <= size,
        "the configuration space has {} bytes, not {} at offset {:#x}",
        size,
        length,
        offset
    );
}

/// The capabilities, and of each the bytes that QEMU relies on: all of those that it makes, and the id and the link of
/// others.
fn capabilities(config: &sys::PciConfig) -> Vec<Range<usize>> {
    const FIRST: usize = 0x34;
    const SMALLEST: usize = 4;
    // SAFETY: each device has at least 256 bytes.
    let byte = |at: usize| unsafe { *config.bytes.add(at & 0xff) };
    let (mut found, mut at) = (Vec::new(), usize::from(byte(FIRST)));
    while at != 0 && found.len() < 0x100 / SMALLEST {
        let length = match byte(at) {
            MSI => MSI_SIZE,
            MSIX => MSIX_SIZE,
            ENDPOINT => ENDPOINT_SIZE,
            _ => 2,
        };
        found.push(at..at + usize::from(length));
        at = byte(at + 1).into();
    }
    found
}

/// QEMU relies on some bytes: header type, base addresses, capabilities and the pin.
#[track_caller]
pub(super) fn expect_own(config: &sys::PciConfig, offset: u16, length: usize) {
    expect_inside(config.size, offset, length);
    let (start, end) = (usize::from(offset), usize::from(offset) + length);
    let mut kept = vec![0x0e..0x0f, 0x10..0x28, 0x30..0x35, 0x3d..0x3e];
    kept.extend(capabilities(config));
    for owned in kept {
        assert!(
            end <= owned.start || start >= owned.end,
            "bytes {:#x} to {:#x} of the configuration space are kept by QEMU",
            owned.start,
            owned.end - 1
        );
    }
}
