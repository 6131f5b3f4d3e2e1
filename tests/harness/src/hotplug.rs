// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A device that an external client plugs in and unplugs while the machine runs.

use oldstable::bql::BqlCell;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::ask;
use oldstable::testing::pci::{capability, config, guest_writes, plug};
use oldstable::testing::Pause;
use oldstable::testing::{references, wait_until};
use oldstable::timer::{ClockType, Timer};
use oldstable::Result;
use std::sync::atomic::{AtomicU32, Ordering};

static ENDED: AtomicU32 = AtomicU32::new(0);
static TICKS: AtomicU32 = AtomicU32::new(0);

/// Counts the devices that have ended.
#[derive(Default)]
struct End;

impl Drop for End {
    fn drop(&mut self) {
        ENDED.fetch_add(1, Ordering::Relaxed);
    }
}

oldstable::qom_define_type! {
    /// Has registers, and a timer that rearms itself forever.
    struct Guest("harness-guest"): PciDevice, DeviceState, Object {
        registers: MemoryRegion,
        timer: Timer,
        unrealized: BqlCell<u32>,
        end: End,
    }
}

impl ObjectImpl for Guest {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::PCI_EXPRESS];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|guest| {
        guest.registers.init_io::<_, ()>(guest, "harness-guest", 0x1000);
        guest.timer.init(guest, ClockType::Realtime, Guest::tick);
    });
}

impl Guest {
    fn tick(&self) {
        TICKS.fetch_add(1, Ordering::Relaxed);
        self.timer.start_at(ClockType::Realtime.now() + 100_000);
    }
}

impl MemoryRegionOps for Guest {}

impl DeviceImpl for Guest {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|guest| {
        guest.register_bar(0, Bar::Memory32, &guest.registers);
        guest.init_endpoint()?;
        guest.tick();
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|guest| guest.unrealized.set(guest.unrealized.get() + 1));
}

impl PciDeviceImpl for Guest {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0x1111;
}

/// Returns a hotplug port of the board's PCI Express bus.
fn port() -> Owned<PciDevice> {
    let port = PciDevice::new_by_name("pcie-root-port").unwrap();
    plug(&*port).unwrap();
    port
}

/// Acts like the guest's driver of the port after a notification: it switches the slot on or off.
fn guest_switches(port: &PciDevice, on: bool) {
    const EXPRESS: u8 = 0x10;
    const SLOT_CONTROL: u32 = 0x18;
    const INDICATOR_ON: u32 = 0x100;
    const INDICATOR_OFF: u32 = 0x300;
    const POWER_OFF: u32 = 0x400;
    let place = capability(port, EXPRESS).unwrap();
    let value = if on { INDICATOR_ON } else { INDICATOR_OFF | POWER_OFF };
    guest_writes(port, u32::from(place) + SLOT_CONTROL, value);
}

const ADD: &str = r#"{"execute": "device_add", "arguments": {"driver": "harness-guest", "id": "hot", "bus": "/gpex-pcihost/pcie.0/pcie-root-port"}}"#;
const DELETE: &str = r#"{"execute": "device_del", "arguments": {"id": "hot"}}"#;
const DONE: &str = "{\"return\": {}}";

oldstable::tests! {
    classes [Guest];
    // A processor that executes zeros delays the end of an unplugged device in releases up to 10.0, so it is stopped
    // meanwhile.
    on "virt";

    fn a_device_plugged_and_unplugged_by_qmp_leaves_nothing() {
        let (port, _pause) = (port(), Pause::new());
        for _ in 0..2 {
            let ended = ENDED.load(Ordering::Relaxed);
            assert_eq!(ask(&[ADD])[0].trim(), DONE);
            guest_switches(&port, true);
            let guest = Guest::resolve("/machine/peripheral/hot").unwrap();
            assert_eq!(config(&*guest, 0), 0x1111_1234);
            // The guest sets its address, and it works.
            guest_writes(&*port, 0x20, 0x1000_1000);
            guest_writes(&*port, 0x04, 0b110);
            guest_writes(&*guest, 0x10, 0x1000_0000);
            guest_writes(&*guest, 0x04, 0b110);
            assert!(guest.registers.is_mapped());
            let ticks = TICKS.load(Ordering::Relaxed);
            wait_until(|| TICKS.load(Ordering::Relaxed) > ticks);

            assert_eq!(ask(&[DELETE])[0].trim(), DONE);
            assert!(guest.property_get_bool("realized").unwrap(), "the guest has not let it go");
            guest_switches(&port, false);
            assert_eq!(guest.unrealized.get(), 1);
            assert!(guest.parent().is_none() && !guest.registers.is_mapped());
            assert!(Guest::resolve("/machine/peripheral/hot").is_err());
            // Other threads of QEMU may still read the registers.
            wait_until(|| references(&*guest) == 1);
            assert_eq!(ENDED.load(Ordering::Relaxed), ended);
            drop(guest);
            assert_eq!(ENDED.load(Ordering::Relaxed), ended + 1);
            let ticks = TICKS.load(Ordering::Relaxed);
            let until = ClockType::Realtime.now() + 5_000_000;
            wait_until(|| ClockType::Realtime.now() > until);
            assert_eq!(TICKS.load(Ordering::Relaxed), ticks);
        }
        port.unparent();
    }

    fn an_unreferenced_device_ends_when_the_guest_releases_it() {
        let (port, _pause) = (port(), Pause::new());
        let ended = ENDED.load(Ordering::Relaxed);
        assert_eq!(ask(&[ADD])[0].trim(), DONE);
        guest_switches(&port, true);
        assert_eq!(ask(&[DELETE])[0].trim(), DONE);
        guest_switches(&port, false);
        wait_until(|| ENDED.load(Ordering::Relaxed) > ended);
        assert_eq!(ENDED.load(Ordering::Relaxed), ended + 1);
        port.unparent();
    }
}
