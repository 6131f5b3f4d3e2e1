// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Of which kind a reset is.

use crate::bql::BqlCell;
use crate::sys;
use oldstable_compat::ffi::c_int;

/// Why devices are reset. QEMU 5.2 and 7.2 have cold resets alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetKind {
    /// As at power-on.
    Cold,
    /// A snapshot is to be loaded: what comes from the user's files need not be read again.
    SnapshotLoad,
    /// The machine wakes up from being suspended.
    Wakeup,
    /// Another one, of a machine or a release that is not known here.
    Other,
}

/// The number of the kind of the innermost reset that is under way.
static KIND: BqlCell<Option<c_int>> = BqlCell::new(None);

/// The kind of the reset that is under way.
pub(super) fn kind() -> Option<ResetKind> {
    let kind = match KIND.get()? {
        sys::RESET_COLD => ResetKind::Cold,
        sys::RESET_SNAPSHOT_LOAD => ResetKind::SnapshotLoad,
        sys::RESET_WAKEUP => ResetKind::Wakeup,
        _ => ResetKind::Other,
    };
    Some(kind)
}

/// What QEMU calls it: that of power-on where none is under way.
pub(super) fn number() -> c_int {
    KIND.get().unwrap_or(sys::RESET_COLD)
}

/// Calls a method of a reset of some kind.
pub(super) fn of_kind(kind: c_int, method: impl FnOnce()) {
    let outer = KIND.replace(Some(kind));
    method();
    KIND.set(outer);
}

/// As [`of_kind`], for the phases to which releases with a single kind pass none, but anything in its place.
pub(super) fn of_late_kind(kind: c_int, method: impl FnOnce()) {
    of_kind(if sys::release().reset_has_kinds { kind } else { sys::RESET_COLD }, method)
}
