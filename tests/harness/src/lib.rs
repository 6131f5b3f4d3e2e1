// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Tests that run inside a real QEMU: see README.md.

mod bql;
mod buses;
mod callback;
mod cast;
mod chardev;
mod child;
mod device;
mod drive;
mod error;
mod examples;
mod functions;
mod hotplug;
mod i2c;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod instructions;
mod interface;
mod irq;
mod load;
mod log;
mod memory;
mod msix;
mod numbers;
mod object;
mod owned;
mod part;
mod pci;
mod pl011;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod pl011_instructions;
mod pl011_life;
mod pl011_migration;
mod property;
mod qmp;
mod runstate;
mod spi;
mod subclass;
mod surroundings;
mod timer;
mod twins;
mod uarts;
mod unplugged;
mod value;
mod vmstate;

// Other processors do not let a program single-step itself.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
mod instructions {
    oldstable::tests! {}
}
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
mod pl011_instructions {
    oldstable::tests! {}
}

oldstable::plugin!(object::Thing);

oldstable::run_tests! {
    crate;
    bql,
    buses,
    buses::on_virt,
    buses::ssi,
    callback,
    cast,
    chardev,
    child,
    device,
    drive,
    error,
    examples::on_virt,
    examples::on_realview,
    examples::anywhere,
    functions,
    functions::by_qmp,
    hotplug,
    i2c,
    instructions,
    interface,
    irq,
    load,
    log,
    memory,
    msix,
    object,
    owned,
    part,
    pci,
    pl011,
    pl011_instructions,
    pl011_life,
    pl011_migration,
    property,
    qmp,
    runstate,
    spi,
    subclass,
    surroundings,
    timer,
    twins,
    twins::on_realview,
    uarts,
    unplugged,
    unplugged::on_virt,
    vmstate,
}
