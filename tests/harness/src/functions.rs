// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Properties with getter and setter functions, and requests of devices to the machine.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::c_int, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Property, Value, ValueKind, ValueType};
use oldstable::runstate::{request_reset, request_shutdown};
use oldstable::testing::{ask, message_of_exit};
use oldstable::Result;

/// An author's own type.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Good,
    Bad,
}

impl Default for Mood {
    fn default() -> Mood {
        Mood::Good
    }
}

impl ValueType for Mood {
    const TYPE_NAME: &'static CStr = c_str!("Mood");
    const KIND: ValueKind = ValueKind::Text;

    fn into_value(self) -> Value {
        Value::Text(format!("{:?}", self))
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) if text == "Good" => Ok(Mood::Good),
            Value::Text(text) if text == "Bad" => Ok(Mood::Bad),
            other => Err(format!("{:?} is no mood", other).into()),
        }
    }
}

oldstable::qom_define_type! {
    pub struct Sensor("harness-sensor"): DeviceState, Object {
        degrees: BqlCell<i8>,
        wide: BqlCell<u64>,
        label: BqlRefCell<String>,
        mood: BqlCell<Mood>,
        reads: BqlCell<u32>,
    }
}

impl ObjectImpl for Sensor {
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        /// In degrees,
        /// Celsius.
        "degrees": i8 => Sensor::degrees, Sensor::set_degrees;
        "wide": u64 => |this| this.wide.get(), |this, wide| { this.wide.set(wide); Ok(()) };
        "label": String => |this| this.label.borrow().clone(), |this, label| {
            *this.label.borrow_mut() = label;
            Ok(())
        };
        "freezes": bool => |this| this.degrees.get() < 0;
        "mood": Mood => |this| this.mood.get(), |this, mood| { this.mood.set(mood); Ok(()) };
    };
}

impl DeviceImpl for Sensor {}

impl Sensor {
    fn degrees(&self) -> i8 {
        self.reads.set(self.reads.get() + 1);
        self.degrees.get()
    }

    fn set_degrees(&self, degrees: i8) -> Result<()> {
        if degrees > 100 {
            return Err("it boils".into());
        }
        self.degrees.set(degrees);
        Ok(())
    }
}

oldstable::qom_define_type! {
    /// Has the properties of its parent, and no other device's.
    pub struct Other("harness-other-sensor"): DeviceState, Object {
        degrees: BqlCell<u32>,
    }
}

impl ObjectImpl for Other {
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        "degrees": u32 => |this| this.degrees.get();
    };
}

impl DeviceImpl for Other {}

extern "C" {
    fn qemu_reset_requested_get() -> c_int;
    fn qemu_shutdown_requested_get() -> c_int;
}

oldstable::tests! {
    classes [Sensor, Other];

    fn a_function_gets_and_sets_before_and_after_realize() {
        let sensor = Sensor::new();
        sensor.property_set_int("degrees", -7).unwrap();
        assert_eq!(sensor.degrees.get(), -7);
        Object::root().property_add_child("sensor", sensor.clone()).unwrap();
        sensor.realize().unwrap();
        assert!(sensor.property_get_bool("freezes").unwrap());
        sensor.property_parse("degrees", "21").unwrap();
        assert_eq!((sensor.property_get_int("degrees").unwrap(), sensor.reads.get()), (21, 1));
        assert!(!sensor.property_get_bool("freezes").unwrap());
        sensor.property_set_uint("wide", u64::MAX).unwrap();
        assert_eq!(sensor.property_get_uint("wide").unwrap(), u64::MAX);
        sensor.property_set_str("label", "warm \u{fc}ber all").unwrap();
        assert_eq!(sensor.property_get_str("label").unwrap(), "warm \u{fc}ber all");
        sensor.unparent();
    }

    fn what_a_setter_or_the_type_does_not_want_is_an_error() {
        let sensor = Sensor::new();
        let error = |result: Result<()>| result.unwrap_err().to_string();
        assert!(error(sensor.property_set_int("degrees", 101)).ends_with("it boils"));
        let said = error(sensor.property_set_int("degrees", 128));
        assert!(said.ends_with("128 is not a value of the type int8"), "{}", said);
        assert!(sensor.property_set_str("degrees", "hot").is_err());
        assert!(sensor.property_set_bool("wide", true).is_err());
        assert!(sensor.property_set_bool("freezes", true).is_err());
        assert!(error(sensor.property_set_str("mood", "So-so")).ends_with("is no mood"));
        assert_eq!((sensor.degrees.get(), sensor.wide.get(), sensor.mood.get()), (0, 0, Mood::Good));
    }

    fn a_type_of_ones_own_is_a_property() {
        let sensor = Sensor::new();
        sensor.property_set_str("mood", "Bad").unwrap();
        assert_eq!(sensor.mood.get(), Mood::Bad);
        assert_eq!(sensor.property_get_str("mood").unwrap(), "Bad");
        assert_eq!(sensor.property_type("mood").unwrap(), "Mood");
        assert_eq!(sensor.property_type("degrees").unwrap(), "int8");
    }

    fn classes_have_each_their_own() {
        let other = Other::new();
        other.degrees.set(300);
        assert_eq!(other.property_get_uint("degrees").unwrap(), 300);
        assert_eq!(other.property_type("degrees").unwrap(), "uint32");
        assert!(other.property_get_bool("freezes").is_err());
    }

    fn requests_are_noted() {
        // The numbers are those of SHUTDOWN_CAUSE_GUEST_RESET and SHUTDOWN_CAUSE_GUEST_SHUTDOWN. QEMU does what is asked
        // for when the main loop comes around: a copy of the process does not get there.
        let said = message_of_exit(0, || {
            request_reset();
            // SAFETY: it reads a number.
            eprintln!("a reset for {}", unsafe { qemu_reset_requested_get() })
        });
        assert!(said.contains("a reset for 7"), "{}", said);
        let said = message_of_exit(0, || {
            request_shutdown();
            // SAFETY: as above.
            eprintln!("the end for {}", unsafe { qemu_shutdown_requested_get() })
        });
        assert!(said.contains("the end for 6"), "{}", said);
    }
}

/// Through the monitor.
pub mod by_qmp {
    use super::*;

    fn qom(what: &str, property: &str, value: &str) -> String {
        let rest = if value.is_empty() { String::new() } else { format!(", \"value\": {}", value) };
        let line = format!(
            r#"{{"execute": "qom-{}", "arguments": {{"path": "/sensor", "property": "{}"{}}}}}"#,
            what, property, rest
        );
        ask(&[&line]).remove(0).trim().to_owned()
    }

    oldstable::tests! {
        on "none";

        fn users_get_and_set_a_realized_device() {
            let sensor = Sensor::new();
            Object::root().property_add_child("sensor", sensor.clone()).unwrap();
            sensor.realize().unwrap();
            assert_eq!(qom("set", "degrees", "-3"), "{\"return\": {}}");
            assert_eq!(qom("get", "degrees", ""), "{\"return\": -3}");
            assert_eq!(qom("get", "freezes", ""), "{\"return\": true}");
            let refused = qom("set", "degrees", "101");
            assert!(refused.contains("GenericError") && refused.contains("it boils"), "{}", refused);
            let refused = qom("set", "label", "7");
            assert!(refused.contains("GenericError") && refused.contains("label"), "{}", refused);
            assert_eq!(qom("set", "label", "\"\""), "{\"return\": {}}");
            let listed = ask(&[
                r#"{"execute": "device-list-properties", "arguments": {"typename": "harness-sensor"}}"#,
            ]);
            assert!(listed[0].contains("In degrees, Celsius."), "{}", listed[0]);
            sensor.unparent();
        }
    }
}
