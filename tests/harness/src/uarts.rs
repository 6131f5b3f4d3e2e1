// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Our 16550 on PCI beside the one in C: both are given the same, and must do the same.
//!
//! `OLDSTABLE_OPERATIONS=100000` in the environment asks for more operations than are done otherwise.

use crate::chardev::socket;
use crate::numbers::{operations, Numbers};
use oldstable::compat::ffi::c_int;
use oldstable::qdev::DeviceState;
use oldstable::qom::{ObjectClassMethods, ObjectMethods, Owned};
use oldstable::sys;
use oldstable::testing::pci::{config, guest_writes, plug};
use oldstable::testing::{load, read_u8, reset_machine, save, wait_until, write_u8};
use std::io::{ErrorKind, Read};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

extern "C" {
    fn qemu_chr_be_can_write(chardev: *mut sys::Chardev) -> c_int;
    fn qemu_chr_be_write(chardev: *mut sys::Chardev, bytes: *const u8, length: c_int);
    fn qemu_chr_be_event(chardev: *mut sys::Chardev, event: c_int);
}

/// Where virt has the ports of its PCI bus.
const PORTS: u64 = 0x3eff_0000;

struct Twin {
    device: Owned<DeviceState>,
    port: u32,
    chardev: *mut sys::Chardev,
    other_end: UnixStream,
}

impl Twin {
    fn new(class: &str, port: u32) -> Twin {
        let label = format!("other-end-of-{}-{:x}", class, port);
        let (chardev, other_end) = socket(&label);
        other_end.set_nonblocking(true).unwrap();
        let device = DeviceState::new_by_name(class).unwrap();
        device.property_set_str("chardev", &label).unwrap();
        plug(&*device).unwrap();
        let twin = Twin { device, port, chardev, other_end };
        twin.place();
        twin
    }

    /// What firmware does.
    fn place(&self) {
        guest_writes(&*self.device, 0x10, self.port);
        guest_writes(&*self.device, 0x04, 0b101);
    }

    fn read(&self, register: u64) -> u8 {
        read_u8(PORTS + u64::from(self.port) + register)
    }

    fn write(&self, register: u64, value: u8) {
        write_u8(PORTS + u64::from(self.port) + register, value)
    }

    fn interrupts(&self) -> bool {
        config(&*self.device, 0x04) >> 19 & 1 != 0
    }

    fn room(&self) -> c_int {
        // SAFETY: the character device is live.
        unsafe { qemu_chr_be_can_write(self.chardev) }
    }

    fn receive(&self, bytes: &[u8]) {
        // SAFETY: the character device is live, and the bytes are as many.
        unsafe { qemu_chr_be_write(self.chardev, bytes.as_ptr(), bytes.len() as c_int) }
    }

    fn receive_break(&self) {
        const BREAK: c_int = 0;
        // SAFETY: the character device is live.
        unsafe { qemu_chr_be_event(self.chardev, BREAK) }
    }

    /// What it has sent.
    fn sent(&self) -> Vec<u8> {
        let mut sent = Vec::new();
        match (&self.other_end).read_to_end(&mut sent) {
            Ok(_) => panic!("the device has hung up"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        sent
    }
}

/// C's, and ours.
fn twins(port: u32) -> [Twin; 2] {
    [Twin::new("pci-serial", port), Twin::new("example-pci-uart", port + 0x100)]
}

fn same<R: PartialEq + std::fmt::Debug>(twins: &[Twin; 2], what: &str, act: impl Fn(&Twin) -> R) -> R {
    let [c, rust] = twins;
    let expected = act(c);
    assert_eq!(act(rust), expected, "{}", what);
    expected
}

/// Lets as much time go on as four characters take at the slowest rate that is set here.
fn let_time_pass() {
    let begun = Instant::now();
    wait_until(|| begun.elapsed() > Duration::from_millis(25));
}

fn reset(twins: &[Twin; 2]) {
    reset_machine();
    twins.iter().for_each(Twin::place);
}

fn operate(twins: &[Twin; 2], numbers: &mut Numbers, what: &str) {
    let value = numbers.next();
    let byte = value as u8;
    match numbers.below(1000) {
        0..=399 => {
            let register = numbers.below(8).into();
            same(twins, what, |twin| twin.read(register));
        }
        400..=549 => twins.iter().for_each(|twin| twin.write(0, byte % 4)),
        550..=899 => {
            let (register, value) = match numbers.below(6) {
                0 => (1, byte),
                1 => (2, byte & !u8::from(value & 0x300 != 0)),
                2 => (2, byte & 0xf8 | 1),
                // The divisor for a while, which is to stay small.
                3 => (3, if value & 0xf00 != 0 { byte & 0x7f } else { byte }),
                // Looped back for a while.
                4 => (4, if value & 0x300 != 0 { byte & 0x0f } else { byte & 0x1f }),
                _ => (u64::from(5 + numbers.below(3)), byte),
            };
            let has_divisor = twins[0].read(3) & twins[1].read(3) & 0x80 != 0;
            let value = if has_divisor && register == 1 { 0 } else { value };
            twins.iter().for_each(|twin| twin.write(register, value));
        }
        900..=979 => {
            let room = same(twins, what, Twin::room) as usize;
            // More than there is room for, now and then.
            let count = numbers.below(room as u32 + 2);
            let bytes: Vec<u8> = (0..count).map(|_| numbers.next() as u8).collect();
            if !bytes.is_empty() {
                twins.iter().for_each(|twin| twin.receive(&bytes));
            }
        }
        980..=993 => twins.iter().for_each(Twin::receive_break),
        994..=997 => let_time_pass(),
        _ => reset(twins),
    }
}

oldstable::tests! {
    on "virt";

    fn both_16550s_look_alike_to_the_guest() {
        let twins = twins(0x1000);
        reset(&twins);
        for n in 0..16 {
            if n != 1 && n != 4 {
                same(&twins, &format!("dword {} of the configuration space", n), |twin| config(&*twin.device, n * 4));
            }
        }
        let seed = 0x9e37_79b9_7f4a_7c15;
        let mut numbers = Numbers(seed);
        let mut sent = 0;
        for n in 0..operations() {
            let what = format!("operation {} of seed {}", n, seed);
            operate(&twins, &mut numbers, &what);
            same(&twins, &format!("the interrupt after {}", what), Twin::interrupts);
            same(&twins, &format!("the room after {}", what), Twin::room);
            sent += same(&twins, &format!("what is sent after {}", what), Twin::sent).len();
        }
        assert!(sent > operations() as usize / 50, "only {} bytes are sent", sent);
        for twin in &twins {
            twin.device.unparent();
        }
    }

    fn a_full_character_device_stops_both_16550s() {
        let twins = twins(0x1400);
        reset(&twins);
        for with_fifos in &[0, 1] {
            twins.iter().for_each(|twin| twin.write(2, *with_fifos));
            twins.iter().for_each(|twin| twin.write(1, 2));
            // As long as all is gone at once, the other end takes what comes.
            let written = same(&twins, "until the other end is full", |twin| {
                let mut count = 0_usize;
                while twin.read(5) & 0x40 != 0 {
                    twin.write(0, count as u8);
                    count += 1;
                }
                count
            });
            for n in 0..20 {
                let what = format!("byte {} behind", n);
                twins.iter().for_each(|twin| twin.write(0, n));
                same(&twins, &what, |twin| (twin.read(5), twin.interrupts(), twin.read(2)));
            }
            for twin in &twins {
                let mut sent = Vec::new();
                let all = std::cell::RefCell::new(&mut sent);
                wait_until(|| {
                    all.borrow_mut().extend(twin.sent());
                    twin.read(5) & 0x40 != 0
                });
                sent.extend(twin.sent());
                assert!(sent.len() >= written, "{} of {} bytes", sent.len(), written);
            }
            same(&twins, "at the end", |twin| (twin.read(5), twin.read(2), twin.interrupts()));
        }
        for twin in &twins {
            twin.device.unparent();
        }
    }

    fn an_unplugged_16550_is_silent() {
        let twin = Twin::new("example-pci-uart", 0x1a00);
        twin.write(2, 0xc1);
        twin.write(1, 1);
        twin.receive(b"waits");
        twin.device.unparent();
        assert_eq!(twin.room(), 0);
        twin.receive(b"nobody");
        twin.receive_break();
        let_time_pass();
    }

    fn a_16550_migrates_and_refuses_an_impossible_fifo() {
        let [from, to] =
            [Twin::new("example-pci-uart", 0x1800), Twin::new("example-pci-uart", 0x1900)];
        from.write(2, 0xc1);
        from.write(1, 0x0f);
        from.write(7, 0x5a);
        from.receive(b"waits");
        let mut bytes = save(&*from.device).unwrap();
        load(&*to.device, &bytes, 1).unwrap();
        to.place();
        assert_eq!((to.read(1), to.read(2), to.read(7), to.room()), (0x0f, 0xc2, 0x5a, 9));
        let read: Vec<u8> = (0..6).map(|_| to.read(0)).collect();
        assert_eq!(read, b"waits\0");
        // The FIFO's bytes, start and count.
        let place = bytes.windows(5).position(|window| window == b"waits").unwrap();
        bytes[place + 17] = 17;
        assert!(load(&*to.device, &bytes, 1).is_err());
        from.device.unparent();
        to.device.unparent();
    }
}
