// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Our classes as an external QMP client sees them.

use crate::device::device_at;
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qmp::Event;
use oldstable::qom::{ObjectClassMethods, ObjectMethods};
use oldstable::testing::{ask, events, message_of_panic, Pause};

const SET: &str = r#"{"execute": "qom-set", "arguments": {"path": "/asked", "property": "foo", "value": true}}"#;
const GET: &str = r#"{"execute": "qom-get", "arguments": {"path": "/asked", "property": "foo"}}"#;

oldstable::tests! {
    // A device_add that fails waits until each processor is idle, which one that executes zeros may never be; a machine
    // without processors is sufficient.
    on "none";

    fn a_property_is_settable_from_qmp_until_realize() {
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

    fn an_event_of_a_device_reaches_the_client_each_time() {
        let event = Event::new("__ORG.EXAMPLE_TURNED").text("id", "a \"quoted\" \u{b0}").number("count", -5);
        let lines = events(|| {
            event.send();
            event.clone().number("count", i64::MIN).send();
            Event::new("__ORG.EXAMPLE_EMPTY").send();
        });
        assert_eq!(lines.len(), 3, "{:?}", lines);
        for line in &lines[..2] {
            assert!(line.contains("\"event\": \"__ORG.EXAMPLE_TURNED\""), "{}", line);
            assert!(line.contains("\"id\": \"a \\\"quoted\\\" \\u00B0\""), "{}", line);
        }
        assert!(lines[0].contains("\"count\": -5"), "{}", lines[0]);
        assert!(lines[1].contains("\"count\": -9223372036854775808"), "{}", lines[1]);
        assert!(lines[2].contains("__ORG.EXAMPLE_EMPTY") && !lines[2].contains("data"), "{}", lines[2]);
    }

    fn the_run_state_example_tells_of_stop_and_start() {
        let mut lines = events(|| drop(Pause::new()));
        lines.retain(|line| line.contains("\"path\": \"/objects/watch\""));
        assert_eq!(lines.len(), 2, "{:?}", lines);
        assert!(lines.iter().all(|line| line.contains("__ORG.EXAMPLE_RUN_WATCH")), "{:?}", lines);
    }

    fn an_event_has_a_new_name_and_text_without_nul() {
        for name in &["RESET", "", "_A", "__A B", "__A\0", "__\u{e4}"] {
            let said = message_of_panic(|| drop(Event::new(name)));
            assert!(said.contains("is not the name of an event outside QEMU"), "{}", said);
        }
        let said = message_of_panic(|| drop(Event::new("__A").number("", 1)));
        assert!(said.contains("is not a name in an event's data"), "{}", said);
        let said = message_of_panic(|| drop(Event::new("__A").text("a", "\0")));
        assert!(said.contains("has a NUL"), "{}", said);
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

    fn a_device_that_fails_to_start_gives_its_message() {
        let before = DeviceState::find_all().len();
        let answers = ask(&[
            r#"{"execute": "device_add", "arguments": {"driver": "harness-failing", "id": "failing"}}"#,
        ]);
        assert!(answers[0].contains("\"error\""), "{}", answers[0]);
        assert_eq!(DeviceState::find_all().len(), before);
    }
}
