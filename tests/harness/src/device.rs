// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The device of this crate's original proposal, with its names, and the life of devices.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::ffi::c_int;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState, ResetKind};
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sys;
use oldstable::testing::references;
use oldstable::Result;

oldstable::qdev_define_conf! {
    pub struct TestConf {
        "foo" => foo: bool,
    }
}

#[derive(Default)]
pub struct TestState {
    realized: u32,
    resets: u32,
    kinds: Vec<Option<ResetKind>>,
    unparented: u32,
}

oldstable::qom_define_type! {
    pub struct TestDevice("test-device"): DeviceState, Object {
        conf: TestConf,
        state: BqlRefCell<TestState>,
        pub refuses: BqlCell<bool>,
    }
}

impl TestDevice {
    fn realize(&self) -> Result<()> {
        if self.refuses.get() {
            return Err("the device does not want to".into());
        }
        self.state.borrow_mut().realized += 1;
        Ok(())
    }

    fn reset(&self) {
        self.state.borrow_mut().resets += 1;
        self.note_kind();
    }

    fn note_kind(&self) {
        let kind = self.reset_kind();
        self.state.borrow_mut().kinds.push(kind);
    }

    fn unparent(&self) {
        self.state.borrow_mut().unparented += 1;
        self.parent_unparent();
    }
}

impl ObjectImpl for TestDevice {
    const UNPARENT: Option<fn(&Self)> = Some(TestDevice::unparent);
}

impl DeviceImpl for TestDevice {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(TestDevice::realize);
    const RESET_ENTER: Option<fn(&Self)> = Some(TestDevice::note_kind);
    const COLD_RESET: Option<fn(&Self)> = Some(TestDevice::reset);
    const RESET_EXIT: Option<fn(&Self)> = Some(TestDevice::note_kind);
}

/// Returns a new device in the tree.
pub fn device_at(name: &str) -> Owned<TestDevice> {
    let device = TestDevice::new();
    Object::root().property_add_child(name, device.clone()).unwrap();
    device
}

oldstable::tests! {
    classes [TestDevice];

    fn reset_kind_is_known_only_during_reset() {
        extern "C" {
            fn resettable_reset(object: *mut sys::Object, kind: c_int);
        }
        let device = device_at("with-kinds");
        DeviceMethods::realize(&*device).unwrap();
        assert_eq!(device.reset_kind(), None);
        let mut kinds = vec![(0, ResetKind::Cold)];
        // The others came after 7.2.
        if sys::release().major >= 10 {
            kinds.extend(&[(1, ResetKind::SnapshotLoad), (2, ResetKind::Wakeup), (99, ResetKind::Other)]);
        }
        for (number, kind) in kinds {
            device.state.borrow_mut().kinds.clear();
            // SAFETY: the device is live, and the release has such a kind or passes it on.
            unsafe { resettable_reset(device.as_object_ptr(), number) };
            assert_eq!(device.state.borrow().kinds, [Some(kind); 3]);
        }
        assert_eq!(device.reset_kind(), None);
        ObjectMethods::unparent(&*device);
    }

    fn the_property_is_set_before_realize() {
        let device = device_at("with-foo");
        assert!(!device.conf.foo.get());
        device.property_set_bool("foo", true).unwrap();
        DeviceMethods::realize(&*device).unwrap();
        assert!(device.conf.foo.get());
        assert!(device.property_set_bool("foo", false).is_err());
        ObjectMethods::unparent(&*device);
    }

    fn realize_calls_the_method_and_resets_the_device() {
        let device = device_at("realized");
        assert!(!device.property_get_bool("realized").unwrap());
        DeviceMethods::realize(&*device).unwrap();
        assert!(device.property_get_bool("realized").unwrap());
        assert_eq!(device.state.borrow().realized, 1);
        assert_eq!(device.state.borrow().resets, 1);
        device.cold_reset();
        assert_eq!(device.state.borrow().resets, 2);
        ObjectMethods::unparent(&*device);
    }

    fn a_failed_realize_has_the_devices_message() {
        let device = device_at("unwilling");
        device.refuses.set(true);
        let error = DeviceMethods::realize(&*device).unwrap_err().to_string();
        assert!(error.contains("the device does not want to"), "{}", error);
        assert!(!device.property_get_bool("realized").unwrap());
        // Another attempt is possible.
        device.refuses.set(false);
        DeviceMethods::realize(&*device).unwrap();
        ObjectMethods::unparent(&*device);
    }

    fn unparent_calls_the_method_and_unrealizes_the_device() {
        let device = device_at("leaving");
        DeviceMethods::realize(&*device).unwrap();
        ObjectMethods::unparent(&*device);
        assert_eq!(device.state.borrow().unparented, 1);
        assert!(!device.property_get_bool("realized").unwrap());
        assert_eq!(references(&*device), 1);
    }
}
