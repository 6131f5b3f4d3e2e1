// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices in Rust compared with their counterparts in C: for the same input, both must behave alike.

use crate::numbers::{operations, Numbers};
use oldstable::bql::BqlCell;
use oldstable::irq::GpioMethods;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceMethods};
use oldstable::testing::{read_u32, save, write_u32};

fn one_of(numbers: &mut Numbers, values: &[u32]) -> u32 {
    values[numbers.below(values.len() as u32) as usize]
}

oldstable::qom_define_type! {
    /// Records the levels of lines.
    struct Watcher("harness-watcher"): DeviceState, Object {
        levels: BqlCell<u32>,
        changes: BqlCell<u32>,
    }
}

impl ObjectImpl for Watcher {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.init_gpio_in(None, 16, |this: &Watcher, n: u32, level: bool| {
            let levels = this.levels.get() & !(1 << n) | u32::from(level) << n;
            if this.levels.replace(levels) != levels {
                this.changes.set(this.changes.get() + 1);
            }
        });
    });
}

impl DeviceImpl for Watcher {}

/// A mapped device of the system bus, and the watcher of its lines.
struct Twin {
    device: Owned<SysBusDevice>,
    watcher: Owned<Watcher>,
    address: u64,
}

impl Twin {
    /// Line 0 of the watcher is the interrupt, the others are outputs.
    fn new(class: &str, address: u64, outputs: u16, properties: &[(&str, u64)]) -> Twin {
        let device = SysBusDevice::new_by_name(class).unwrap();
        let watcher = Watcher::new();
        Object::root().property_add_child(&format!("watcher-of-{}", class), watcher.clone()).unwrap();
        for (name, value) in properties {
            device.property_set_uint(name, *value).unwrap();
        }
        device.sysbus_realize().unwrap();
        device.mmio_map(0, address).unwrap();
        device.connect_irq(0, watcher.gpio_in(None, 0).unwrap()).unwrap();
        for n in 0..outputs {
            device.connect_gpio_out(None, n, watcher.gpio_in(None, n + 1).unwrap()).unwrap();
        }
        device.cold_reset();
        Twin { device, watcher, address }
    }

    fn read(&self, offset: u32) -> u32 {
        read_u32(self.address + u64::from(offset))
    }

    fn write(&self, offset: u32, value: u32) {
        write_u32(self.address + u64::from(offset), value)
    }

    fn set_input(&self, line: u16, level: bool) {
        self.device.gpio_in(None, line).unwrap().set(level);
    }

    fn lines(&self) -> (u32, u32) {
        (self.watcher.levels.get(), self.watcher.changes.get())
    }
}

/// An address that is unused on any machine of the harness.
const C: u64 = 0x3_f000_0000_0000;
const RUST: u64 = C + 0x10_0000;

fn pl061s_do_the_same(properties: &[(&str, u64)], seed: u64) {
    let twins = [Twin::new("pl061", C, 8, properties), Twin::new("example-pl061", RUST, 8, properties)];
    let [c, rust] = &twins;
    // 5.2 sets no outputs at a reset, only at the first write after it.
    for twin in &twins {
        twin.write(0x410, 0);
        twin.watcher.changes.set(0);
    }
    let mut numbers = Numbers(seed);
    for n in 0..operations() {
        let (kind, value, line) = (numbers.below(100), numbers.next(), numbers.below(8) as u16);
        let offset = match numbers.below(4) {
            0 => numbers.below(0x400) & !3,
            1 => numbers.below(0x1000) & !3,
            _ => one_of(&mut numbers, &[0x3fc, 0x400, 0x404, 0x408, 0x40c, 0x410, 0x414, 0x418, 0x41c, 0x420]),
        };
        let what = format!("operation {} of seed {}, at {:#x}", n, seed, offset);
        match kind {
            0..=29 => assert_eq!(rust.read(offset), c.read(offset), "{}", what),
            30..=79 => twins.iter().for_each(|twin| twin.write(offset, value)),
            80..=98 => twins.iter().for_each(|twin| twin.set_input(line, value & 1 != 0)),
            _ => {
                for twin in &twins {
                    twin.device.cold_reset();
                    twin.write(0x410, 0);
                    twin.watcher.changes.set(0);
                }
            }
        }
        assert_eq!(rust.lines(), c.lines(), "the lines after {}", what);
        assert_eq!(save(&*rust.device).unwrap(), save(&*c.device).unwrap(), "the state after {}", what);
    }
    for twin in &twins {
        twin.device.unparent();
        twin.watcher.unparent();
    }
}

/// Two thermometers on the board's bus.
mod on_a_bus {
    use super::{one_of, Watcher};
    use crate::numbers::{operations, Numbers};
    use oldstable::irq::GpioMethods;
    use oldstable::qdev::DeviceState;
    use oldstable::qom::{Object, ObjectClassMethods, ObjectMethods, Owned};
    use oldstable::sys;
    use oldstable::testing::i2c::{plug, read, write};
    use oldstable::testing::save;

    struct Twin {
        device: Owned<DeviceState>,
        watcher: Owned<Watcher>,
        address: u8,
    }

    impl Twin {
        fn new(class: &str, address: u8) -> Twin {
            let device = DeviceState::new_by_name(class).unwrap();
            let watcher = Watcher::new();
            Object::root().property_add_child(&format!("watcher-of-{}", class), watcher.clone()).unwrap();
            plug(&*device, address).unwrap();
            device.connect_gpio_out(None, 0, watcher.gpio_in(None, 0).unwrap()).unwrap();
            Twin { device, watcher, address }
        }

        /// Returns the migrated state, without the address on the bus.
        fn state(&self) -> Vec<u8> {
            const ADDRESS: usize = 12;
            let mut state = save(&*self.device).unwrap();
            assert_eq!(std::mem::take(&mut state[ADDRESS]), self.address);
            state
        }
    }

    fn same<R: PartialEq + std::fmt::Debug>(twins: &[Twin; 2], what: &str, act: impl Fn(&Twin) -> R) {
        assert_eq!(act(&twins[1]), act(&twins[0]), "{}", what);
    }

    pub fn tmp105s_do_the_same(seed: u64) {
        let twins = [Twin::new("tmp105", 0x48), Twin::new("example-tmp105", 0x49)];
        // Older releases keep the bit "one shot" of the configuration, and the lowest four bits of the limits.
        let (configurations, limits) = if sys::release().major < 10 { (0x7f, 0xf0) } else { (0xff, 0xff) };
        let mut numbers = Numbers(seed);
        for n in 0..operations() {
            let what = format!("operation {} of seed {}", n, seed);
            let (register, value) =
                (numbers.below(4) as u8 | one_of(&mut numbers, &[0, 0, 0xa4]) as u8, numbers.next());
            match numbers.below(10) {
                0..=2 => {
                    let temperature = i64::from(value % 270_000) - 135_000;
                    same(&twins, &what, |twin| twin.device.property_set_int("temperature", temperature).is_ok());
                }
                3 => {
                    let mut bytes = vec![register, 0, 0, 0, 0, 0];
                    bytes[1..].copy_from_slice(&[value as u8, (value >> 8) as u8, 1, 2, 3]);
                    match register & 3 {
                        1 => bytes[1] &= configurations,
                        _ => bytes[2] &= limits,
                    }
                    bytes.truncate(numbers.below(7) as usize);
                    same(&twins, &what, |twin| write(twin.address, &bytes));
                }
                4..=5 => {
                    // Limits that temperatures reach.
                    let bytes = [2 + value as u8 % 2, (value >> 8) as u8, 0];
                    same(&twins, &what, |twin| write(twin.address, &bytes));
                }
                6 => same(&twins, &what, |twin| twin.device.property_get_int("temperature").unwrap()),
                7 => same(&twins, &what, |twin| write(twin.address, &[register])),
                8 => same(&twins, &what, |twin| read(twin.address, value as usize % 5)),
                _ => same(&twins, &what, |twin| write(twin.address, &[1, value as u8 & 0x67])),
            }
            same(&twins, &format!("the line after {}", what), |twin| {
                (twin.watcher.levels.get(), twin.watcher.changes.get())
            });
            same(&twins, &format!("the state after {}", what), Twin::state);
        }
        for twin in &twins {
            twin.device.unparent();
            twin.watcher.unparent();
        }
    }
}

/// Tests of devices whose bus does not exist on every machine.
pub mod on_realview {
    oldstable::tests! {
        on "realview-eb";

        fn tmp105_does_what_the_one_in_c_does() {
            super::on_a_bus::tmp105s_do_the_same(0x2545_f491_4f6c_dd1d);
        }
    }
}

oldstable::tests! {
    classes [Watcher];

    fn pl061_does_what_the_one_in_c_does() {
        pl061s_do_the_same(&[], 0x9e37_79b9_7f4a_7c15);
    }
}
