//! What is done once with a part of an object, for as long as the object lives.
//!
//! QEMU does not ask whether a line has been handed to it before, or a region to a bus. The parts themselves
//! are of QEMU's size and have no room to say so.

use crate::bql::BqlRefCell;

/// What has been done with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    /// It is a line of its device.
    Line,
    /// It is a region that a bus maps.
    BusRegion,
    /// It is a region that shows another one, which lies at this address.
    Alias(usize),
    /// It is the output that this clock of QEMU's belongs to.
    ClockOutput(usize),
    /// It stands for a base address register: the byte of the device with the register's number.
    Bar,
}

/// The claims, in the order of the addresses.
static CLAIMS: BqlRefCell<Vec<(usize, Claim)>> = BqlRefCell::new(Vec::new());

/// Claims the part at an address; false if that has been done before.
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

/// Whether the part at an address has been claimed.
pub(crate) fn is_claimed(part: usize, what: Claim) -> bool {
    CLAIMS.borrow().binary_search(&(part, what)).is_ok()
}

/// The parts of which `what` is true.
pub(crate) fn claimed(what: Claim) -> Vec<usize> {
    let claims = CLAIMS.borrow();
    let parts = claims.iter().filter(|(_, claim)| *claim == what);
    parts.map(|(part, _)| *part).collect()
}

/// Gives up those claims of an object's parts that `which` picks.
pub(crate) fn give_up(start: usize, size: usize, which: fn(Claim) -> bool) {
    let parts = start..start + size;
    CLAIMS.borrow_mut().retain(|(part, claim)| !parts.contains(part) || !which(*claim));
}
