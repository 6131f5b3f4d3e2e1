// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! What migrates of a PCI device's parent.

use super::PciDevice;
use crate::sys;
use crate::vmstate::{describe_fields, Field, Form, Placed, Vouched};
use oldstable_compat::c_str;
use std::marker::PhantomData;

/// What QEMU keeps of every PCI device, and the table of its messages, which takes no bytes where there is none.
///
/// # Safety
/// The running QEMU must be known, and have the bus.
pub(super) unsafe fn describe() -> *const sys::VmStateDescription {
    let fields = [field("device\0", device), field("messages\0", messages)];
    // SAFETY: the caller vouches for the running QEMU.
    unsafe { describe_fields(c_str!("pci-device"), 1, &fields) }
}

fn field(name: &'static str, place: fn() -> Placed) -> Field<PciDevice> {
    // SAFETY: both descriptions are QEMU's own, for its own struct, which is at the front of ours.
    let vouched = unsafe { Vouched::new() };
    Field { name, place, since: 0, spread: false, vouched, owner: PhantomData }
}

fn device() -> Placed {
    Placed { offset: 0, form: Form::of_parent::<PciDevice>(|| sys::vmstate_pci_device()), exists: None }
}

fn messages() -> Placed {
    Placed { offset: 0, form: Form::of_parent::<PciDevice>(|| sys::vmstate_msix()), exists: None }
}
