// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Checks that the running QEMU matches its version: everything that it can report is compared with the table.
//!
//! Of QEMU's memory only objects made for the check are written, and no address is dereferenced before the kernel has
//! confirmed that it can be read. Things that a QEMU does not have (a machine's chip, the PCI bus) are not checked.

mod classes;
mod instances;
mod memory;
mod tables;

use self::memory::Memory;
use super::imports::lookup;
use super::release::Release;
use super::{object_class_by_name, qdev_prop_bool, vmstate_clock, vmstate_info_bool, TypeImpl};
use oldstable_compat::ffi::{c_char, c_int, c_void};
use std::fmt;
use std::mem::{align_of, size_of};

/// A difference from the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    what: &'static str,
    /// The type, if `what` does not name it.
    of: &'static str,
    /// The number found, and the one expected; None if something expected is missing.
    numbers: Option<(usize, usize)>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} is ", self.what, self.of)?;
        match self.numbers {
            Some((found, expected)) => write!(f, "{:#x} and not {:#x}", found, expected),
            None => f.write_str("not where it should be"),
        }
    }
}

const WORD: usize = size_of::<usize>();

/// A check of a class.
type Check = fn(&Release, &Memory, class: usize);

/// Compares the running QEMU with the table of its release.
///
/// Each page that is read takes two system calls, and the whole check takes less than a millisecond. QEMU's own types
/// must have been registered.
pub(super) fn check(release: &Release) -> Result<(), Difference> {
    let memory = match Memory::new() {
        Some(memory) => memory,
        // Without a free file descriptor QEMU does not start either.
        None => return Ok(()),
    };
    sizes_of_variables(release, &memory);
    types(release, &memory);
    tables::property_kinds(release, &memory);
    // The sources show what these are in all releases, and which machines' QEMUs have them.
    let known: &[(&'static str, Check)] = &[
        ("device\0", classes::device),
        ("sys-bus-device\0", classes::sysbus_device),
        ("pl011\0", classes::pl011),
        ("pl011\0", tables::pl011_properties),
        ("pl011\0", tables::pl011_section),
        ("pl080\0", tables::link),
        ("realview_sysctl\0", tables::array),
        ("pci-device\0", classes::pci_device),
        ("pci-device\0", tables::pci),
        ("pci-testdev\0", classes::pci),
        ("i2c-slave\0", classes::i2c_slave),
        ("tmp105\0", classes::i2c),
        ("m25p05\0", classes::ssi),
        ("cadence_uart\0", tables::hooks),
        ("arm_gic_common\0", tables::interrupt_controller),
        ("clock\0", instances::clocks),
        ("memory-region\0", instances::region),
        // Its name in 5.2.
        ("qemu:memory-region\0", instances::region),
        ("pl011\0", instances::device),
    ];
    for (name, check) in known {
        match class(name) {
            // Make objects only if the QEMU has been as expected so far.
            Some(class) if memory.difference().is_none() => check(release, &memory, class),
            _ => {}
        }
    }
    memory.difference().map_or(Ok(()), Err)
}

/// Returns the class of a type, if it is registered. `name` ends with a NUL.
fn class(name: &'static str) -> Option<usize> {
    debug_assert!(name.ends_with('\0'));
    // SAFETY: the name is NUL-terminated, and the function has had this signature in all releases.
    let class = unsafe { object_class_by_name(name.as_ptr() as *const c_char) };
    if class.is_null() {
        None
    } else {
        Some(class as usize)
    }
}

/// Returns the size of a variable that QEMU exports, from its symbol table.
fn size_of_variable<T>(address: *mut T) -> Option<usize> {
    #[cfg(target_pointer_width = "64")]
    #[repr(C)]
    struct Symbol {
        name: u32,
        info: [u8; 4],
        value: usize,
        size: usize,
    }
    #[cfg(target_pointer_width = "32")]
    #[repr(C)]
    struct Symbol {
        name: u32,
        value: usize,
        size: usize,
    }
    /// RTLD_DL_SYMENT
    const SYMBOL: c_int = 1;
    type Dladdr1 = unsafe extern "C" fn(*const c_void, *mut [usize; 4], *mut *const Symbol, c_int) -> c_int;
    let function = lookup("dladdr1\0");
    if function.is_null() || address.is_null() {
        return None;
    }
    let mut info = [0; 4];
    let mut symbol: *const Symbol = std::ptr::null();
    // SAFETY: glibc's function has this signature. It fills in a Dl_info, which is four words, and the address of
    // an entry of the symbol table, which is mapped.
    unsafe {
        let dladdr1 = std::mem::transmute::<*mut c_void, Dladdr1>(function);
        if dladdr1(address as *const c_void, &mut info, &mut symbol, SYMBOL) == 0 {
            return None;
        }
        symbol.as_ref().map(|symbol| symbol.size)
    }
}

fn sizes_of_variables(release: &Release, memory: &Memory) {
    let kind = size_of_variable(qdev_prop_bool());
    let info = size_of_variable(vmstate_info_bool());
    let section = size_of_variable(vmstate_clock());
    for (what, expected, found) in &[
        ("the size of a PropertyInfo", release.property.info_size, kind),
        ("the size of a VMStateInfo", release.sizes.vmstate_info, info),
        ("the size of a VMStateDescription", release.vmstate_description.size, section),
    ] {
        memory.is(what, *expected, found.unwrap_or(*expected));
    }
}

/// A type whose instance or class we embed: its name, the sizes of both, and the alignment of ours.
type Embedded = (&'static str, usize, usize, usize);

fn embedded(release: &Release) -> [Embedded; 13] {
    let sizes = &release.sizes;
    let object = size_of::<super::ObjectClass>();
    let word = align_of::<usize>();
    // QEMU gives its abstract type the size of a device's instance, which says nothing.
    let ssi = release.device_class.size + size_of::<super::SsiMethods>();
    // For types that are not embedded, 0 stands for any value.
    [
        ("device\0", sizes.device, release.device_class.size, align_of::<super::DeviceState>()),
        ("sys-bus-device\0", sizes.sysbus_device, release.sysbus_class_size, align_of::<super::SysBusDevice>()),
        ("pci-device\0", sizes.pci_device, release.pci_class.size, align_of::<super::PciDevice>()),
        ("i2c-slave\0", sizes.i2c_slave, release.i2c_class.size, align_of::<super::I2cSlave>()),
        ("ssi-peripheral\0", 0, ssi, word),
        // Its name in 5.2.
        ("ssi-slave\0", 0, ssi, word),
        ("memory-region\0", sizes.memory_region, 0, align_of::<super::MemoryRegion>()),
        // Its name in 5.2.
        ("qemu:memory-region\0", sizes.memory_region, 0, align_of::<super::MemoryRegion>()),
        ("irq\0", sizes.irq, object, word),
        ("clock\0", sizes.clock, object, word),
        ("pl011\0", sizes.pl011, release.sysbus_class_size, word),
        ("interface\0", 0, release.interface_class_size, word),
        ("resettable\0", 0, sizes.resettable_class, word),
    ]
}

fn types(release: &Release, memory: &Memory) {
    // Without it QEMU has not started far enough for the check.
    memory.is_there("the type device", class("device\0").is_some());
    for (name, instance_size, class_size, align) in &embedded(release) {
        // QEMU makes a class when it is asked for, and ends the process if it is smaller than its parent's: parents come
        // first.
        if memory.difference().is_some() {
            return;
        }
        let class = match class(name) {
            Some(class) => class,
            None => continue,
        };
        let type_ = memory.pointer(class);
        let what = name.trim_end_matches('\0');
        memory.text("the name of a type", type_, what);
        let place = type_ + offset_of_instance_size();
        if *instance_size != 0 {
            let found = memory.word(place);
            memory.is_of("the size of the type ", what, *instance_size, found);
            let aligned = memory.word(place + WORD) <= *align;
            memory.is_of("the alignment of the type ", what, *align, if aligned { *align } else { 0 });
        }
        if *class_size != 0 {
            memory.is_of("the size of the class ", what, *class_size, memory.word(type_ + WORD));
        }
    }
    // The offset of a part is the size of the parts before it.
    memory.is(
        "the offset of ResettableClass.phases",
        release.resettable_phases,
        class("interface\0").map_or(release.resettable_phases, |class| memory.word(memory.pointer(class) + WORD)),
    )
}

fn offset_of_instance_size() -> usize {
    oldstable_compat::mem::offset_of!(TypeImpl, instance_size)
}
