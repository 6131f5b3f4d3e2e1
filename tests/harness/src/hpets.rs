// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The HPET in Rust, which is a plugin of its own, compared with QEMU's own. QEMU runs with `-icount shift=0,sleep=off`, so that time stands still but
//! for the main loop, which goes from one timer to the next: both devices see the same time.

use crate::numbers::{operations, Numbers};
use oldstable::bql::BqlRefCell;
use oldstable::dma::AddressSpace;
use oldstable::irq::GpioMethods;
use oldstable::memory::{Attributes, MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::testing::{load, save, wait_until, Lines};
use oldstable::timer::{ClockType, Timer};

oldstable::qom_define_type! {
    /// Where the timers of both devices send their messages.
    pub struct Doorbell("harness-doorbell"): SysBusDevice, DeviceState, Object {
        mmio: MemoryRegion,
        messages: BqlRefCell<Vec<(u64, u64)>>,
    }
}

impl ObjectImpl for Doorbell {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "harness-doorbell", 0x1000);
        this.init_mmio(&this.mmio);
    });
}

impl DeviceImpl for Doorbell {}
impl SysBusDeviceImpl for Doorbell {}

impl MemoryRegionOps for Doorbell {
    const READ: fn(&Self, u64, u32) -> u64 = |_, _, _| 0;
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _| this.messages.borrow_mut().push((offset, value));
}

oldstable::qom_define_type! {
    /// Advances the time.
    pub struct Alarm("harness-alarm"): DeviceState, Object {
        timer: Timer,
    }
}

impl ObjectImpl for Alarm {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| this.timer.init(this, ClockType::Virtual, |_: &Alarm| ()));
}

impl DeviceImpl for Alarm {}

impl Alarm {
    fn wait(&self, nanoseconds: u32) {
        self.timer.start_at(ClockType::Virtual.now() + i64::from(nanoseconds) + 1);
        wait_until(|| !self.timer.is_running());
    }
}

/// A device, and the watcher of its lines: the PIT's switch is behind the routes.
struct Twin {
    device: Owned<SysBusDevice>,
    lines: Owned<Lines>,
    address: u64,
}

const ROUTES: u16 = 32;
/// Addresses that are unused on a machine without a board. Messages go to 32 bits.
const DOORBELL: u64 = 0xd000_0000;
const C: u64 = 0x3_f000_0000_0000;
const RUST: u64 = C + 0x10_0000;
const TIMERS: u32 = 3;
const INTERRUPTS: u64 = 4;
const PERIODIC: u64 = 8;

impl Twin {
    fn new(class: &str, address: u64) -> Twin {
        let device = SysBusDevice::new_by_name(class).unwrap();
        device.property_set_uint("hpet-intcap", 0xff_0104).unwrap();
        device.property_set_bool("msi", true).unwrap();
        device.sysbus_realize().unwrap();
        device.mmio_map(0, address).unwrap();
        let lines = Lines::watch();
        for n in 0..ROUTES {
            device.connect_irq(n, lines.input(n)).unwrap();
        }
        device.connect_gpio_out(None, 0, lines.input(ROUTES)).unwrap();
        device.cold_reset();
        Twin { device, lines, address }
    }

    fn read(&self, offset: u32, size: usize) -> u64 {
        let mut bytes = [0; 8];
        let memory = AddressSpace::system_memory();
        memory.read(self.address + u64::from(offset), &mut bytes[..size], Attributes::UNSPECIFIED).unwrap();
        u64::from_le_bytes(bytes)
    }

    fn write(&self, offset: u32, value: u64, size: usize) {
        let bytes = &value.to_le_bytes()[..size];
        let memory = AddressSpace::system_memory();
        memory.write(self.address + u64::from(offset), bytes, Attributes::UNSPECIFIED).unwrap();
    }
}

/// Returns the register, value and size of the next write. QEMU's own takes a period's every step from a comparator in
/// the past to the present, so that neither the counter is far ahead, nor a period short.
fn next_write(numbers: &mut Numbers, counter: u64) -> (u32, u64, usize) {
    let timer = 0x100 + 0x20 * numbers.below(TIMERS);
    let (soon, random) = (u64::from(numbers.below(3000)), u64::from(numbers.next()));
    let size = if numbers.below(2) == 0 { 4 } else { 8 };
    match numbers.below(20) {
        0 => (0x10, random, size),
        1..=2 => (0x10, random | 1, size),
        3 => (0x20, random, size),
        4 => (0xf0, soon, 8),
        5 => (0xf0, 0xffff_ffff - soon, 8),
        6 => (timer, random, size),
        7..=9 => (timer, random | INTERRUPTS, size),
        10..=11 => (timer, random & !PERIODIC | INTERRUPTS, size),
        12..=15 => (timer + 8, counter + soon, size),
        16 => (timer + 8, 100 + soon, size),
        17 => (timer + 8, random | 0x100, size),
        18 => (timer + 0xc, random & 1, 4),
        _ => (timer + 0x10, DOORBELL << 32 | random, 8),
    }
}

/// Each message must have been sent by both, one after the other or at the same time as others.
fn expect_pairs(mut messages: Vec<(u64, u64)>, what: &str) {
    messages.sort_unstable();
    assert!(messages.len() % 2 == 0 && messages.chunks(2).all(|pair| pair[0] == pair[1]), "{:x?} {}", messages, what);
}

fn hpets_do_the_same(seed: u64) {
    let (doorbell, alarm) = (Doorbell::new(), Alarm::new());
    Object::root().property_add_child("harness-alarm", alarm.clone()).unwrap();
    doorbell.sysbus_realize().unwrap();
    doorbell.mmio_map(0, DOORBELL).unwrap();
    let twins = [Twin::new("hpet", C), Twin::new("example-hpet", RUST)];
    let [c, rust] = &twins;
    let mut numbers = Numbers(seed);
    let (mut interrupts, mut messages) = (0, 0);
    for n in 0..operations() {
        let what = match numbers.below(100) {
            0..=19 => {
                let offset = numbers.below(0x100 + 0x20 * TIMERS) & !7;
                let (offset, size) =
                    if numbers.below(2) == 0 { (offset, 8) } else { (offset | (numbers.below(2) * 4), 4) };
                let what = format!("operation {}, {} bytes read at {:#x}", n, size, offset);
                assert_eq!(rust.read(offset, size), c.read(offset, size), "{}", what);
                what
            }
            20..=69 => {
                let (offset, value, size) = next_write(&mut numbers, c.read(0xf0, 8));
                twins.iter().for_each(|twin| twin.write(offset, value, size));
                format!("operation {}, {} bytes of {:#x} written at {:#x}", n, size, value, offset)
            }
            70..=79 => {
                let (line, level) = (numbers.below(2) as u16, numbers.below(2) != 0);
                twins.iter().for_each(|twin| twin.device.gpio_in(None, line).unwrap().set(level));
                format!("operation {}, input {} set to {}", n, line, level)
            }
            80..=98 => {
                let time = numbers.below(40_000);
                alarm.wait(time);
                format!("operation {}, {} nanoseconds passed", n, time)
            }
            _ => {
                twins.iter().for_each(|twin| twin.device.cold_reset());
                format!("operation {}, a reset", n)
            }
        };
        let changes = c.lines.changes();
        interrupts += changes.len();
        assert_eq!(rust.lines.changes(), changes, "the lines after {}", what);
        let sent = std::mem::take(&mut *doorbell.messages.borrow_mut());
        messages += sent.len();
        expect_pairs(sent, &what);
        assert_eq!(save(&*rust.device).unwrap(), save(&*c.device).unwrap(), "the state after {}", what);
    }
    assert!(interrupts > 500 && messages > 100, "{} changes of lines, {} messages", interrupts, messages);
    for twin in &twins {
        twin.device.unparent();
    }
    doorbell.unparent();
    alarm.unparent();
}

/// Whatever a guest writes: timers of any period, and messages that are writes to the device itself.
fn anything_is_written(seed: u64) {
    const SELF: u64 = DOORBELL + 0x10_0000;
    let alarm = Alarm::new();
    Object::root().property_add_child("harness-alarm", alarm.clone()).unwrap();
    let twin = Twin::new("example-hpet", SELF);
    let mut numbers = Numbers(seed);
    // Short periods keep the processor's thread busy, and each wait then takes its time.
    for _ in 0..5_000 {
        let offset = numbers.below(0x400) & !3;
        let (low, high) = (u64::from(numbers.next()), u64::from(numbers.next()));
        let message = (SELF + u64::from(numbers.below(0x200) & !3)) << 32 | low;
        match numbers.below(10) {
            0 => twin.write(offset & !7, high << 32 | low, 8),
            1 => twin.write(0x110 + 0x20 * numbers.below(TIMERS), message, 8),
            2 => twin.write(0x10, low | 1, 4),
            3 => alarm.wait(numbers.below(4000)),
            4 => drop(twin.read(offset, 4)),
            5 => twin.write(0x108 + 0x20 * numbers.below(TIMERS), u64::from(numbers.below(3000)), 8),
            _ => twin.write(offset, low, 4),
        }
    }
    // A timer says its own number, and there are three.
    let mut state = save(&*twin.device).unwrap();
    load(&*twin.device, &state, 2).unwrap();
    state[25] = 200;
    assert!(load(&*twin.device, &state, 2).is_err());
    state[24] = 4;
    assert!(load(&*twin.device, &state, 2).is_err());
    twin.device.unparent();
    alarm.unparent();
}

oldstable::tests! {
    fn hpet_does_what_the_one_in_c_does() {
        hpets_do_the_same(0x9e37_79b9_7f4a_7c15);
    }

    fn whatever_a_guest_writes_the_hpet_goes_on() {
        anything_is_written(0x2545_f491_4f6c_dd1d);
    }
}
