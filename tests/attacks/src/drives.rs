// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Requests to a drive that are begun at the wrong time, or whose device changes or ends before they are done.

use crate::runner::{ask, forever, later, pause, save_to, wait_until};
use oldstable::bh::BottomHalf;
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::drive::{Access, Drive, DriveRequest};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::runstate::{RunState, RunStateHandler};
use oldstable::timer::{ClockType, Timer};
use oldstable::Result;
use std::thread;

oldstable::qdev_define_conf! {
    pub struct DiskConf {
        "drive" => drive: Drive,
        "blocks" => blocks: bool,
    }
}

oldstable::qom_define_type! {
    pub struct Disk("attacks-disk"): DeviceState, Object {
        conf: DiskConf,
        request: DriveRequest,
        other: DriveRequest,
        bottom_half: BottomHalf,
        timer: Timer,
        state: RunStateHandler,
        text: BqlRefCell<String>,
        at_end: BqlCell<bool>,
        in_realize: Deed,
        in_reset: Deed,
        when_done: Deed,
        noted: Noted,
    }
}

type Deed = BqlCell<Option<fn(&Disk)>>;

/// Ends with the device.
#[derive(Default)]
struct Noted;

impl Drop for Noted {
    fn drop(&mut self) {
        HAS_ENDED.set(true);
        println!("the disk has ended");
    }
}

static HAS_ENDED: BqlCell<bool> = BqlCell::new(false);

impl ObjectImpl for Disk {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|disk| {
        disk.request.init(disk, &disk.conf.drive, Disk::done);
        disk.other.init(disk, &disk.conf.drive, Disk::done);
        disk.bottom_half.init(disk, Disk::write);
        disk.timer.init(disk, ClockType::Realtime, Disk::keep_writing);
        disk.text.borrow_mut().push_str("a text");
    });
    const UNPARENT: Option<fn(&Self)> = Some(|disk| {
        disk.at_its_end();
        disk.parent_unparent();
        disk.at_its_end();
    });
}

impl DeviceImpl for Disk {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|disk| {
        disk.request.open(Access::ReadWrite)?;
        if disk.conf.blocks.get() {
            disk.conf.drive.write(0, &[1; 512])?;
            disk.conf.drive.read(0, &mut [0; 512])?;
        }
        disk.once(&disk.in_realize);
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|disk| disk.at_its_end());
    const RESET_ENTER: Option<fn(&Self)> = Some(|disk| disk.once(&disk.in_reset));
    const COLD_RESET: Option<fn(&Self)> = Some(|disk| disk.once(&disk.in_reset));
    const RESET_EXIT: Option<fn(&Self)> = Some(|disk| disk.once(&disk.in_reset));
}

impl Disk {
    fn once(&self, deed: &Deed) {
        if let Some(deed) = deed.get() {
            deed(self)
        }
    }

    fn at_its_end(&self) {
        if self.at_end.get() {
            self.write()
        }
    }

    fn write(&self) {
        let said = self.request.write(0, vec![1; 512]);
        println!("{:?}", said.map_err(|error| error.to_string()));
    }

    fn keep_writing(&self) {
        let _ = self.request.write(0, vec![1; 512]);
        let _ = self.other.write(512, vec![1; 512]);
        self.timer.start_at(ClockType::Realtime.now() + 100_000);
    }

    fn done(&self, result: std::io::Result<Vec<u8>>) {
        println!("{}, still, {:?}", self.text.borrow(), result.map(|bytes| bytes.len()));
        self.once(&self.when_done);
    }
}

fn make_drive(latency: u32) {
    ask(&format!(
        "blockdev-add\", \"arguments\": {{\"driver\": \"null-co\", \"node-name\": \"disk\", \"size\": 4096, \
         \"read-zeroes\": true, \"latency-ns\": {}}}, \"id\": \"disk",
        latency
    ));
}

fn first() -> Owned<Disk> {
    Disk::find_all().remove(0)
}

/// Makes a disk whose requests take some milliseconds, and then does this. It is realized by then, unless the program
/// does that itself.
fn disk_with(latency: u32, prepare: fn(&Disk)) {
    register::<Disk>();
    Object::root().property_add_child("disk", Disk::new()).unwrap();
    make_drive(latency * 1_000_000);
    wait_until(|| first().property_set_str("drive", "disk").is_ok());
    prepare(&first());
    later(|| first().realize().unwrap());
}

fn disk(deed: fn()) {
    disk_with(20, |_| ());
    later(deed);
}

/// Makes a request, and does this when it is done.
fn when_done(deed: fn(&Disk)) {
    disk_with(5, |_| ());
    first().when_done.set(Some(deed));
    later(|| first().write());
    wait_until(|| Disk::find_all().first().map_or(true, |disk| !disk.request.is_under_way()));
    pause(3);
}

programs! {
    it_is_unplugged => Clean "the disk has ended" {
        disk(|| {
            let disk = first();
            disk.write();
            disk.other.read(0, 4096).unwrap();
            disk.when_done.set(Some(|_| panic!("it is called")));
            disk.unparent();
        });
        wait_until(|| HAS_ENDED.get());
    }

    it_is_unplugged_in_its_callback => Clean "a text, still, Ok(512)" {
        when_done(|disk| {
            disk.other.read(0, 4096).unwrap();
            disk.unparent();
            disk.write();
        });
        wait_until(|| HAS_ENDED.get());
    }

    it_is_unplugged_and_plugged_in_again => Clean "realized again" {
        disk(|| {
            let disk = first();
            disk.write();
            disk.property_set_bool("realized", false).unwrap();
            disk.when_done.set(Some(|_| panic!("it is called")));
            disk.realize().unwrap();
            println!("realized again");
        });
        pause(4);
    }

    it_begins_in_the_callback => Clean "the last request is under way" {
        when_done(|disk| {
            disk.when_done.set(None);
            disk.write();
            disk.write();
        });
    }

    it_begins_in_the_callback_for_ever => Clean "a text, still, Ok(512)" {
        disk(|| {
            let disk = first();
            disk.when_done.set(Some(|disk| disk.write()));
            disk.write();
        });
        pause(4);
    }

    it_begins_in_reset => Clean "a text, still, Ok(512)" {
        disk(|| {
            let disk = first();
            disk.in_reset.set(Some(|disk| disk.write()));
            disk.cold_reset();
            oldstable::testing::reset_machine();
        });
        pause(4);
    }

    it_is_reset_in_the_callback => Clean "a text, still, Ok(512)" {
        when_done(|disk| {
            disk.in_reset.set(Some(|disk| disk.request.cancel()));
            disk.write();
            disk.cold_reset();
        });
    }

    it_begins_in_realize => Clean "begins while its device is realized" {
        disk_with(5, |disk| disk.in_realize.set(Some(|disk| disk.write())));
    }

    it_begins_at_its_end => Clean "begins while its device is realized" {
        disk(|| {
            let disk = first();
            disk.at_end.set(true);
            disk.write();
            disk.unparent();
        });
        wait_until(|| HAS_ENDED.get());
    }

    it_begins_without_the_lock => Sentence "does not hold the big QEMU lock" {
        disk(|| {
            let request: &'static DriveRequest = &forever(first()).request;
            thread::spawn(move || request.read(0, 1)).join().unwrap_err();
        });
    }

    it_cancels_without_the_lock => Sentence "does not hold the big QEMU lock" {
        disk(|| {
            let request: &'static DriveRequest = &forever(first()).request;
            request.read(0, 1).unwrap();
            thread::spawn(move || request.cancel()).join().unwrap_err();
        });
    }

    two_at_once_and_many_cancelled => Clean "the last request is under way" {
        disk(|| {
            let disk = first();
            for _ in 0..200 {
                disk.write();
                disk.write();
                disk.request.cancel();
                disk.request.cancel();
            }
            disk.unparent();
        });
        wait_until(|| HAS_ENDED.get());
    }

    the_callback_panics => Sentence "it panics" {
        when_done(|_| panic!("it panics"));
    }

    the_callback_holds_a_borrow => Sentence "changed while another borrow of it was still out" {
        when_done(|disk| {
            let _text = disk.text.borrow();
            drop(disk.text.borrow_mut());
        });
    }

    the_callback_realizes_another_that_waits_for_its_drive => Clean "and it is realized" {
        when_done(|disk| {
            disk.when_done.set(None);
            disk.unparent();
            let other = forever(Disk::new());
            other.property_set_bool("blocks", true).unwrap();
            // The first has it until it ends.
            println!("{:?}, and it is realized", other.property_set_str("drive", "disk").is_ok() && other.realize().is_ok());
        });
    }

    ranges_that_are_none => Clean "the medium of the drive is shorter" {
        disk(|| {
            let disk = first();
            for offset in &[0, 4095, 4096, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
                for length in &[0, 1, 4097, i32::MAX as usize, i32::MAX as usize + 1, usize::MAX] {
                    println!("{:?}", disk.request.read(*offset, *length).map_err(|error| error.to_string()));
                    disk.request.cancel();
                }
            }
        });
        pause(3);
    }

    the_machine_stops_with_requests => Clean "while the machine is stopped" {
        disk(|| {
            let disk = first();
            disk.state.enable(&*disk, |disk: &Disk, _: RunState| disk.write());
            disk.when_done.set(Some(|disk| disk.write()));
            disk.keep_writing();
            for _ in 0..3 {
                drop(oldstable::testing::Pause::new());
            }
        });
        pause(4);
    }

    it_migrates_while_it_writes => Clean "while the machine is stopped" {
        disk_with(1, |_| ());
        later(|| {
            let disk = first();
            disk.state.enable(&*disk, |disk: &Disk, _: RunState| disk.bottom_half.schedule());
            disk.when_done.set(Some(|disk| disk.write()));
            disk.keep_writing();
            save_to(&std::env::temp_dir().join("saved"));
        });
        wait_until(|| std::env::temp_dir().join("saved").exists());
        // The timer goes on, and the image is another QEMU's.
        pause(5);
    }

    its_drive_is_taken_away => Clean "the disk has ended" {
        disk(|| {
            let disk = first();
            disk.write();
            println!("{:?}", disk.property_set_str("drive", "").map_err(|error| error.to_string()));
            disk.other.read(0, 1).map_err(|error| println!("{}", error)).ok();
            ask("blockdev-del\", \"arguments\": {\"node-name\": \"disk\"}, \"id\": \"del");
            disk.property_set_bool("realized", false).unwrap();
            println!("{:?}", disk.property_set_str("drive", "").map_err(|error| error.to_string()));
            disk.unparent();
        });
        wait_until(|| HAS_ENDED.get());
    }

    the_drive_of_another => Sentence "it must be a field of the object" {
        register::<Thief>();
        Thief::new();
    }

    it_is_set_up_twice => Sentence "is initialised once" {
        register::<Disk>();
        let disk = Disk::new();
        disk.request.init(&*disk, &disk.conf.drive, Disk::done);
    }

    it_is_opened_later => Sentence "a drive is opened in REALIZE of its device" {
        disk(|| drop(first().request.open(Access::ReadWrite)));
    }

    it_was_not_set_up => Sentence "is initialised with init before it is used" {
        let request = DriveRequest::default();
        request.cancel();
        assert!(!request.is_under_way());
        drop(request.flush());
    }

    qemu_ends_meanwhile => Clean "a text, still, Ok(512)" {
        disk_with(1, |_| ());
        later(|| {
            let disk = first();
            disk.when_done.set(Some(|disk| disk.write()));
            disk.keep_writing();
        });
        pause(3);
    }
}

oldstable::qom_define_type! {
    pub struct Thief("attacks-thief"): DeviceState, Object {
        request: DriveRequest,
    }
}

impl ObjectImpl for Thief {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|thief| {
        register::<Disk>();
        let disk = forever(Disk::new());
        thief.request.init(thief, &disk.conf.drive, |_: &Thief, _: std::io::Result<Vec<u8>>| ());
    });
}

impl DeviceImpl for Thief {}
