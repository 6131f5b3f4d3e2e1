// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The HPET of a PC: a counter, and three timers that interrupt when it reaches their values.
//!
//! ```console
//! $ qemu-system-x86_64 -machine pc,hpet=off -plugin ./libhpet.so,address=0xfed00000 \
//!       -acpitable sig=HPET,rev=1,data=hpet.dat …
//! ```
//!
//! docs/devices.md has the table. Its lines, properties and migration stream are those of QEMU's own `hpet`, and so is its behaviour since QEMU 10.0.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::dma::AddressSpace;
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::log::Mask;
use oldstable::memory::{AccessSizes, Attributes, MemoryRegion, MemoryRegionOps};
use oldstable::plugin::Settings;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::timer::{ClockType, Timer};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const TIMERS: usize = 3;
const ROUTES: usize = 32;

/// Nanoseconds in a tick of the counter.
const TICK: u64 = 10;
const FEMTOSECONDS: u64 = 1_000_000;
/// The clock's period, the vendor, the number of timers, and that it counts 64 bits and can replace the PIT and RTC.
const CAPABILITY: u64 = (TICK * FEMTOSECONDS) << 32 | 0x8086_a001 | (TIMERS as u64 - 1) << 8;

// Bits of the configuration.
const ON: u64 = 1;
const LEGACY: u64 = 2;

// Bits of a timer's configuration.
const LEVEL: u64 = 1 << 1;
const INTERRUPTS: u64 = 1 << 2;
const PERIODIC: u64 = 1 << 3;
const CAN_BE_PERIODIC: u64 = 1 << 4;
const HAS_64_BITS: u64 = 1 << 5;
const SETS_COMPARATOR: u64 = 1 << 6;
const IN_32_BITS: u64 = 1 << 8;
const ROUTE: u64 = 0x1f << 9;
const BY_MESSAGE: u64 = 1 << 14;
const CAN_SEND_MESSAGES: u64 = 1 << 15;
const WRITABLE: u64 = LEVEL | INTERRUPTS | PERIODIC | SETS_COMPARATOR | IN_32_BITS | ROUTE | BY_MESSAGE;

/// The RTC's line among those of an ISA bus.
const RTC: usize = 8;
/// A periodic timer expires no more often than each microsecond.
const SHORTEST: u64 = 1000;

oldstable::qdev_define_conf! {
    pub struct HpetConf {
        /// The inputs of the I/O APIC that a timer can have.
        "hpet-intcap" => routes: u32 = 0x00ff_0104,
        /// Timers can interrupt by a write to memory.
        "msi" => msi: bool,
        "hpet-offset-saved" => offset_saved: bool = true,
    }
}

#[derive(Clone, Copy, Default)]
struct Registers {
    config: u64,
    status: u64,
    /// The counter while it stands still.
    counter: u64,
}

oldstable::vmstate_struct! { Registers { config, status, counter } }

#[derive(Clone, Copy, Default)]
struct TimerRegisters {
    number: u8,
    config: u64,
    comparator: u64,
    /// The address of a message in the upper half, and its data.
    message: u64,
    period: u64,
    /// Whether the timer expires when the counter's lower half overflows, and then again at its comparator.
    wraps: bool,
}

oldstable::vmstate_struct! { TimerRegisters { number, config, comparator, message, period, wraps } }

oldstable::qom_define_part! {
    struct Channel {
        timer: Timer,
        registers: BqlRefCell<TimerRegisters>,
        /// The whole value of the counter at which the comparator matches.
        target: BqlCell<u64>,
        /// When the timer was last to expire, in nanoseconds.
        armed: BqlCell<u64>,
    }
}

oldstable::vmstate_part! { Channel { ..registers, timer } }

oldstable::qom_define_type! {
    pub struct Hpet("example-hpet"): SysBusDevice, DeviceState, Object {
        conf: HpetConf,
        mmio: MemoryRegion,
        lines: [InterruptSource; ROUTES],
        pit_enabled: InterruptSource,
        rtc_level: BqlCell<u8>,
        registers: BqlRefCell<Registers>,
        /// What the counter is ahead of the clock, in nanoseconds.
        offset: BqlCell<u64>,
        timers: BqlCell<u8>,
        channels: [Channel; TIMERS],
    }
}

impl ObjectImpl for Hpet {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "example-hpet", 0x400);
        this.init_mmio(&this.mmio);
        this.lines.iter().for_each(|line| this.init_irq(line));
        this.init_gpio_in(None, 2, Hpet::set_legacy_line);
        this.init_gpio_out(None, std::slice::from_ref(&this.pit_enabled));
        this.timers.set(TIMERS as u8);
        for (channel, number) in this.channels.iter().zip(0..) {
            channel.registers.borrow_mut().number = number;
            channel.timer.init_in(this, channel, ClockType::Virtual, Hpet::expired);
        }
    });
}

impl DeviceImpl for Hpet {
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        let routes = u64::from(this.conf.routes.get()) << 32;
        let messages = if this.conf.msi.get() { CAN_SEND_MESSAGES } else { 0 };
        for channel in this.channels.iter() {
            this.stop(channel);
            let mut registers = channel.registers.borrow_mut();
            registers.comparator = !0;
            registers.config = CAN_BE_PERIODIC | HAS_64_BITS | messages | routes;
            registers.period = 0;
            registers.wraps = false;
        }
        this.pit_enabled.raise();
        let status = this.registers.borrow().status;
        *this.registers.borrow_mut() = Registers { status, ..Registers::default() };
        this.offset.set(0);
        this.rtc_level.set(0);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl SysBusDeviceImpl for Hpet {}

impl VmState for Hpet {
    const NAME: &'static CStr = c_str!("hpet");
    const VERSION: u32 = 2;
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { ..registers, timers, channels } };
    const SUBSECTIONS: &'static [Section<Self>] =
        &[<Self as VmState<RtcLevel>>::SECTION, <Self as VmState<Offset>>::SECTION];
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        let counter = this.counter();
        this.registers.borrow_mut().counter = counter;
        Ok(())
    });
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|this, _version| {
        if this.timers.replace(TIMERS as u8) != TIMERS as u8 {
            return Err("the example has three timers".into());
        }
        let counter = this.registers.borrow().counter;
        for (channel, number) in this.channels.iter().zip(0..) {
            let registers = *channel.registers.borrow();
            if registers.number != number {
                return Err(format!("timer {} says that it is timer {}", number, registers.number).into());
            }
            channel.target.set(registers.next_match(counter));
            channel.armed.set(now().wrapping_sub(1_000_000_000));
        }
        if !this.conf.offset_saved.get() {
            this.offset.set(counter.wrapping_mul(TICK).wrapping_sub(now()));
        }
        Ok(())
    });
}

struct RtcLevel;

impl VmState<RtcLevel> for Hpet {
    const NAME: &'static CStr = c_str!("hpet/rtc_irq_level");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { rtc_level } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|this| this.rtc_level.get() != 0);
}

struct Offset;

impl VmState<Offset> for Hpet {
    const NAME: &'static CStr = c_str!("hpet/offset");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { offset } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|this| this.is(ON) && this.conf.offset_saved.get());
}

impl MemoryRegionOps for Hpet {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| {
        let register = match (this.channel(offset), offset & !4) {
            (Some(channel), _) => {
                let registers = channel.registers.borrow();
                match offset & 0x18 {
                    0x00 => registers.config,
                    0x08 => registers.comparator,
                    0x10 => registers.message,
                    _ => 0,
                }
            }
            (None, 0x00) => CAPABILITY,
            (None, 0x10) => this.registers.borrow().config,
            (None, 0x20) => this.registers.borrow().status,
            (None, 0xf0) => this.counter(),
            _ => {
                Mask::GuestErrors.write(&format_args!("example-hpet: there is nothing to read at {:#x}", offset));
                0
            }
        };
        register >> shift_of(offset)
    };
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, size| match (this.channel(offset), offset & !4) {
        (Some(channel), _) => match offset & 0x18 {
            0x00 => this.configure_timer(channel, |old| put(old, offset, value, size)),
            0x08 => this.compare(channel, offset, value, size),
            0x10 => {
                let mut registers = channel.registers.borrow_mut();
                registers.message = put(registers.message, offset, value, size);
            }
            _ => {}
        },
        (None, 0x10) => this.configure(|old| put(old, offset, value, size)),
        (None, 0x20) => this.clear(value << shift_of(offset)),
        (None, 0xf0) => {
            let mut registers = this.registers.borrow_mut();
            registers.counter = put(registers.counter, offset, value, size);
        }
        (None, 0x00) => {}
        _ => Mask::GuestErrors.write(&format_args!("example-hpet: there is nothing to write at {:#x}", offset)),
    };
    const VALID: AccessSizes = AccessSizes::aligned(4, 8);
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(4, 8);
}

fn now() -> u64 {
    ClockType::Virtual.now() as u64
}

/// The upper half of a register has an address of its own.
fn shift_of(offset: u64) -> u32 {
    (offset as u32 & 4) * 8
}

/// Returns a register after a write to one of its halves, or to both.
fn put(old: u64, offset: u64, value: u64, size: u32) -> u64 {
    match (size, shift_of(offset)) {
        (8, 0) => value,
        (_, shift) => old & !(0xffff_ffff << shift) | (value & 0xffff_ffff) << shift,
    }
}

impl TimerRegisters {
    fn is(&self, bit: u64) -> bool {
        self.config & bit != 0
    }

    /// Returns the next value of the counter that the comparator matches.
    fn next_match(&self, counter: u64) -> u64 {
        if !self.is(IN_32_BITS) {
            return self.comparator;
        }
        let soonest = counter & !0xffff_ffff | self.comparator & 0xffff_ffff;
        if soonest < counter {
            soonest.wrapping_add(1 << 32)
        } else {
            soonest
        }
    }
}

impl Hpet {
    fn is(&self, bit: u64) -> bool {
        self.registers.borrow().config & bit != 0
    }

    fn channel(&self, offset: u64) -> Option<&Channel> {
        self.channels.get((offset.checked_sub(0x100)? / 0x20) as usize)
    }

    fn ticks(&self) -> u64 {
        now().wrapping_add(self.offset.get()) / TICK
    }

    fn counter(&self) -> u64 {
        if self.is(ON) {
            self.ticks()
        } else {
            self.registers.borrow().counter
        }
    }

    /// Interrupts, or with `false` takes the interrupt back.
    fn interrupt(&self, channel: &Channel, set: bool) {
        let TimerRegisters { number, config, message, .. } = *channel.registers.borrow();
        let Registers { config: common, .. } = *self.registers.borrow();
        let route = match (number, common & LEGACY) {
            (0, LEGACY) => 0,
            (1, LEGACY) => RTC,
            _ => ((config & ROUTE) >> 9) as usize,
        };
        let is_level = config & LEVEL != 0;
        {
            let mut registers = self.registers.borrow_mut();
            registers.status = registers.status & !(1 << number) | u64::from(set && is_level) << number;
        }
        let line = &self.lines[route];
        let interrupts = set && config & INTERRUPTS != 0 && common & ON != 0;
        match (interrupts, config & BY_MESSAGE != 0) {
            (true, true) => {
                let memory = AddressSpace::system_memory();
                // A message to where nothing is gets lost.
                let _ = memory.store_le(message >> 32, message as u32, Attributes::UNSPECIFIED);
            }
            (true, false) if is_level => line.raise(),
            (true, false) => line.pulse(),
            (false, true) => {}
            (false, false) => line.lower(),
        }
    }

    /// Lets the timer expire when the counter has this value.
    fn arm(&self, channel: &Channel, tick: u64) {
        let mut at = tick.wrapping_mul(TICK).wrapping_sub(self.offset.get());
        let last = channel.armed.get();
        if channel.registers.borrow().is(PERIODIC) && at.wrapping_sub(last) < SHORTEST {
            at = last.wrapping_add(SHORTEST);
        }
        channel.armed.set(at);
        channel.timer.start_at(at as i64);
    }

    fn start(&self, channel: &Channel) {
        let counter = self.ticks();
        let wrap = (counter | 0xffff_ffff).wrapping_add(1);
        let target = channel.registers.borrow().next_match(counter);
        let wraps = {
            let mut registers = channel.registers.borrow_mut();
            registers.wraps = registers.is(IN_32_BITS) && !registers.is(PERIODIC) && target > wrap;
            registers.wraps
        };
        channel.target.set(target);
        self.arm(channel, if wraps { wrap } else { target });
    }

    fn stop(&self, channel: &Channel) {
        channel.timer.stop();
        if self.has_interrupted(channel) {
            self.interrupt(channel, true);
        }
    }

    fn has_interrupted(&self, channel: &Channel) -> bool {
        self.registers.borrow().status >> channel.registers.borrow().number & 1 != 0
    }

    fn expired(&self, channel: &Channel) {
        let TimerRegisters { period, wraps, .. } = *channel.registers.borrow();
        let is_periodic = channel.registers.borrow().is(PERIODIC);
        if is_periodic && period != 0 {
            let late = self.ticks().wrapping_sub(channel.target.get()) as i64;
            if late > 0 {
                let periods = (late as u64 - 1) / period + 1;
                channel.target.update(|target| target.wrapping_add(periods * period));
            }
            let target = channel.target.get();
            {
                let mut registers = channel.registers.borrow_mut();
                let mask = if registers.is(IN_32_BITS) { 0xffff_ffff } else { !0 };
                registers.comparator = target & mask;
            }
            self.arm(channel, target);
        } else if wraps {
            channel.registers.borrow_mut().wraps = false;
            self.arm(channel, channel.target.get());
        }
        self.interrupt(channel, true);
    }

    fn configure_timer(&self, channel: &Channel, write: impl Fn(u64) -> u64) {
        let old = channel.registers.borrow().config;
        let new = write(old) & WRITABLE | old & !WRITABLE;
        if old & !new & LEVEL != 0 {
            self.interrupt(channel, false);
        }
        channel.registers.borrow_mut().config = new;
        if new & !old & INTERRUPTS != 0 && self.has_interrupted(channel) {
            self.interrupt(channel, true);
        }
        if new & IN_32_BITS != 0 {
            let mut registers = channel.registers.borrow_mut();
            registers.comparator &= 0xffff_ffff;
            registers.period &= 0xffff_ffff;
        }
        if self.is(ON) {
            self.start(channel);
        }
    }

    fn compare(&self, channel: &Channel, offset: u64, value: u64, size: u32) {
        {
            let mut registers = channel.registers.borrow_mut();
            let write = |old: u64| match registers.is(IN_32_BITS) {
                true => value & 0xffff_ffff,
                false => put(old, offset, value, size),
            };
            if registers.is(IN_32_BITS) && shift_of(offset) != 0 {
                return;
            }
            let (comparator, period) = (write(registers.comparator), write(registers.period));
            if !registers.is(PERIODIC) || registers.is(SETS_COMPARATOR) {
                registers.comparator = comparator;
            }
            if registers.is(PERIODIC) {
                registers.period = period;
            }
            registers.config &= !SETS_COMPARATOR;
        }
        if self.is(ON) {
            self.start(channel);
        }
    }

    fn configure(&self, write: impl Fn(u64) -> u64) {
        let old = self.registers.borrow().config;
        let new = write(old) & (ON | LEGACY) | old & !(ON | LEGACY);
        self.registers.borrow_mut().config = new;
        if new & !old & ON != 0 {
            self.offset.set(self.registers.borrow().counter.wrapping_mul(TICK).wrapping_sub(now()));
            for channel in self.channels.iter() {
                if channel.registers.borrow().is(INTERRUPTS) && self.has_interrupted(channel) {
                    self.interrupt(channel, true);
                }
                self.start(channel);
            }
        } else if old & !new & ON != 0 {
            self.registers.borrow_mut().counter = self.ticks();
            self.channels.iter().for_each(|channel| self.stop(channel));
        }
        if new & !old & LEGACY != 0 {
            self.pit_enabled.lower();
            self.lines[0].lower();
            self.lines[RTC].lower();
        } else if old & !new & LEGACY != 0 {
            self.lines[0].lower();
            self.pit_enabled.raise();
            self.lines[RTC].set(self.rtc_level.get() != 0);
        }
    }

    fn clear(&self, bits: u64) {
        let cleared = bits & self.registers.borrow().status;
        for (_, channel) in self.channels.iter().enumerate().filter(|(n, _)| cleared >> n & 1 != 0) {
            self.interrupt(channel, false);
        }
    }

    /// Passes on what the PIT, line 0, and the RTC, line 1, send, unless the timers are in their place.
    fn set_legacy_line(&self, line: u32, level: bool) {
        if line == 1 {
            self.rtc_level.set(level.into());
        }
        if !self.is(LEGACY) {
            self.lines[if line == 0 { 0 } else { RTC }].set(level);
        }
    }
}

/// Maps one at the user's address, and connects it to the I/O APIC and the PIT of a PC.
fn place(settings: &Settings) -> Result<()> {
    let address = match settings.number("address")? {
        Some(address) => address,
        None => return Ok(()),
    };
    let devices = DeviceState::find_all();
    let find = |names: &[&str]| devices.iter().find(|device| names.contains(&&*device.typename()));
    let apic = find(&["ioapic", "kvm-ioapic"]).ok_or("this board has no I/O APIC")?;
    let hpet = Hpet::new();
    hpet.sysbus_realize()?;
    for n in 0..24 {
        hpet.connect_irq(n, apic.gpio_in(None, n).ok_or("the I/O APIC has too few inputs")?)?;
    }
    if let Some(control) = find(&["isa-pit", "kvm-pit"]).and_then(|pit| pit.gpio_in(None, 0)) {
        hpet.connect_gpio_out(None, 0, control)?;
    }
    hpet.mmio_map(0, address)
}

oldstable::plugin!(Hpet; board place);
