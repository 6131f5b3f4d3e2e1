// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The MAX1111: an analog-to-digital converter of 8 bits with four inputs, on an SSI (SPI) bus.
//!
//! ```console
//! $ qemu-system-aarch64 -M lm3s6965evb -plugin ./libmax1111.so -device example-max1111,bus=ssi,input0=0x80 …
//! ```
//!
//! A byte with bit 7 set begins a conversion: bits 6 and 5 are the number of the input, with the lower bit first; bit 3 is
//! set for a value from 0 to 255, clear for one around 0x80; bit 2 is clear for the difference from the input beside it;
//! bit 1 is clear to power down. The next two bytes have the result in bits 13 to 6.

use oldstable::bql::BqlCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::ssi::{SsiPeripheral, SsiPeripheralImpl};
use oldstable::vmstate::{Field, Section, VmState};

const START: u32 = 0x80;
const UNIPOLAR: u32 = 0x08;
const SINGLE: u32 = 0x04;
const POWER: u32 = 0x02;

oldstable::qdev_define_conf! {
    pub struct AdcConf {
        "input0" => input0: u8 = 0xf0,
        "input1" => input1: u8 = 0xe0,
        "input2" => input2: u8 = 0xd0,
        "input3" => input3: u8 = 0xc0,
    }
}

oldstable::qom_define_type! {
    pub struct Adc("example-max1111"): SsiPeripheral, DeviceState, Object {
        conf: AdcConf,
        is_powered: BqlCell<bool>,
        result: BqlCell<u16>,
        /// The number of bytes since the start.
        bytes: BqlCell<u8>,
        /// It is raised when a conversion is done.
        strobe: InterruptSource,
    }
}

impl ObjectImpl for Adc {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|adc| adc.init_gpio_out(None, std::slice::from_ref(&adc.strobe)));
}

impl DeviceImpl for Adc {
    const COLD_RESET: Option<fn(&Self)> = Some(|adc| {
        adc.is_powered.set(false);
        adc.result.set(0);
        adc.bytes.set(0);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Adc {
    const NAME: &'static CStr = c_str!("example-max1111");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, is_powered, result, bytes } };
}

impl SsiPeripheralImpl for Adc {
    const TRANSFER: Option<fn(&Self, u32) -> u32> = Some(|adc, byte| {
        if byte & START != 0 {
            adc.start(byte);
        }
        if !adc.is_powered.get() {
            return 0;
        }
        let bytes = adc.bytes.get();
        adc.bytes.set(bytes.saturating_add(1));
        let result = u32::from(adc.result.get());
        match bytes {
            1 => result >> 8,
            2 => result & 0xff,
            _ => 0,
        }
    });
}

impl Adc {
    fn start(&self, control: u32) {
        self.bytes.set(0);
        self.is_powered.set(control & POWER != 0);
        if !self.is_powered.get() {
            return;
        }
        let conf = &self.conf;
        let inputs = [conf.input0.get(), conf.input1.get(), conf.input2.get(), conf.input3.get()];
        let number = (control >> 6 & 1 | control >> 4 & 2) as usize;
        let mut value = inputs[number];
        if control & SINGLE == 0 {
            value = value.wrapping_sub(inputs[number ^ 1]);
        }
        if control & UNIPOLAR == 0 {
            value ^= 0x80;
        }
        self.result.set(u16::from(value) << 6);
        self.strobe.raise();
    }
}

oldstable::plugin!(Adc);
