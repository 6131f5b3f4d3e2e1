// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A timer that counts down and interrupts, as a device on the board.
//!
//! ```console
//! $ qemu-system-aarch64 -M virt -plugin ./libtimer.so,address=0x0c000000,irq=100 …
//! ```
//!
//! Registers: 0 LOAD, the initial count; 4 VALUE, the current count; 8 CONTROL, with the three bits below; 12 STATUS, 1
//! once the count has reached 0, cleared by a write. The unit is a nanosecond.

use oldstable::bql::BqlRefCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::memory::{AccessSizes, MemoryRegion, MemoryRegionOps};
use oldstable::plugin::Settings;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::timer::{ClockType, Timer};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const SECOND: u64 = 1_000_000_000;
const ON: u32 = 1;
const PERIODIC: u32 = 2;
const INTERRUPT: u32 = 4;

oldstable::qdev_define_conf! {
    pub struct CountdownConf {
        "frequency" => frequency: u32 = 1_000_000,
    }
}

#[derive(Clone, Copy, Default)]
struct Registers {
    load: u32,
    control: u32,
    status: u32,
}

oldstable::vmstate_struct! { Registers { load, control, status } }

oldstable::qom_define_type! {
    pub struct Countdown("example-timer"): SysBusDevice, DeviceState, Object {
        conf: CountdownConf,
        mmio: MemoryRegion,
        irq: InterruptSource,
        timer: Timer,
        registers: BqlRefCell<Registers>,
    }
}

impl ObjectImpl for Countdown {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "example-timer", 0x1000);
        this.init_mmio(&this.mmio);
        this.init_irq(&this.irq);
        this.timer.init(this, ClockType::Virtual, Countdown::reached);
    });
}

impl DeviceImpl for Countdown {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| match this.conf.frequency.get() {
        0 => Err("the frequency of a timer must not be 0".into()),
        _ => Ok(()),
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        *this.registers.borrow_mut() = Registers::default();
        this.timer.stop();
        this.irq.lower();
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl SysBusDeviceImpl for Countdown {}

impl VmState for Countdown {
    const NAME: &'static CStr = c_str!("example-timer");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { registers, timer } };
}

impl MemoryRegionOps for Countdown {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| {
        let registers = *this.registers.borrow();
        match offset {
            0x0 => registers.load.into(),
            0x4 => this.value(),
            0x8 => registers.control.into(),
            0xc => registers.status.into(),
            _ => 0,
        }
    };
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _size| {
        match offset {
            0x0 => this.registers.borrow_mut().load = value as u32,
            0x8 => {
                this.registers.borrow_mut().control = value as u32;
                this.start();
            }
            0xc => this.registers.borrow_mut().status = 0,
            _ => {}
        }
        this.update_irq();
    };
    const VALID: AccessSizes = AccessSizes::aligned(4, 4);
}

impl Countdown {
    fn value(&self) -> u64 {
        let left = self.timer.expires().map_or(0, |end| (end - ClockType::Virtual.now()).max(0));
        left as u64 * u64::from(self.conf.frequency.get()) / SECOND
    }

    fn start(&self) {
        let Registers { load, control, .. } = *self.registers.borrow();
        if control & ON == 0 {
            return self.timer.stop();
        }
        let ns = u64::from(load) * SECOND / u64::from(self.conf.frequency.get());
        self.timer.start_at(ClockType::Virtual.now() + ns.max(1000) as i64); // At most each microsecond.
    }

    fn reached(&self) {
        self.registers.borrow_mut().status = 1;
        if self.registers.borrow().control & PERIODIC != 0 {
            self.start();
        }
        self.update_irq();
    }

    fn update_irq(&self) {
        let Registers { control, status, .. } = *self.registers.borrow();
        self.irq.set(status != 0 && control & INTERRUPT != 0);
    }
}

/// Maps a timer at the user's address, and connects it to the board's interrupt controller.
fn place(settings: &Settings) -> Result<()> {
    let address = settings.number("address")?.ok_or("the plugin needs address=NUMBER")?;
    let irq = settings.number("irq")?.ok_or("the plugin needs irq=NUMBER")?;
    let devices = DeviceState::find_all();
    let gic = devices.iter().find(|device| device.typename() == "arm_gic");
    let line = gic.and_then(|gic| gic.gpio_in(None, irq as u16)).ok_or("there is no such interrupt")?;
    let timer = Countdown::new();
    timer.sysbus_realize()?;
    timer.mmio_map(0, address)?;
    timer.connect_irq(0, line)
}

oldstable::plugin!(Countdown; board place);
