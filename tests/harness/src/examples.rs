// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The examples, each loaded as a separate object.
//! The harness opens them in its own folder, like QEMU: build them with `cargo build --examples`.

use oldstable::compat::c_str;
use oldstable::compat::ffi::{c_char, c_int, c_void, CStr, CString};
use oldstable::dma::AddressSpace;
use oldstable::irq::GpioMethods;
use oldstable::memory::Attributes;
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectMethods, Owned};
use oldstable::testing::i2c;
use oldstable::testing::{ask, read_u32, read_u64, save, wait_until, write_u32, write_u64, Lines, Pause};
use std::path::Path;

extern "C" {
    fn dladdr(address: *const c_void, info: *mut DlInfo) -> c_int;
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

#[repr(C)]
struct DlInfo {
    path: *const c_char,
    base: *mut c_void,
    symbol: *const c_char,
    address: *mut c_void,
}

type Install = unsafe extern "C" fn(u64, *const c_void, c_int, *const *const c_char) -> c_int;

/// Loads an example and installs it with its arguments, as QEMU does for `-plugin`.
fn load(name: &str, arguments: &[&CStr]) {
    const NOW: c_int = 2;
    // SAFETY: the harness is a shared object, and the example one that makes itself known.
    unsafe {
        let mut info = std::mem::MaybeUninit::<DlInfo>::zeroed().assume_init();
        assert!(dladdr(load as fn(&str, &[&CStr]) as *const c_void, &mut info) != 0);
        let harness = CStr::from_ptr(info.path).to_str().unwrap();
        let path = Path::new(harness).with_file_name(format!("lib{}.so", name));
        let path = CString::new(path.to_str().unwrap()).unwrap();
        let object = dlopen(path.as_ptr(), NOW);
        if object.is_null() {
            // The tests that need it fail.
            return eprintln!("there is no {:?}: run cargo build --examples", path);
        }
        let install = dlsym(object, c_str!("qemu_plugin_install").as_ptr());
        assert!(!install.is_null());
        let arguments: Vec<*const c_char> = arguments.iter().map(|text| text.as_ptr()).collect();
        let install: Install = std::mem::transmute(install);
        assert_eq!(install(0, std::ptr::null(), arguments.len() as c_int, arguments.as_ptr()), 0);
    }
}

/// Before the board is built, so that only the command line tells which it will be.
fn load_all() {
    let command_line = std::fs::read("/proc/self/cmdline").unwrap();
    if String::from_utf8_lossy(&command_line).contains("\0virt") {
        load("timer", &[c_str!("address=0x0f000000"), c_str!("irq=100")]);
    }
    load("i2c_controller", &[]);
    load("max1111", &[]);
    load("pcf8574", &[]);
    load("pci_copy", &[]);
    load("pci_uart", &[]);
    load("pl022", &[]);
    load("pl061", &[]);
    load("i2c_memory", &[]);
    load("sensors", &[]);
    load("tmp105", &[]);
    load("watch_object", &[c_str!("name=watch")]);
}

fn device(class: &str) -> Owned<DeviceState> {
    DeviceState::new_by_name(class).unwrap()
}

fn read(address: u64, into: &mut [u8]) {
    AddressSpace::system_memory().read(address, into, Attributes::UNSPECIFIED).unwrap()
}

fn write(address: u64, bytes: &[u8]) {
    AddressSpace::system_memory().write(address, bytes, Attributes::UNSPECIFIED).unwrap()
}

/// Tests on virt: the timer and the PCI device.
pub mod on_virt {
    use super::*;
    use oldstable::testing::pci::{guest_writes, plug};

    const TIMER: u64 = 0x0f00_0000;
    /// The GIC's register with the pending bit of interrupt 32 + 100.
    const PENDING: u64 = 0x0800_0200 + 132 / 32 * 4;
    const OURS: u32 = 1 << (132 % 32);
    const RAM: u64 = 0x4000_2000;
    const COPIER: u64 = 0x1100_0000;

    oldstable::tests! {
        start super::load_all;
        on "virt";

        fn the_timer_counts_down_and_interrupts() {
            write_u32(TIMER, 50_000);
            write_u32(TIMER + 8, 5);
            let value = read_u32(TIMER + 4);
            assert!(0 < value && value <= 50_000, "{}", value);
            assert_eq!(read_u32(TIMER + 12), 0);
            assert_eq!(read_u32(PENDING) & OURS, 0);
            wait_until(|| read_u32(TIMER + 12) == 1);
            assert_eq!(read_u32(PENDING) & OURS, OURS);
            write_u32(TIMER + 12, 0);
            assert_eq!(read_u32(PENDING) & OURS, 0);
            assert_eq!(read_u32(TIMER + 4), 0);
        }

        fn a_periodic_timer_begins_again() {
            write_u32(TIMER, 1000);
            write_u32(TIMER + 8, 3);
            for _ in 0..3 {
                wait_until(|| read_u32(TIMER + 12) == 1);
                write_u32(TIMER + 12, 0);
            }
            write_u32(TIMER + 8, 0);
            assert_eq!(read_u32(PENDING) & OURS, 0);
        }

        fn the_pci_device_copies_and_interrupts() {
            let copier = device("pci-copy");
            plug(&*copier).unwrap();
            guest_writes(&*copier, 0x10, COPIER as u32);
            guest_writes(&*copier, 0x14, 0);
            guest_writes(&*copier, 0x04, 0b110);
            write(RAM, b"to be copied");
            write(RAM + 0x200, &[0xff, 1, 0, 0]);
            write_u64(COPIER + 0x20, RAM + 0x200);
            write_u64(COPIER, RAM);
            write_u64(COPIER + 8, RAM + 0x100);
            write_u64(COPIER + 0x10, 12);
            wait_until(|| read_u64(COPIER + 0x18) == 1);
            let mut copy = [0; 12];
            read(RAM + 0x100, &mut copy);
            assert_eq!(&copy, b"to be copied");
            // The counter is mapped once, and again when the device has been reset.
            assert_eq!(read_u32(RAM + 0x200), 0x200);
            write_u64(COPIER + 0x10, 12);
            wait_until(|| read_u32(RAM + 0x200) == 0x201);
            // The registers of a device are no memory to count in.
            write_u64(COPIER + 0x20, COPIER + 8);
            write_u64(COPIER + 0x10, 12);
            wait_until(|| read_u64(COPIER + 0x18) == 1);
            assert_eq!(read_u64(COPIER + 8), RAM + 0x100);
            // Longer than the maximum, and to an address without memory.
            write_u64(COPIER + 0x10, 65_537);
            wait_until(|| read_u64(COPIER + 0x18) == 3);
            write_u64(COPIER + 0x18, 0);
            write_u64(COPIER + 8, 0x0f80_0000);
            write_u64(COPIER + 0x10, 8);
            wait_until(|| read_u64(COPIER + 0x18) == 3);
            copier.unparent();
        }
    }
}

/// Tests on realview-eb, which has an I²C bus.
pub mod on_realview {
    use super::*;

    oldstable::tests! {
        on "realview-eb";

        fn the_memory_keeps_what_is_written() {
            let memory = device("i2c-memory");
            memory.property_set_str("text", "hello").unwrap();
            i2c::plug(&*memory, 0x50).unwrap();
            assert_eq!(i2c::write(0x50, &[0]), Some(1));
            assert_eq!(i2c::read(0x50, 6).unwrap(), b"hello\xff");
            assert_eq!(i2c::write(0x50, &[0xff, 1, 2]), Some(3));
            assert_eq!(i2c::write(0x50, &[0xff]), Some(1));
            assert_eq!(i2c::read(0x50, 3).unwrap(), b"\x01\x02e");
            memory.cold_reset();
            assert_eq!(i2c::read(0x50, 2).unwrap(), b"\x02e");
            memory.unparent();
        }

        fn the_memory_saves_what_is_written_to_its_drive() {
            let path = std::env::temp_dir().join(format!("harness-memory-{}", std::process::id()));
            std::fs::write(&path, [b'.'; 300]).unwrap();
            let file = format!(
                r#"{{"execute": "blockdev-add", "arguments":
                    {{"node-name": "eeprom", "driver": "file", "filename": "{}"}}}}"#,
                path.display()
            );
            assert_eq!(ask(&[&file.replace('\n', " ")])[0].trim(), "{\"return\": {}}");
            let memory = device("i2c-memory");
            memory.property_set_str("drive", "eeprom").unwrap();
            i2c::plug(&*memory, 0x52).unwrap();
            assert_eq!(i2c::write(0x52, b"\x04saved"), Some(6));
            // One more while that is under way, and one while the machine is stopped.
            assert_eq!(i2c::write(0x52, b"\x09 twice"), Some(7));
            {
                let _stopped = Pause::new();
                assert_eq!(i2c::write(0x52, b"\x0f!"), Some(2));
            }
            let begins = |expected: &[u8]| std::fs::read(&path).unwrap().starts_with(expected);
            wait_until(|| begins(b"....saved twice!"));
            // The drive stays: up to 10.0 the bus keeps the device until the processor rests, which has no firmware.
            memory.unparent();
            assert_eq!(std::fs::read(&path).unwrap().len(), 300);
            std::fs::remove_file(&path).unwrap();
        }

        fn a_memory_that_is_read_only_does_not_acknowledge() {
            let memory = device("i2c-memory");
            memory.property_set_bool("read-only", true).unwrap();
            i2c::plug(&*memory, 0x51).unwrap();
            assert_eq!(i2c::write(0x51, &[7, 1, 2]), Some(1));
            memory.unparent();
        }

        fn the_pcf8574s_lines_follow_its_registers() {
            let port = device("example-pcf8574");
            let lines = Lines::watch();
            i2c::plug(&*port, 0x27).unwrap();
            for n in 0..8 {
                port.connect_gpio_out(None, n, lines.input(n)).unwrap();
            }
            port.connect_gpio_out(Some("int"), 0, lines.input(8)).unwrap();
            port.cold_reset();
            assert_eq!(lines.levels(), 0x1ff);
            assert_eq!(i2c::write(0x27, &[0x55, 0x0f]), Some(2));
            assert_eq!(lines.levels(), 0x10f);
            assert_eq!(i2c::read(0x27, 1).unwrap(), [0x0f]);
            // A line that it pulls low itself does not interrupt.
            port.gpio_in(None, 7).unwrap().set(false);
            assert_eq!(lines.levels(), 0x10f);
            port.gpio_in(None, 0).unwrap().set(false);
            assert_eq!(lines.levels(), 0x00f);
            // The interrupt ends when the level is restored.
            port.gpio_in(None, 0).unwrap().set(true);
            assert_eq!(lines.levels(), 0x10f);
            port.gpio_in(None, 1).unwrap().set(false);
            assert_eq!(lines.levels(), 0x00f);
            assert_eq!(i2c::read(0x27, 2).unwrap(), [0x0d, 0x0d]);
            assert_eq!(lines.levels(), 0x10f);
            assert_eq!(save(&*port).unwrap(), [0x27, 0x0f, 0x7d, 0x0d]);
            port.unparent();
        }

        fn sensors_share_their_registers_and_measure_differently() {
            let constant = device("constant-sensor");
            constant.property_set_int("millidegrees", -500).unwrap();
            i2c::plug(&*constant, 0x48).unwrap();
            assert_eq!(i2c::read(0x48, 2).unwrap(), [0xff, 0x80]);
            let drifting = device("drifting-sensor");
            i2c::plug(&*drifting, 0x49).unwrap();
            assert_eq!(i2c::read(0x49, 2).unwrap(), [20, 0]);
            assert_eq!(i2c::read(0x49, 2).unwrap(), [20, 0x80]);
            let error = DeviceState::new_by_name("sensor").unwrap_err().to_string();
            assert!(error.contains("abstract"), "{}", error);
            constant.unparent();
            drifting.unparent();
        }
    }
}

/// Tests on any board.
pub mod anywhere {
    use super::*;

    oldstable::tests! {
        fn the_object_without_a_device_is_in_the_tree() {
            let watch = Object::resolve("/objects/watch").unwrap();
            assert_eq!(watch.typename(), "run-watch");
        }
    }
}
