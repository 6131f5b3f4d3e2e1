//! What a QMP client sees of our classes, from outside.

use crate::device::device_at;
use crate::runner::wait_until;
use oldstable::compat::c_str;
use oldstable::compat::ffi::{c_char, c_void, CStr};
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qom::{ObjectClassMethods, ObjectMethods};
use oldstable::sys;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

extern "C" {
    fn qmp_human_monitor_command(
        command: *const c_char,
        has_cpu: bool,
        cpu: i64,
        errp: *mut *mut sys::Error,
    ) -> *mut c_char;
}

/// What QEMU says of its character devices.
fn chardevs() -> String {
    let mut err = std::ptr::null_mut();
    // SAFETY: the command is a string; what it says is copied.
    unsafe {
        let command = c_str!("info chardev").as_ptr();
        let said = qmp_human_monitor_command(command, false, 0, &mut err);
        let text = CStr::from_ptr(said).to_str().unwrap().to_owned();
        sys::g_free(said as *mut c_void);
        text
    }
}

/// Where this QEMU listens for a QMP client; None until it has noticed that the last one has gone.
fn address() -> Option<String> {
    let chardevs = chardevs();
    let start = chardevs.find("tcp:127.0.0.1:")?;
    let rest = &chardevs[start + "tcp:".len()..];
    rest.split(|c| c == ',' || c == '\r' || c == '\n').next().map(str::to_owned)
}

/// Sends commands to QEMU as a client does, and returns the line that answers each.
pub fn ask(commands: &[&str]) -> Vec<String> {
    assert!(
        chardevs().contains("compat_monitor"),
        "start QEMU with -qmp tcp:127.0.0.1:0,server=on,wait=off"
    );
    // It may have none again by the time that it is asked once more, and the last one is still right.
    let found = std::cell::RefCell::new(None);
    wait_until(|| {
        let address = address();
        let is_there = address.is_some();
        found.replace(address);
        is_there
    });
    let (address, commands) = (found.into_inner().unwrap(), commands.join("\n") + "\n");
    let count = commands.lines().count();
    let (sender, answers) = mpsc::channel();
    let client = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(b"{\"execute\": \"qmp_capabilities\"}\n").unwrap();
        stream.write_all(commands.as_bytes()).unwrap();
        BufReader::new(stream)
            .lines()
            .map(Result::unwrap)
            // Events come in between, and the greeting has neither.
            .filter(|line| line.starts_with("{\"return\"") || line.starts_with("{\"error\""))
            .skip(1)
            .take(count)
            .for_each(|line| sender.send(line).unwrap());
    });
    let lines = std::cell::RefCell::new(Vec::new());
    wait_until(|| {
        lines.borrow_mut().extend(answers.try_iter());
        lines.borrow().len() == count
    });
    client.join().unwrap();
    lines.into_inner()
}

const SET: &str = r#"{"execute": "qom-set", "arguments": {"path": "/asked", "property": "foo", "value": true}}"#;
const GET: &str = r#"{"execute": "qom-get", "arguments": {"path": "/asked", "property": "foo"}}"#;

tests! {
    // A device_add that fails waits until each processor has come to rest, and one that has nothing to run
    // but zeros may not: the machine without one serves as well.
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
