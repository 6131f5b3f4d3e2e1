//! The PL011 as a device of QEMU: the shell around [`Registers`].

use super::{Effects, Output, Registers, Timer};
use crate::bql::BqlRefCell;
use crate::chardev::{CharFrontend, Event};
use crate::compat::c_str;
use crate::compat::ffi::CStr;
use crate::irq::InterruptSource;
use crate::memory::{AccessSizes, MemoryRegion, MemoryRegionOps};
use crate::plugin::Replacement;
use crate::qdev::{DeviceImpl, DeviceState};
use crate::qom::{Object, ObjectImpl};
use crate::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use crate::Result;

crate::qdev_define_conf! {
    /// The properties of a PL011.
    pub struct Pl011Conf {
        /// What the guest talks to.
        "chardev" => chr: CharFrontend,
        /// Whether the clock's state migrates.
        "migrate-clk" => migrate_clk: bool = true,
    }
}

crate::qom_define_type! {
    /// ARM's serial port, as `x-pl011-rust`.
    pub struct Pl011("x-pl011-rust"): SysBusDevice, DeviceState, Object {
        conf: Pl011Conf,
        mmio: MemoryRegion,
        irqs: [InterruptSource; 6],
        registers: BqlRefCell<Registers>,
    }
}

impl ObjectImpl for Pl011 {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(Pl011::init);
}

impl DeviceImpl for Pl011 {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(Pl011::realize);
    const COLD_RESET: Option<fn(&Self)> = Some(Pl011::reset);
}

impl SysBusDeviceImpl for Pl011 {}

impl Replacement for Pl011 {
    const REPLACES: &'static CStr = c_str!("pl011");
}

impl MemoryRegionOps for Pl011 {
    const READ: fn(&Self, u64, u32) -> u64 = Pl011::read;
    const WRITE: fn(&Self, u64, u64, u32) = Pl011::write;
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(4, 4);
}

impl Pl011 {
    fn init(&self) {
        self.mmio.init_io(self, "pl011", 0x1000);
        self.init_mmio(&self.mmio);
        for irq in &self.irqs {
            self.init_irq(irq);
        }
    }

    fn realize(&self) -> Result<()> {
        self.conf
            .chr
            .enable_handlers(self, Pl011::can_receive, Pl011::receive, Pl011::event);
        Ok(())
    }

    fn reset(&self) {
        let effects = self.registers.borrow_mut().reset();
        self.act_on(effects);
    }

    fn read(&self, offset: u64, _size: u32) -> u64 {
        let (value, effects) = self.registers.borrow_mut().read(offset);
        self.act_on(effects);
        value.into()
    }

    fn write(&self, offset: u64, value: u64, _size: u32) {
        let effects = self.registers.borrow_mut().write(offset, value as u32);
        self.act_on(effects);
    }

    fn can_receive(&self) -> usize {
        self.registers.borrow().can_receive()
    }

    fn receive(&self, bytes: &[u8]) {
        let effects = self.registers.borrow_mut().receive(bytes);
        self.act_on(effects);
    }

    fn event(&self, event: Event) {
        if event == Event::Break {
            let effects = self.registers.borrow_mut().receive_break();
            self.act_on(effects);
        }
    }

    /// Does what the registers ask for. No borrow of them is out: all of it can come back.
    fn act_on(&self, effects: Effects) {
        for (n, irq) in self.irqs.iter().enumerate() {
            if effects.changed & (1 << n) != 0 {
                irq.set(effects.levels & (1 << n) != 0);
            }
        }
        if let Some(on) = effects.break_out {
            self.conf.chr.set_break(on);
        }
        if effects.timer == Timer::Restart {
            let effects = self.registers.borrow_mut().timeout();
            self.act_on(effects);
        }
        if effects.output != Output::Keep {
            self.flush();
        }
        if effects.accept_input {
            self.conf.chr.accept_input();
        }
    }

    /// Writes what the guest has sent. The bytes are copied, since the registers must not be borrowed
    /// while the character device is called.
    fn flush(&self) {
        let mut bytes = [0; 64];
        loop {
            let count = {
                let registers = self.registers.borrow();
                let output = registers.output();
                let count = output.len().min(bytes.len());
                bytes[..count].copy_from_slice(&output[..count]);
                count
            };
            if count == 0 {
                return;
            }
            self.conf.chr.write_all(&bytes[..count]);
            let effects = self.registers.borrow_mut().output_taken(count);
            self.act_on(effects);
        }
    }
}
