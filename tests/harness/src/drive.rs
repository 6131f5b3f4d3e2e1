// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives that a client makes while QEMU runs.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::drive::{Access, Drive, DriveRequest};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::{ask, message_of_panic, references, wait_until, Pause};
use oldstable::Result;
use std::io::{self, ErrorKind};
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

oldstable::qdev_define_conf! {
    struct WriterConf {
        "drive" => drive: Drive,
        "read-only" => read_only: bool,
        /// Written while it is realized.
        "text" => text: Option<String>,
    }
}

oldstable::qom_define_type! {
    struct Writer("harness-writer"): DeviceState, Object {
        conf: WriterConf,
        request: DriveRequest,
        other: DriveRequest,
        results: BqlRefCell<Vec<io::Result<Vec<u8>>>>,
        /// How often it reads again when it has read.
        again: BqlCell<u32>,
    }
}

impl ObjectImpl for Writer {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.request.init(this, &this.conf.drive, Writer::done);
        this.other.init(this, &this.conf.drive, Writer::done);
    });
}

impl DeviceImpl for Writer {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        if let Some(text) = this.conf.text.get() {
            this.conf.drive.write(3, text.as_bytes())?;
        }
        let access = if this.conf.read_only.get() { Access::Read } else { Access::ReadWrite };
        this.request.open(access)?;
        this.other.open(access)?;
        Ok(())
    });
}

impl Writer {
    fn done(&self, result: io::Result<Vec<u8>>) {
        self.results.borrow_mut().push(result);
        if self.again.get() > 0 {
            self.again.update(|again| again - 1);
            self.request.read(0, 512).unwrap();
        }
    }

    /// Waits for this many results, and returns them.
    fn results(&self, count: usize) -> Vec<io::Result<Vec<u8>>> {
        wait_until(|| self.results.borrow().len() == count);
        self.results.borrow_mut().drain(..).collect()
    }

    fn result(&self) -> io::Result<Vec<u8>> {
        self.results(1).remove(0)
    }
}

/// Makes a drive, and a device that is not realized yet.
fn writer(drive: &str) -> Owned<Writer> {
    let make = format!(r#"{{"execute": "blockdev-add", "arguments": {{"node-name": "harness-disk", {}}}}}"#, drive);
    assert_eq!(ask(&[&make])[0].trim(), "{\"return\": {}}");
    let writer = Writer::new();
    writer.property_set_str("drive", "harness-disk").unwrap();
    Object::root().property_add_child("harness-writer", writer.clone()).unwrap();
    writer
}

fn remove(writer: Owned<Writer>) {
    writer.unparent();
    wait_until(|| references(&*writer) == 1);
    drop(writer);
    assert_eq!(ask(&[DELETE])[0].trim(), "{\"return\": {}}");
}

/// Runs with a drive that is a file, which it leaves.
fn with_file(more: &str, what: impl FnOnce(&Owned<Writer>)) -> Vec<u8> {
    let path = std::env::temp_dir().join(format!("harness-writer-{}", std::process::id()));
    std::fs::write(&path, [7; 4096]).unwrap();
    let writer = writer(&format!(r#""driver": "file", "filename": "{}"{}"#, path.display(), more));
    what(&writer);
    remove(writer);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    bytes
}

const SLOW: &str = r#""driver": "null-co", "size": 1048576, "read-zeroes": true, "latency-ns": 50000000"#;

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
    classes [Disk, Writer];
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
    fn a_running_device_writes_and_reads_without_waiting() {
        let bytes = with_file("", |writer| {
            writer.realize().unwrap();
            writer.request.write(1000, b"written".to_vec()).unwrap();
            assert!(writer.request.is_under_way() && writer.results.borrow().is_empty());
            assert_eq!(writer.result().unwrap(), b"written");
            assert!(!writer.request.is_under_way());
            writer.request.flush().unwrap();
            assert_eq!(writer.result().unwrap(), b"");
            writer.request.read(998, 10).unwrap();
            assert_eq!(writer.result().unwrap(), b"\x07\x07written\x07");
            // Two at once, and one that is the last byte.
            writer.request.read(0, 4096).unwrap();
            writer.other.write(4095, vec![8]).unwrap();
            assert_eq!(writer.results(2).len(), 2);
        });
        assert_eq!((&bytes[1000..1007], bytes[4095], bytes.len()), (&b"written"[..], 8, 4096));
    }

    fn a_device_writes_while_it_is_realized() {
        let bytes = with_file("", |writer| {
            writer.property_set_str("text", "realized").unwrap();
            writer.realize().unwrap();
        });
        assert_eq!(&bytes[..12], b"\x07\x07\x07realized\x07");
    }

    fn a_drive_that_is_read_only_is_not_written_to() {
        let bytes = with_file(r#", "read-only": true"#, |writer| {
            let error = writer.realize().unwrap_err().to_string();
            assert!(error.contains("read-only") || error.contains("read only"), "{}", error);
            writer.property_set_str("text", "realized").unwrap();
            let error = writer.realize().unwrap_err().to_string();
            assert!(error.contains("read-only") || error.contains("read only"), "{}", error);
        });
        assert_eq!(bytes, [7; 4096]);
        with_file(r#", "read-only": true"#, |writer| {
            writer.property_set_bool("read-only", true).unwrap();
            writer.realize().unwrap();
            assert_eq!(writer.request.write(0, vec![1]).unwrap_err().kind(), ErrorKind::PermissionDenied);
            writer.request.read(0, 1).unwrap();
            assert_eq!(writer.result().unwrap(), [7]);
        });
    }

    fn a_request_ends_with_the_medium() {
        with_file("", |writer| {
            writer.realize().unwrap();
            let kind = |offset, length| writer.request.read(offset, length).unwrap_err().kind();
            assert_eq!(kind(4096, 1), ErrorKind::InvalidInput);
            assert_eq!(kind(u64::MAX, 2), ErrorKind::InvalidInput);
            assert_eq!(kind(0, usize::MAX), ErrorKind::InvalidInput);
            assert_eq!(writer.request.write(4090, vec![0; 7]).unwrap_err().kind(), ErrorKind::InvalidInput);
            writer.request.read(4096, 0).unwrap();
            assert_eq!(writer.result().unwrap(), b"");
        });
    }

    fn the_error_of_a_drive_is_the_result() {
        let broken = r#""driver": "blkdebug", "inject-error": [{"event": "none", "iotype": "read", "errno": 5},
            {"event": "none", "iotype": "write", "errno": 28}], "image": {"driver": "null-co", "size": 1048576}"#;
        let writer = writer(&broken.replace('\n', " "));
        writer.realize().unwrap();
        writer.request.read(0, 512).unwrap();
        assert_eq!(writer.result().unwrap_err().raw_os_error(), Some(5));
        writer.request.write(0, vec![0; 512]).unwrap();
        assert_eq!(writer.result().unwrap_err().raw_os_error(), Some(28));
        remove(writer);
    }

    fn a_request_begins_while_the_device_is_realized() {
        let writer = writer(SLOW);
        let error = writer.request.read(0, 1).unwrap_err().to_string();
        assert_eq!(error, "a request to a drive begins while its device is realized");
        writer.realize().unwrap();
        writer.request.read(0, 1).unwrap();
        assert_eq!(writer.request.read(0, 1).unwrap_err().kind(), ErrorKind::WouldBlock);
        writer.result().unwrap();
        writer.property_set_bool("realized", false).unwrap();
        assert!(writer.request.read(0, 1).is_err());
        remove(writer);
    }

    fn a_device_that_is_stopped_has_heard_of_its_requests() {
        let writer = writer(SLOW);
        writer.realize().unwrap();
        writer.request.write(0, vec![1]).unwrap();
        {
            let _stopped = Pause::new();
            assert_eq!(writer.results.borrow().len(), 1);
            assert_eq!(writer.request.write(0, vec![1]).unwrap_err().kind(), ErrorKind::WouldBlock);
        }
        writer.request.write(0, vec![1]).unwrap();
        assert_eq!(writer.results(2).len(), 2);
        remove(writer);
    }

    fn a_request_begins_another_when_it_is_done() {
        let writer = writer(r#""driver": "null-co", "size": 1048576, "read-zeroes": true"#);
        writer.realize().unwrap();
        writer.again.set(100);
        writer.request.read(0, 512).unwrap();
        assert!(writer.results(101).into_iter().all(|result| result.unwrap() == [0; 512]));
        remove(writer);
    }

    fn a_device_that_is_unplugged_or_cancels_is_not_called() {
        let writer = writer(SLOW);
        writer.realize().unwrap();
        writer.request.read(0, 1).unwrap();
        writer.request.cancel();
        assert!(!writer.request.is_under_way());
        writer.request.read(0, 2).unwrap();
        assert_eq!(writer.result().unwrap(), [0; 2]);
        wait_until(|| references(&*writer) == 2);
        // It is done before the device goes.
        writer.request.read(0, 1).unwrap();
        assert_eq!(references(&*writer), 3);
        writer.unparent();
        assert!(ask(&[DELETE])[0].contains("in use"));
        wait_until(|| references(&*writer) == 1);
        assert!(writer.results.borrow().is_empty());
        remove(writer);
    }
}
