// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives that a client makes while QEMU runs.

use oldstable::bql::BqlRefCell;
use oldstable::drive::Drive;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::testing::{ask, message_of_panic};
use oldstable::Result;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

oldstable::qdev_define_conf! {
    struct DiskConf {
        "drive" => drive: Drive,
        "other" => other: Drive,
        "offset" => offset: u64,
    }
}

oldstable::qom_define_type! {
    struct Disk("harness-disk"): DeviceState, Object {
        conf: DiskConf,
        bytes: BqlRefCell<Vec<u8>>,
    }
}

impl ObjectImpl for Disk {}

impl DeviceImpl for Disk {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        let mut bytes = vec![0xee; 1000];
        this.conf.drive.read(this.conf.offset.get(), &mut bytes)?;
        *this.bytes.borrow_mut() = bytes;
        Ok(())
    });
}

/// Makes a drive of the monitor, and returns what a device reads from it.
fn read(drive: &str, offset: u64) -> Result<Vec<u8>> {
    let make = format!(r#"{{"execute": "blockdev-add", "arguments": {{"node-name": "harness-disk", {}}}}}"#, drive);
    assert_eq!(ask(&[&make])[0].trim(), "{\"return\": {}}");
    let disk = Disk::new();
    disk.property_set_str("drive", "harness-disk").unwrap();
    disk.property_set_uint("offset", offset).unwrap();
    Object::root().property_add_child("harness-disk", disk.clone()).unwrap();
    let result = disk.realize();
    disk.unparent();
    let bytes = disk.bytes.borrow().clone();
    drop(disk);
    assert_eq!(ask(&[DELETE])[0].trim(), "{\"return\": {}}");
    result.map(|()| bytes)
}

const MAKE: &str =
    r#"{"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": "harness-disk", "size": 1048576}}"#;
const DELETE: &str = r#"{"execute": "blockdev-del", "arguments": {"node-name": "harness-disk"}}"#;

oldstable::tests! {
    classes [Disk];
    // A client is needed: see `qmp.rs`.
    on "none";

    fn a_drive_is_found_by_name_and_kept_by_its_device() {
        assert_eq!(ask(&[MAKE])[0].trim(), "{\"return\": {}}");
        let disk = Disk::new();
        assert!(!disk.conf.drive.is_connected());
        disk.property_set_str("drive", "harness-disk").unwrap();
        assert!(disk.conf.drive.is_connected() && !disk.conf.other.is_connected());
        assert_eq!(disk.conf.drive.length().unwrap(), 1 << 20);
        assert_eq!(disk.property_get_str("drive").unwrap(), "harness-disk");
        assert!(ask(&[DELETE])[0].contains("in use"));
        drop(disk);
        assert_eq!(ask(&[DELETE])[0].trim(), "{\"return\": {}}");
    }

    fn a_drive_is_read_while_its_device_is_realized() {
        let path = std::env::temp_dir().join(format!("harness-disk-{}", std::process::id()));
        let bytes: Vec<u8> = (0..8192_u32).map(|n| (n / 7) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        let file = format!(r#""driver": "file", "filename": "{}""#, path.display());
        assert_eq!(read(&file, 0).unwrap(), &bytes[..1000]);
        assert_eq!(read(&file, 4567).unwrap(), &bytes[4567..5567]);
        // What lies behind the end is an error.
        assert!(read(&file, 7193).is_err());
        assert!(read(&file, 1 << 63).is_err());
        std::fs::remove_file(&path).unwrap();
    }

    fn a_slow_drive_is_waited_for() {
        let start = Instant::now();
        let drive = r#""driver": "null-co", "size": 1048576, "read-zeroes": true, "latency-ns": 50000000"#;
        assert_eq!(read(drive, 512).unwrap(), [0; 1000]);
        assert!(start.elapsed() >= Duration::from_millis(50));
    }

    fn a_drive_is_not_read_at_another_time() {
        let disk = Disk::new();
        let message = message_of_panic(|| drop(disk.conf.drive.read(0, &mut [0; 4])));
        assert!(message.starts_with("a drive is read in REALIZE of its device"), "{}", message);
    }

    fn a_device_without_a_drive_says_so() {
        let disk = Disk::new();
        assert_eq!(disk.conf.drive.length().unwrap_err().kind(), ErrorKind::NotConnected);
        assert!(disk.realize().is_err());
        assert!(disk.property_set_str("drive", "nobody").is_err());
        assert!(!disk.conf.drive.is_connected());
    }
}
