// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives that a client makes while QEMU runs.

use oldstable::drive::Drive;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::testing::ask;
use std::io::ErrorKind;

oldstable::qdev_define_conf! {
    struct DiskConf {
        "drive" => drive: Drive,
        "other" => other: Drive,
    }
}

oldstable::qom_define_type! {
    struct Disk("harness-disk"): DeviceState, Object {
        conf: DiskConf,
    }
}

impl ObjectImpl for Disk {}
impl DeviceImpl for Disk {}

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

    fn a_device_without_a_drive_says_so() {
        let disk = Disk::new();
        assert_eq!(disk.conf.drive.length().unwrap_err().kind(), ErrorKind::NotConnected);
        assert!(disk.property_set_str("drive", "nobody").is_err());
        assert!(!disk.conf.drive.is_connected());
    }
}
