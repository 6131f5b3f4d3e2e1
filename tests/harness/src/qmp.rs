//! Our classes as an external QMP client sees them.

use crate::device::device_at;
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qom::{ObjectClassMethods, ObjectMethods};
use oldstable::testing::ask;

const SET: &str = r#"{"execute": "qom-set", "arguments": {"path": "/asked", "property": "foo", "value": true}}"#;
const GET: &str = r#"{"execute": "qom-get", "arguments": {"path": "/asked", "property": "foo"}}"#;

oldstable::tests! {
    // A device_add that fails waits until each processor is idle, which one that executes zeros may never be; a machine
    // without processors is sufficient.
    on "none";

    fn a_property_is_set_and_read_from_outside_until_the_device_is_realized() {
        let device = device_at("asked");
        let answers = ask(&[GET, SET, GET]);
        assert_eq!(answers[0].trim(), "{\"return\": false}");
        assert_eq!(answers[1].trim(), "{\"return\": {}}");
        assert_eq!(answers[2].trim(), "{\"return\": true}");
        assert!(device.property_get_bool("foo").unwrap());
        DeviceMethods::realize(&*device).unwrap();
        let answers = ask(&[SET, GET]);
        assert!(answers[0].contains("GenericError") && answers[0].contains("foo"), "{}", answers[0]);
        assert_eq!(answers[1].trim(), "{\"return\": true}");
        ObjectMethods::unparent(&*device);
    }

    fn realize_and_unrealize_can_be_asked_for_from_outside() {
        let device = device_at("asked");
        let realized = |value: bool| {
            format!(
                r#"{{"execute": "qom-set", "arguments": {{"path": "/asked", "property": "realized", "value": {}}}}}"#,
                value
            )
        };
        assert_eq!(ask(&[&realized(true)])[0].trim(), "{\"return\": {}}");
        assert!(device.property_get_bool("realized").unwrap());
        assert_eq!(ask(&[&realized(false)])[0].trim(), "{\"return\": {}}");
        device.refuses.set(true);
        let answers = ask(&[&realized(true)]);
        assert!(answers[0].contains("the device does not want to"), "{}", answers[0]);
        ObjectMethods::unparent(&*device);
    }

    fn classes_are_listed_with_their_parents() {
        let answers = ask(&[
            r#"{"execute": "qom-list-types", "arguments": {"implements": "harness-shape"}}"#,
        ]);
        for name in &["harness-shape", "harness-square", "harness-tile", "harness-plain-square"] {
            assert!(answers[0].contains(&format!("\"{}\"", name)), "{}", answers[0]);
        }
    }

    fn properties_are_listed_with_types_and_descriptions() {
        let answers = ask(&[
            r#"{"execute": "device-list-properties", "arguments": {"typename": "harness-all-properties"}}"#,
        ]);
        for word in &["\"word\"", "Ticks a second, at most a million.", "HarnessTone", "link<harness-thing>"] {
            assert!(answers[0].contains(word), "{} in {}", word, answers[0]);
        }
    }

    fn a_device_that_does_not_start_is_refused_with_its_own_words() {
        let before = DeviceState::find_all().len();
        let answers = ask(&[
            r#"{"execute": "device_add", "arguments": {"driver": "harness-failing", "id": "failing"}}"#,
        ]);
        assert!(answers[0].contains("\"error\""), "{}", answers[0]);
        assert_eq!(DeviceState::find_all().len(), before);
    }
}
