// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Records of things that may be done to a part of an object only once in the object's life.
//!
//! QEMU does not check whether a line was registered before, or a region given to a bus. The parts themselves have
//! QEMU's size and no room for a flag.

use crate::bql::BqlRefCell;

/// A use of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    /// It is a line of its device.
    Line,
    /// It is a region that a bus maps.
    BusRegion,
    /// It is an alias of the region at this address.
    Alias(usize),
    /// It is the output of this clock of QEMU's.
    ClockOutput(usize),
    /// It is a base address register: the byte of the device with the register's number.
    Bar,
    /// It is a bus of its device.
    Bus,
    /// It is a PCI device that has been given a table of messages, which QEMU makes once.
    Messages,
}

/// The claims, sorted by address.
static CLAIMS: BqlRefCell<Vec<(usize, Claim)>> = BqlRefCell::new(Vec::new());

/// Claims the part at an address; returns false if it was claimed before.
pub(crate) fn claim(part: usize, what: Claim) -> bool {
    let mut claims = CLAIMS.borrow_mut();
    match claims.binary_search(&(part, what)) {
        Ok(_) => false,
        Err(place) => {
            claims.insert(place, (part, what));
            true
        }
    }
}

/// Returns whether the part at an address has been claimed.
pub(crate) fn is_claimed(part: usize, what: Claim) -> bool {
    CLAIMS.borrow().binary_search(&(part, what)).is_ok()
}

/// Returns the parts with this claim.
pub(crate) fn claimed(what: Claim) -> Vec<usize> {
    let claims = CLAIMS.borrow();
    let parts = claims.iter().filter(|(_, claim)| *claim == what);
    parts.map(|(part, _)| *part).collect()
}

/// Returns the parts of an object with this claim.
pub(crate) fn claimed_in(start: usize, size: usize, what: Claim) -> Vec<usize> {
    let claims = CLAIMS.borrow();
    let first = claims.binary_search(&(start, Claim::Line)).unwrap_or_else(|place| place);
    let parts = claims[first..].iter().take_while(|(part, _)| *part < start + size);
    parts.filter(|(_, claim)| *claim == what).map(|(part, _)| *part).collect()
}

/// Removes the claims on an object's parts for which `which` is true.
pub(crate) fn give_up(start: usize, size: usize, which: fn(Claim) -> bool) {
    let parts = start..start + size;
    CLAIMS.borrow_mut().retain(|(part, claim)| !parts.contains(part) || !which(*claim));
}
