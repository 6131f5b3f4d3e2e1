// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PCF8574: eight GPIO lines on an I²C bus.
//!
//! ```console
//! $ qemu-system-aarch64 -M realview-eb -plugin ./libpcf8574.so -device example-pcf8574,address=0x27 …
//! ```
//!
//! What the master writes are the lines: 0 pulls one low, 1 leaves it to what is connected there, and to a weak
//! pull-up. What it reads are their levels. The line `int` is low while an input differs from what was last read or
//! written.

use oldstable::bql::BqlCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::vmstate::{Field, Section, VmState};

oldstable::qom_define_type! {
    pub struct Pcf8574("example-pcf8574"): I2cSlave, DeviceState, Object {
        outputs: [InterruptSource; 8],
        interrupt: InterruptSource,
        /// The last value that the master has written.
        latch: BqlCell<u8>,
        /// The lines that no outside device pulls low.
        inputs: BqlCell<u8>,
        /// The levels that the master has last read or written.
        known: BqlCell<u8>,
    }
}

impl ObjectImpl for Pcf8574 {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.inputs.set(0xff);
        this.init_gpio_in(None, 8, Pcf8574::set_input);
        this.init_gpio_out(None, &this.outputs);
        this.init_gpio_out(Some("int"), std::slice::from_ref(&this.interrupt));
    });
}

impl DeviceImpl for Pcf8574 {
    const COLD_RESET: Option<fn(&Self)> = Some(|this| this.set_latch(0xff));
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Pcf8574 {
    const NAME: &'static CStr = c_str!("example-pcf8574");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, latch, inputs, known } };
}

impl I2cSlaveImpl for Pcf8574 {
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|_, _| Acknowledge::Yes);
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|this, byte| {
        this.set_latch(byte);
        Acknowledge::Yes
    });
    const RECEIVE: Option<fn(&Self) -> u8> = Some(|this| {
        this.settle();
        this.known.get()
    });
}

impl Pcf8574 {
    fn levels(&self) -> u8 {
        self.latch.get() & self.inputs.get()
    }

    fn set_latch(&self, latch: u8) {
        self.latch.set(latch);
        for (n, line) in self.outputs.iter().enumerate() {
            line.set(latch >> n & 1 != 0);
        }
        self.settle();
    }

    /// Stores the levels that the master now knows.
    fn settle(&self) {
        self.known.set(self.levels());
        self.interrupt.raise();
    }

    fn set_input(&self, line: u32, level: bool) {
        let bit = 1 << line;
        self.inputs.set(self.inputs.get() & !bit | if level { bit } else { 0 });
        self.interrupt.set(self.levels() == self.known.get());
    }
}

oldstable::plugin!(Pcf8574);
