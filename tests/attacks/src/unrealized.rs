// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A device in C that is used before it is realized, or after it is unrealized.

use crate::runner::keep;
use oldstable::dma::AddressSpace;
use oldstable::irq::GpioMethods;
use oldstable::memory::Attributes;
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qom::{ObjectClassMethods, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceMethods};

programs! {
    a_reset => Sentence "is not realized" {
        let card = DeviceState::new_by_name("e1000").unwrap();
        card.cold_reset();
        keep(card);
    }

    a_line => Sentence "is not realized" {
        let processor = DeviceState::new_by_name("cortex-a15-arm-cpu").unwrap();
        processor.gpio_in(None, 0).unwrap().set(true);
        keep(processor);
    }

    a_mapped_region => Sentence "is not realized" {
        for name in &["pl011", "pl031", "sp804"] {
            let device = SysBusDevice::new_by_name(name).unwrap();
            device.mmio_map(0, 0x1000_0000).unwrap();
            let mut bytes = [0; 4];
            for offset in 0..0x400 {
                let _ = AddressSpace::system_memory().read(0x1000_0000 + 4 * offset, &mut bytes, Attributes::UNSPECIFIED);
                let _ = AddressSpace::system_memory().write(0x1000_0000 + 4 * offset, &[0xff; 4], Attributes::UNSPECIFIED);
            }
            keep(device);
        }
    }

    a_line_of_what_is_unrealized => Sentence "is not realized" {
        let gate = DeviceState::new_by_name("or-irq").unwrap();
        gate.realize().unwrap();
        let line = gate.gpio_in(None, 0).unwrap();
        gate.property_set_bool("realized", false).unwrap();
        line.set(true);
    }
}
