//! Devices in Rust beside those in C that they are like: both are given the same, and must do the same.
//!
//! `OLDSTABLE_OPERATIONS=100000` in the environment asks for more operations than are done otherwise.

use oldstable::bql::BqlCell;
use oldstable::dma::AddressSpace;
use oldstable::irq::GpioMethods;
use oldstable::memory::Attributes;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceMethods};
use oldstable::testing::save;

/// The same numbers each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }

    fn below(&mut self, end: u32) -> u32 {
        self.next() % end
    }

    fn one_of(&mut self, values: &[u32]) -> u32 {
        values[self.below(values.len() as u32) as usize]
    }
}

fn operations() -> u32 {
    std::env::var("OLDSTABLE_OPERATIONS").map_or(5_000, |text| text.parse().expect("a number of operations"))
}

oldstable::qom_define_type! {
    /// Sees the levels of lines.
    pub struct Watcher("harness-watcher"): DeviceState, Object {
        pub levels: BqlCell<u32>,
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

/// A device of the system bus, mapped, and what it does to its lines.
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
        let mut bytes = [0; 4];
        let memory = AddressSpace::system_memory();
        memory.read(self.address + u64::from(offset), &mut bytes, Attributes::UNSPECIFIED).unwrap();
        u32::from_le_bytes(bytes)
    }

    fn write(&self, offset: u32, value: u32) {
        let memory = AddressSpace::system_memory();
        memory.write(self.address + u64::from(offset), &value.to_le_bytes(), Attributes::UNSPECIFIED).unwrap();
    }

    fn set_input(&self, line: u16, level: bool) {
        self.device.gpio_in(None, line).unwrap().set(level);
    }

    fn lines(&self) -> (u32, u32) {
        (self.watcher.levels.get(), self.watcher.changes.get())
    }
}

/// Where nothing is on any machine that the harness runs on.
const C: u64 = 0x3_f000_0000_0000;
const RUST: u64 = C + 0x10_0000;

fn pl061s_do_the_same(properties: &[(&str, u64)], seed: u64) {
    let twins = [Twin::new("pl061", C, 8, properties), Twin::new("example-pl061", RUST, 8, properties)];
    let [c, rust] = &twins;
    // 5.2 sets no outputs at a reset, but at the first write behind it.
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
            _ => numbers.one_of(&[0x3fc, 0x400, 0x404, 0x408, 0x40c, 0x410, 0x414, 0x418, 0x41c, 0x420]),
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

oldstable::tests! {
    classes [Watcher];

    fn pl061_does_what_the_one_in_c_does() {
        pl061s_do_the_same(&[], 0x9e37_79b9_7f4a_7c15);
    }
}
