// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Character devices whose other end is slow or disconnected, or does not report its state.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::chardev::{CharFrontend, Event, ModemLines, OutputWatch, Parity, SerialParameters};
use oldstable::compat::ffi::{c_char, c_int, c_void, CStr, CString};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sys;
use oldstable::testing::{references, wait_until};
use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::io::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;

extern "C" {
    fn qemu_chr_new(label: *const c_char, file: *const c_char, context: *mut c_void) -> *mut c_void;
    fn qemu_chr_find(label: *const c_char) -> *mut c_void;
    fn object_unparent(object: *mut c_void);

    // Of the C library.
    fn unlockpt(terminal: c_int) -> c_int;
    fn ptsname_r(terminal: c_int, name: *mut c_char, length: usize) -> c_int;
}

oldstable::qdev_define_conf! {
    struct TalkerConf {
        "chardev" => chardev: CharFrontend,
    }
}

oldstable::qom_define_type! {
    /// Has something to write.
    struct Talker("harness-talker"): DeviceState, Object {
        conf: TalkerConf,
        watch: OutputWatch,
        told: BqlCell<u32>,
        room: BqlCell<usize>,
        received: BqlRefCell<Vec<u8>>,
        events: BqlRefCell<Vec<Event>>,
    }
}

impl ObjectImpl for Talker {}
impl DeviceImpl for Talker {}

impl Talker {
    fn wait_for_room(&self) -> bool {
        self.watch.start(&self.conf.chardev, self, |talker: &Talker| talker.told.set(talker.told.get() + 1))
    }

    fn listen(&self) {
        self.conf.chardev.enable_handlers(
            self,
            |talker: &Talker| talker.room.get(),
            |talker: &Talker, bytes: &[u8]| {
                talker.room.set(talker.room.get() - bytes.len());
                talker.received.borrow_mut().extend(bytes);
            },
            |talker: &Talker, event| talker.events.borrow_mut().push(event),
        );
    }

    /// Writes until the other end takes nothing more, and returns the number of bytes taken.
    fn fill(&self) -> usize {
        let mut count = 0;
        loop {
            match self.conf.chardev.write(&[b'x'; 4096]) {
                Ok(written) => count += written,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::WouldBlock);
                    return count;
                }
            }
        }
    }
}

/// Returns a device and the other end of its character device, whose name must be unique.
fn talker(name: &str) -> (Owned<Talker>, UnixStream) {
    let (_, other_end) = socket(name);
    let talker = Talker::new();
    talker.property_set_str("chardev", name).unwrap();
    (talker, other_end)
}

/// Makes a character device with a socket, whose name must be unique, and returns it with its other end.
pub fn socket(name: &str) -> (*mut sys::Chardev, UnixStream) {
    let path = std::env::temp_dir().join(format!("{}-{}", name, std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let chardev = make(name, &format!("unix:{}", path.display()));
    std::fs::remove_file(path).unwrap();
    (chardev, listener.accept().unwrap().0)
}

/// Makes a character device as QEMU's option `-serial` does.
fn make(name: &str, file: &str) -> *mut sys::Chardev {
    let (label, file) = (CString::new(name).unwrap(), CString::new(file).unwrap());
    // SAFETY: both are strings; QEMU keeps the character device.
    let chardev = unsafe { qemu_chr_new(label.as_ptr(), file.as_ptr(), std::ptr::null_mut()) };
    assert!(!chardev.is_null());
    chardev as *mut sys::Chardev
}

/// Ends a character device that no device uses any more.
fn end(name: &str) {
    let label = CString::new(name).unwrap();
    // SAFETY: it is in the tree of objects.
    unsafe { object_unparent(qemu_chr_find(label.as_ptr())) }
}

/// A terminal, which QEMU takes for a serial port, and the path of its other end.
fn terminal() -> (File, String) {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/ptmx").unwrap();
    let mut name: [c_char; 64] = [0; 64];
    // SAFETY: the file is a terminal, and the array has that many bytes.
    let name = unsafe {
        assert_eq!(unlockpt(terminal.as_raw_fd()), 0);
        assert_eq!(ptsname_r(terminal.as_raw_fd(), name.as_mut_ptr(), name.len()), 0);
        CStr::from_ptr(name.as_ptr()).to_str().unwrap().to_owned()
    };
    (terminal, name)
}

oldstable::tests! {
    classes [Talker];

    fn the_parameters_of_a_line_reach_a_serial_port() {
        let (_terminal, path) = terminal();
        make("harness-port", &path);
        let talker = Talker::new();
        talker.property_set_str("chardev", "harness-port").unwrap();
        // A terminal keeps of them the speed and the stop bits.
        for &(speed, stop_bits, expected) in &[(19_200, 1, " -cstopb"), (4_800, 2, " cstopb")] {
            let parity = Parity::Even;
            talker.conf.chardev.set_parameters(SerialParameters { speed, parity, data_bits: 7, stop_bits });
            let said = Command::new("stty").args(&["-a", "-F", &path]).output().unwrap();
            let said = String::from_utf8(said.stdout).unwrap();
            assert!(said.starts_with(&format!("speed {} baud", speed)), "{}", said);
            assert!(said.contains(expected), "{}", said);
        }
        // It has no modem, whose lines are all low then.
        talker.conf.chardev.set_modem_lines(ModemLines { dtr: true, rts: true, ..ModemLines::default() });
        assert_eq!(talker.conf.chardev.modem_lines(), Some(ModemLines::default()));
        drop(talker);
        end("harness-port");
    }

    fn only_a_serial_port_has_modem_lines() {
        let (talker, _other_end) = talker("harness-no-port");
        assert_eq!(talker.conf.chardev.modem_lines(), None);
        assert_eq!(Talker::new().conf.chardev.modem_lines(), None);
        drop(talker);
        end("harness-no-port");
    }

    fn a_slow_reader_wakes_the_waiting_writer_once() {
        let (talker, mut reader) = talker("harness-slow");
        let written = talker.fill();
        assert!(talker.wait_for_room() && talker.watch.is_waiting());
        // It is waiting already.
        assert!(talker.wait_for_room());
        // Nothing is read, so that nothing happens.
        let rounds = Cell::new(0);
        wait_until(|| rounds.replace(rounds.get() + 1) == 20);
        assert_eq!(talker.told.get(), 0);
        let mut all = vec![0; written];
        reader.read_exact(&mut all).unwrap();
        wait_until(|| talker.told.get() > 0);
        assert!(!talker.watch.is_waiting());
        assert_eq!(talker.conf.chardev.write(b"again").unwrap(), 5);
        assert_eq!(talker.told.get(), 1);
        assert_eq!(references(&*talker), 1);
        drop(talker);
        end("harness-slow");
    }

    fn an_end_that_goes_away_wakes_the_writer() {
        let (talker, reader) = talker("harness-leaving");
        talker.fill();
        assert!(talker.wait_for_room());
        drop(reader);
        wait_until(|| talker.told.get() > 0);
        drop(talker);
        end("harness-leaving");
    }

    fn a_wait_that_is_stopped_or_whose_device_has_ended_is_over() {
        let (talker, reader) = talker("harness-stopped");
        talker.fill();
        assert!(talker.wait_for_room());
        talker.watch.stop();
        assert!(!talker.watch.is_waiting());
        assert!(talker.wait_for_room());
        drop(talker);
        // The object that it would call has ended: valgrind and the sanitizer check this.
        drop(reader);
        let rounds = Cell::new(0);
        wait_until(|| rounds.replace(rounds.get() + 1) == 20);
        end("harness-stopped");
    }

    fn a_device_receives_what_fits_and_the_rest_later() {
        let (talker, mut writer) = talker("harness-sender");
        talker.room.set(3);
        talker.listen();
        writer.write_all(b"abcdef").unwrap();
        wait_until(|| talker.received.borrow().len() == 3);
        let rounds = Cell::new(0);
        wait_until(|| rounds.replace(rounds.get() + 1) == 20);
        assert_eq!(*talker.received.borrow(), b"abc");
        talker.room.set(9);
        talker.conf.chardev.accept_input();
        wait_until(|| talker.received.borrow().len() == 6);
        assert_eq!(*talker.received.borrow(), b"abcdef");
        assert_eq!(talker.room.get(), 6);
        drop(talker);
        end("harness-sender");
    }

    fn a_device_hears_when_the_other_end_comes_and_goes() {
        let (talker, writer) = talker("harness-visitor");
        talker.room.set(1);
        talker.listen();
        assert_eq!(*talker.events.borrow(), [Event::Opened]);
        drop(writer);
        wait_until(|| talker.events.borrow().len() == 2);
        assert_eq!(*talker.events.borrow(), [Event::Opened, Event::Closed]);
        drop(talker);
        end("harness-visitor");
    }

    fn all_of_a_text_is_written_however_long_it_takes() {
        const LENGTH: usize = 1 << 20;
        let (talker, mut reader) = talker("harness-patient");
        let reading = std::thread::spawn(move || {
            let mut all = vec![0; LENGTH];
            reader.read_exact(&mut all).unwrap();
            all.iter().filter(|byte| **byte == b'y').count()
        });
        talker.conf.chardev.write_all(&[b'y'; LENGTH]);
        assert_eq!(reading.join().unwrap(), LENGTH);
        drop(talker);
        end("harness-patient");
    }

    fn an_end_that_cannot_tell_says_so() {
        let talker = Talker::new();
        assert!(!talker.wait_for_room());
        make("harness-mute", "null");
        talker.property_set_str("chardev", "harness-mute").unwrap();
        assert!(!talker.wait_for_room());
        assert_eq!(talker.conf.chardev.write(b"lost").unwrap(), 4);
        drop(talker);
        end("harness-mute");
    }
}
