// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later

use oldstable::bql::BqlCell;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

oldstable::qdev_define_conf! {
    pub struct CounterConf {
        "step" => step: u32 = 1,
    }
}

oldstable::qom_define_type! {
    /// Counts the reads of its one register.
    pub struct Counter("counter"): SysBusDevice, DeviceState, Object {
        conf: CounterConf,
        registers: MemoryRegion,
        count: BqlCell<u32>,
    }
}

impl ObjectImpl for Counter {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|counter| {
        counter.registers.init_io(counter, "counter", 4);
        counter.init_mmio(&counter.registers);
    });
}

impl DeviceImpl for Counter {
    const COLD_RESET: Option<fn(&Self)> = Some(|counter| counter.count.set(0));
}

impl SysBusDeviceImpl for Counter {}

impl MemoryRegionOps for Counter {
    const READ: fn(&Self, u64, u32) -> u64 = |counter, _offset, _size| {
        let count = counter.count.get().wrapping_add(counter.conf.step.get());
        counter.count.set(count);
        count.into()
    };
    const WRITE: fn(&Self, u64, u64, u32) = |_, _, _, _| ();
}

oldstable::plugin!(Counter);
