// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The TMP105: a thermometer on an I²C bus, whose temperature is set from outside while the machine runs.
//!
//! ```console
//! $ qemu-system-aarch64 -M realview-eb -plugin ./libtmp105.so -device example-tmp105,address=0x49,id=t …
//! (qemu) qom-set /machine/peripheral/t temperature 21500
//! ```
//!
//! The unnamed output is the line ALERT. As with QEMU's own, the queue of faults has a length of 1, and a reset of the
//! machine leaves the chip as it is.

use oldstable::bql::BqlCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl, Property};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

// Registers.
const TEMPERATURE: u8 = 0;
const CONFIGURATION: u8 = 1;
const LOW: u8 = 2;

// Bits of the configuration.
const SHUTDOWN: u8 = 1 << 0;
const INTERRUPT_MODE: u8 = 1 << 1;
const ACTIVE_HIGH: u8 = 1 << 2;
const ONE_SHOT: u8 = 1 << 7;

oldstable::qom_define_type! {
    pub struct Tmp105("example-tmp105"): I2cSlave, DeviceState, Object {
        alert: InterruptSource,
        /// The number of bytes transferred so far.
        count: BqlCell<u8>,
        bytes: BqlCell<[u8; 2]>,
        register: BqlCell<u8>,
        configuration: BqlCell<u8>,
        /// In 256ths of a degree Celsius, like the limits.
        temperature: BqlCell<i16>,
        /// The lower and the upper one.
        limits: BqlCell<[i16; 2]>,
        alarm: BqlCell<bool>,
        /// It has been too hot, and now the lower limit counts.
        cools: BqlCell<bool>,
    }
}

impl ObjectImpl for Tmp105 {
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        /// In thousandths of a degree Celsius.
        "temperature": i64 => Tmp105::millidegrees, Tmp105::set_millidegrees;
    };
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.limits.set([75 << 8, 80 << 8]);
        this.init_gpio_out(None, std::slice::from_ref(&this.alert));
    });
}

impl DeviceImpl for Tmp105 {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        this.update_line();
        Ok(())
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Tmp105 {
    const NAME: &'static CStr = c_str!("TMP105");
    const VERSION: u32 = 0;
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! {
        Self { count, bytes, register, configuration, temperature, limits, alarm, parent }
    };
    const SUBSECTIONS: &'static [Section<Self>] = &[<Self as VmState<Cools>>::SECTION];
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|this, _version| {
        this.update_line();
        Ok(())
    });
}

struct Cools;

impl VmState<Cools> for Tmp105 {
    const NAME: &'static CStr = c_str!("TMP105/detect-falling");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { cools } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|this| this.cools.get());
}

impl I2cSlaveImpl for Tmp105 {
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|this, event| {
        if event == I2cEvent::StartReceive {
            this.bytes.set(this.read());
        }
        this.count.set(0);
        Acknowledge::Yes
    });
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|this, byte| {
        let count = this.count.replace(this.count.get().wrapping_add(1));
        if count == 0 {
            this.register.set(byte);
        } else {
            let mut bytes = this.bytes.get();
            if let Some(place) = bytes.get_mut(usize::from(count - 1)) {
                *place = byte;
            }
            this.bytes.set(bytes);
            this.write(bytes);
        }
        Acknowledge::Yes
    });
    const RECEIVE: Option<fn(&Self) -> u8> = Some(|this| match this.bytes.get().get(usize::from(this.count.get())) {
        Some(&byte) => {
            this.count.set(this.count.get() + 1);
            byte
        }
        None => 0xff,
    });
}

impl Tmp105 {
    fn millidegrees(&self) -> i64 {
        i64::from(self.temperature.get()) * 1000 / 256
    }

    fn set_millidegrees(&self, millidegrees: i64) -> Result<()> {
        if !(-128_000..128_000).contains(&millidegrees) {
            return Err(format!("{} thousandths of a degree are out of range", millidegrees).into());
        }
        self.temperature.set((millidegrees * 256 / 1000) as i16);
        self.compare(false);
        Ok(())
    }

    fn is(&self, bit: u8) -> bool {
        self.configuration.get() & bit != 0
    }

    /// Prepares the bytes for the master to read.
    fn read(&self) -> [u8; 2] {
        if self.is(INTERRUPT_MODE) {
            self.alarm.set(false);
            self.update_line();
        }
        match self.register.get() & 3 {
            TEMPERATURE => {
                let unused = self.configuration.get() >> 5 & 3;
                let [high, low] = self.temperature.get().to_be_bytes();
                [high, low & 0xf0 << (3 - unused)]
            }
            CONFIGURATION => [self.configuration.get(), self.bytes.get()[1]],
            register => self.limits.get()[usize::from(register - LOW)].to_be_bytes(),
        }
    }

    /// Handles a byte that the master has written.
    fn write(&self, [high, low]: [u8; 2]) {
        match self.register.get() & 3 {
            TEMPERATURE => {}
            CONFIGURATION => {
                self.configuration.set(high & !ONE_SHOT);
                self.compare(high & ONE_SHOT != 0);
            }
            register => {
                if self.count.get() >= 3 {
                    let mut limits = self.limits.get();
                    limits[usize::from(register - LOW)] = i16::from_be_bytes([high, low & 0xf0]);
                    self.limits.set(limits);
                }
                self.compare(false);
            }
        }
    }

    /// Compares the temperature with the limits, as the chip always does unless it is shut down.
    fn compare(&self, once: bool) {
        if self.is(SHUTDOWN) && !once {
            return;
        }
        let [low, high] = self.limits.get();
        let (cools, temperature) = (self.cools.get(), self.temperature.get());
        if if cools { temperature < low } else { temperature >= high } {
            self.cools.set(!cools);
            self.alarm.set(!cools || self.is(INTERRUPT_MODE));
        }
        self.update_line();
    }

    fn update_line(&self) {
        self.alert.set(self.alarm.get() == self.is(ACTIVE_HIGH));
    }
}

oldstable::plugin!(Tmp105);
