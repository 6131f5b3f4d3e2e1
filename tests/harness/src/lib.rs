//! Tests that run inside a real QEMU: see README.md.

#[macro_use]
mod runner;
mod stream;

// What is tested, a file for each subject.
subjects! {
    bql
    callback
    cast
    chardev
    child
    device
    drive
    error
    examples [on_virt on_realview anywhere]
    hotplug
    i2c
    instructions
    interface
    irq
    log
    memory
    object
    owned
    part
    pci
    pl011
    pl011_instructions
    pl011_life
    pl011_migration
    property
    qmp
    runstate
    subclass
    timer
    twins
    vmstate
}

oldstable::plugin!(object::Thing; start runner::start);
