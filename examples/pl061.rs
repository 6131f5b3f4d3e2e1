// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! ARM's PL061: eight GPIO lines, which software sets and reads, and which can interrupt.
//!
//! ```console
//! $ qemu-system-aarch64 -M virt -plugin ./libpl061.so,address=0x0c000000,irq=100 …
//! ```
//!
//! Its inputs, outputs, properties and migration stream are those of QEMU's own `pl061` since 7.2.

use oldstable::bql::BqlRefCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::log::Mask;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::plugin::Settings;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const LINES: usize = 8;
const ID: [u8; 12] = [0, 0, 0, 0, 0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1];

oldstable::qdev_define_conf! {
    pub struct Pl061Conf {
        /// The lines that are high while they are inputs.
        "pullups" => pull_ups: u32 = 0xff,
        /// The lines that are low while they are inputs.
        "pulldowns" => pull_downs: u32,
    }
}

#[derive(Clone, Copy, Default)]
struct Registers {
    data: u32,
    /// The last levels of the outputs.
    outputs: u32,
    /// The data at the last check for interrupts.
    inputs: u32,
    direction: u32,
    /// Lines that interrupt by their level, and not by an edge.
    sense: u32,
    both_edges: u32,
    /// Lines that interrupt when they are high, or become high.
    event: u32,
    mask: u32,
    status: u32,
    function: u32,
}

oldstable::vmstate_struct! {
    Registers { data, outputs, inputs, direction, sense, both_edges, event, mask, status, function }
}

/// The registers of the Luminary variant, with their values after a reset, because the stream has them.
#[derive(Clone, Copy)]
struct Luminary {
    drive: [u32; 8],
    commit: u32,
    analog: u32,
}

oldstable::vmstate_struct! { Luminary { drive, commit, analog } }

impl Default for Luminary {
    fn default() -> Self {
        Luminary { drive: [0xff, 0, 0, 0, 0, 0, 0, 0], commit: 0xff, analog: 0 }
    }
}

oldstable::qom_define_type! {
    pub struct Pl061("example-pl061"): SysBusDevice, DeviceState, Object {
        conf: Pl061Conf,
        mmio: MemoryRegion,
        irq: InterruptSource,
        outputs: [InterruptSource; LINES],
        locked: BqlRefCell<u32>,
        registers: BqlRefCell<Registers>,
        luminary: BqlRefCell<Luminary>,
    }
}

impl ObjectImpl for Pl061 {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "example-pl061", 0x1000);
        this.init_mmio(&this.mmio);
        this.init_irq(&this.irq);
        this.init_gpio_in(None, LINES as u16, Pl061::set_input);
        this.init_gpio_out(None, &this.outputs);
    });
}

impl DeviceImpl for Pl061 {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        let (up, down) = (this.conf.pull_ups.get(), this.conf.pull_downs.get());
        if up > 0xff || down > 0xff {
            return Err("pullups= and pulldowns= are between 0 and 0xff".into());
        }
        if up & down != 0 {
            return Err("no bit may be set both in pullups= and pulldowns=".into());
        }
        Ok(())
    });
    const RESET_ENTER: Option<fn(&Self)> = Some(|this| {
        let outputs = this.registers.borrow().outputs;
        *this.registers.borrow_mut() = Registers { outputs, ..Registers::default() };
        *this.luminary.borrow_mut() = Luminary::default();
        *this.locked.borrow_mut() = 1;
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        let (up, floating) = this.pulled(0);
        this.registers.borrow_mut().outputs = up;
        this.drive(!floating & 0xff, up);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl SysBusDeviceImpl for Pl061 {}

impl VmState for Pl061 {
    const NAME: &'static CStr = c_str!("pl061");
    const VERSION: u32 = 4;
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { locked, ..registers, ..luminary } };
}

impl MemoryRegionOps for Pl061 {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| {
        let registers = *this.registers.borrow();
        let value = match offset {
            0..=0x3ff => registers.data & (offset >> 2) as u32,
            0x400 => registers.direction,
            0x404 => registers.sense,
            0x408 => registers.both_edges,
            0x40c => registers.event,
            0x410 => registers.mask,
            0x414 => registers.status,
            0x418 => registers.status & registers.mask,
            0x420 => registers.function,
            0xfd0..=0xfff => ID[(offset as usize - 0xfd0) >> 2].into(),
            _ => {
                Mask::GuestErrors.write(&format_args!("example-pl061: there is nothing to read at {:#x}", offset));
                0
            }
        };
        value.into()
    };
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _size| {
        let byte = value as u32 & 0xff;
        {
            let mut registers = this.registers.borrow_mut();
            match offset {
                0..=0x3ff => {
                    let mask = (offset >> 2) as u32 & registers.direction;
                    registers.data = registers.data & !mask | byte & mask;
                }
                0x400 => registers.direction = byte,
                0x404 => registers.sense = byte,
                0x408 => registers.both_edges = byte,
                0x40c => registers.event = byte,
                0x410 => registers.mask = byte,
                0x41c => registers.status &= !value as u32,
                0x420 => registers.function = byte,
                _ => {
                    return Mask::GuestErrors
                        .write(&format_args!("example-pl061: there is nothing to write at {:#x}", offset))
                }
            }
        }
        this.update();
    };
}

impl Pl061 {
    /// Returns the input lines that are pulled up, and those that float.
    fn pulled(&self, direction: u32) -> (u32, u32) {
        let (up, down) = (self.conf.pull_ups.get(), self.conf.pull_downs.get());
        (up & !direction, !(up | down) & !direction & 0xff)
    }

    fn drive(&self, lines: u32, levels: u32) {
        for (n, line) in self.outputs.iter().enumerate().filter(|(n, _)| lines >> n & 1 != 0) {
            line.set(levels >> n & 1 != 0);
        }
    }

    fn update(&self) {
        let direction = self.registers.borrow().direction;
        let (up, floating) = self.pulled(direction);
        let (changed, outputs) = {
            let mut registers = self.registers.borrow_mut();
            let outputs = registers.data & direction | up | registers.outputs & floating;
            (std::mem::replace(&mut registers.outputs, outputs) ^ outputs, outputs)
        };
        self.drive(changed, outputs);
        let interrupts = {
            let mut registers = self.registers.borrow_mut();
            let Registers { data, sense, both_edges, event, .. } = *registers;
            let changed = (registers.inputs ^ data) & !direction;
            if changed != 0 {
                registers.inputs = data;
            }
            let active = !(data ^ event);
            registers.status |= changed & !sense & (both_edges | active) | active & sense;
            registers.status & registers.mask
        };
        self.irq.set(interrupts != 0);
    }

    fn set_input(&self, line: u32, level: bool) {
        let bit = 1 << line;
        if self.registers.borrow().direction & bit == 0 {
            let data = self.registers.borrow().data & !bit;
            self.registers.borrow_mut().data = data | if level { bit } else { 0 };
            self.update();
        }
    }
}

/// Maps one at the user's address, and connects it to the board's interrupt controller.
fn place(settings: &Settings) -> Result<()> {
    let address = match settings.number("address")? {
        Some(address) => address,
        None => return Ok(()),
    };
    let irq = settings.number("irq")?.ok_or("the plugin needs irq=NUMBER")?;
    let devices = DeviceState::find_all();
    let gic = devices.iter().find(|device| device.typename() == "arm_gic");
    let line = gic.and_then(|gic| gic.gpio_in(None, irq as u16)).ok_or("there is no such interrupt")?;
    let gpio = Pl061::new();
    gpio.sysbus_realize()?;
    gpio.mmio_map(0, address)?;
    gpio.connect_irq(0, line)
}

oldstable::plugin!(Pl061; board place);
