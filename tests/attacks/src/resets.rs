// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Actions during a reset.

use crate::runner::{ask, keep, later, wait_until};
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

/// The action of a device in one phase of its reset.
type Deed = Option<fn(&Resetting)>;

oldstable::qom_define_type! {
    pub struct Resetting("attacks-resetting"): SysBusDevice, DeviceState, Object {
        on_enter: BqlCell<Deed>,
        on_hold: BqlCell<Deed>,
        on_exit: BqlCell<Deed>,
    }
}

impl ObjectImpl for Resetting {}

impl DeviceImpl for Resetting {
    const RESET_ENTER: Option<fn(&Self)> = Some(|this| this.once(&this.on_enter));
    const COLD_RESET: Option<fn(&Self)> = Some(|this| this.once(&this.on_hold));
    const RESET_EXIT: Option<fn(&Self)> = Some(|this| this.once(&this.on_exit));
}

impl SysBusDeviceImpl for Resetting {}

oldstable::qom_define_type! {
    /// Is reset with the others, which is over when an action can look.
    pub struct Watcher("attacks-reset-watcher"): SysBusDevice, DeviceState, Object {
        is_reset: BqlCell<bool>,
    }
}

impl ObjectImpl for Watcher {}

impl DeviceImpl for Watcher {
    const COLD_RESET: Option<fn(&Self)> = Some(|watcher| watcher.is_reset.set(true));
}

impl SysBusDeviceImpl for Watcher {}

fn watcher() -> Owned<Watcher> {
    Watcher::find_all().remove(0)
}

impl Resetting {
    fn once(&self, deed: &BqlCell<Deed>) {
        if let Some(deed) = deed.replace(None) {
            deed(self)
        }
    }
}

/// Resets a device that performs an action then.
fn reset(plan: fn(&Resetting)) {
    register::<Resetting>();
    let device = Resetting::new();
    device.sysbus_realize().unwrap();
    plan(&device);
    device.cold_reset();
    keep(device);
}

fn realize_another(_: &Resetting) {
    println!("{}", Resetting::new().sysbus_realize().unwrap_err())
}

fn realize_another_by_its_property(_: &Resetting) {
    println!("{}", Resetting::new().property_set_bool("realized", true).is_err())
}

/// Makes four devices on the system bus; the second performs an action when QEMU resets the machine.
fn system_reset(plan: fn(&Resetting)) {
    register::<Resetting>();
    for n in 0..4 {
        let device = Resetting::new();
        Object::root().property_add_child(&format!("resetting{}", n), device.clone()).unwrap();
        device.sysbus_realize().unwrap();
        if n == 1 {
            plan(&device);
        }
        drop(device);
    }
    register::<Watcher>();
    let watches = Watcher::new();
    watches.sysbus_realize().unwrap();
    keep(watches);
    later(|| {
        watcher().is_reset.set(false);
        ask("system_reset")
    });
    wait_until(|| watcher().is_reset.get());
    later(|| println!("{} are left", Resetting::find_all().len()));
}

/// Removes all of them from the tree.
fn all_leave(_: &Resetting) {
    for device in Resetting::find_all() {
        device.unparent();
    }
}

/// Adds one more to the bus that is being reset.
fn one_more(_: &Resetting) {
    let device = Resetting::new();
    Object::root().property_add_child("one-more", device.clone()).unwrap();
    device.sysbus_realize().unwrap();
}

programs! {
    a_device_leaves_in_reset_enter => Clean "3 are left" {
        system_reset(|device| device.on_enter.set(Some(|device| device.unparent())))
    }

    a_device_leaves_in_cold_reset => Clean "3 are left" {
        system_reset(|device| device.on_hold.set(Some(|device| device.unparent())))
    }

    all_leave_in_reset_enter => Clean "0 are left" { system_reset(|device| device.on_enter.set(Some(all_leave))) }

    all_leave_in_cold_reset => Clean "0 are left" { system_reset(|device| device.on_hold.set(Some(all_leave))) }

    all_leave_in_reset_exit => Clean "0 are left" { system_reset(|device| device.on_exit.set(Some(all_leave))) }

    one_more_in_cold_reset => Clean "5 are left" { system_reset(|device| device.on_hold.set(Some(one_more))) }

    a_reset_in_reset_enter => Sentence "is reset or realized in RESET_ENTER" {
        reset(|device| device.on_enter.set(Some(|device| device.cold_reset())))
    }

    a_reset_in_reset_exit => Sentence "is reset or realized in RESET_ENTER" {
        reset(|device| device.on_exit.set(Some(|device| device.cold_reset())))
    }

    a_reset_in_cold_reset => Clean "== done" {
        reset(|device| device.on_hold.set(Some(|device| device.cold_reset())))
    }

    realize_in_reset_enter => Clean "is reset or realized in RESET_ENTER" {
        reset(|device| device.on_enter.set(Some(realize_another)))
    }

    realize_in_reset_exit => Clean "is reset or realized in RESET_ENTER" {
        reset(|device| device.on_exit.set(Some(realize_another)))
    }

    realize_by_the_property_in_reset_exit => Clean "true" {
        reset(|device| device.on_exit.set(Some(realize_another_by_its_property)))
    }
}
