// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU iterates over the list of all migrating objects while it saves or loads, and calls the hooks of devices
//! meanwhile.

use crate::runner::{ask, later, wait_until};
use oldstable::bql::BqlCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;
use std::fs;
use std::path::PathBuf;

/// The action that a device performs once.
type Deed = Option<fn(&Hooked)>;

oldstable::qom_define_type! {
    /// Does something in each hook of its migration.
    pub struct Hooked("attacks-hooked"): DeviceState, Object {
        number: BqlCell<u64>,
        on_save: BqlCell<Deed>,
        on_load: BqlCell<Deed>,
        on_condition: BqlCell<Deed>,
    }
}

impl ObjectImpl for Hooked {}

impl DeviceImpl for Hooked {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Hooked {
    const NAME: &'static CStr = c_str!("attacks-hooked");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { number if Self::condition } };
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = Some(|this| this.once(&this.on_save));
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|this, _| this.once(&this.on_load));
}

impl Hooked {
    fn condition(&self, _version: u32) -> bool {
        self.once(&self.on_condition).is_ok()
    }

    fn once(&self, deed: &BqlCell<Deed>) -> Result<()> {
        if let Some(deed) = deed.replace(None) {
            deed(self)
        }
        Ok(())
    }
}

/// Makes three devices; the second performs an action when all of them are saved, and then loaded.
fn migrate(plan: fn(&Hooked)) {
    register::<Hooked>();
    for n in 0..3 {
        let hooked = Hooked::new();
        Object::root().property_add_child(&format!("hooked{}", n), hooked.clone()).unwrap();
        hooked.realize().unwrap();
        if n == 1 {
            plan(&hooked);
        }
        drop(hooked);
    }
    ask("stop");
    later(|| devices_state("save"));
    wait_until(|| stream().exists());
    // QEMU 7.2 fails an assertion of its own after such a load.
    if is_to_load() {
        later(complete_the_stream);
        later(|| devices_state("load"));
        wait_until(|| !is_to_load());
    }
}

fn is_to_load() -> bool {
    Hooked::find_all().iter().any(|hooked| hooked.on_load.get().is_some())
}

fn stream() -> PathBuf {
    std::env::temp_dir().join("saved")
}

/// Has the monitor save or load all devices.
fn devices_state(what: &str) {
    let file = stream();
    let arguments = format!("\"arguments\": {{\"filename\": \"{}\"}}, \"id\": \"x", file.display());
    ask(&format!("xen-{}-devices-state\", {}", what, arguments));
}

/// Writes the name of the machine into the stream, and at its end that nothing describes it: both are looked for
/// when the devices are loaded, and not saved with them.
fn complete_the_stream() {
    const BEHIND_MAGIC_AND_VERSION: usize = 8;
    let mut bytes = fs::read(stream()).unwrap();
    let name = b"\x07\0\0\0\x04none".iter().copied();
    bytes.splice(BEHIND_MAGIC_AND_VERSION..BEHIND_MAGIC_AND_VERSION, name);
    bytes.extend_from_slice(b"\x06\0\0\0\0");
    fs::write(stream(), bytes).unwrap();
}

/// Removes all of them from the tree.
fn all_leave(_: &Hooked) {
    for hooked in Hooked::find_all() {
        hooked.unparent();
    }
}

fn realize_another(_: &Hooked) {
    Hooked::new().realize().unwrap()
}

fn realize_another_by_its_property(_: &Hooked) {
    Hooked::new().property_set_bool("realized", true).unwrap()
}

programs! {
    they_are_saved => Clean "it is saved" {
        migrate(|this| this.on_save.set(Some(|_| println!("it is saved"))))
    }

    a_device_leaves_when_it_is_saved => Sentence "QEMU's end, or migrate" {
        migrate(|this| this.on_save.set(Some(|this| this.unparent())))
    }

    all_leave_when_one_is_saved => Sentence "QEMU's end, or migrate" {
        migrate(|this| this.on_save.set(Some(all_leave)))
    }

    all_leave_when_one_is_loaded => Sentence "QEMU's end, or migrate" {
        migrate(|this| this.on_load.set(Some(all_leave)))
    }

    all_leave_in_a_condition => Sentence "QEMU's end, or migrate" {
        migrate(|this| this.on_condition.set(Some(all_leave)))
    }

    a_device_is_realized_when_one_is_saved => Sentence "QEMU's end, or migrate" {
        migrate(|this| this.on_save.set(Some(realize_another)))
    }

    a_device_is_realized_when_one_is_loaded => Sentence "QEMU's end, or migrate" {
        migrate(|this| this.on_load.set(Some(realize_another_by_its_property)))
    }
}
