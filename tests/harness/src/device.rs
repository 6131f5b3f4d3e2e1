//! The device of this crate's original proposal, with its names, and the life of devices.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
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
    const COLD_RESET: Option<fn(&Self)> = Some(TestDevice::reset);
}

/// Returns a new device in the tree.
pub fn device_at(name: &str) -> Owned<TestDevice> {
    let device = TestDevice::new();
    Object::root().property_add_child(name, device.clone()).unwrap();
    device
}

oldstable::tests! {
    classes [TestDevice];

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

    fn a_realize_that_fails_is_an_error_with_the_device_s_own_words() {
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
