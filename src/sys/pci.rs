// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! PCI devices.

use super::{
    object_class_by_name, object_class_dynamic_cast, release, AddressSpace, Error, MemoryRegion, ObjectClass,
    VmStateDescription,
};
use oldstable_compat::ffi::{c_char, c_int, c_uint};

/// `PCIDevice`: 2288 bytes in 5.2, 2608 in 7.2, 2736 in 10.0, 2768 in 11.1.
#[repr(C)]
#[cfg_attr(target_pointer_width = "64", repr(align(16)))]
pub struct PciDevice {
    #[cfg(target_pointer_width = "64")]
    words: [usize; 2768 / 8],
    #[cfg(target_pointer_width = "32")]
    words: [usize; 1676 / 4],
}

/// The name of the class of all PCI devices.
pub const PCI_DEVICE: *const c_char = "pci-device\0".as_ptr() as *const c_char;

/// Returns whether a class is that of a PCI device.
///
/// # Safety
/// `class` is a class.
pub unsafe fn is_pci_class(class: *mut ObjectClass) -> bool {
    // SAFETY: the caller guarantees the class.
    unsafe { !object_class_dynamic_cast(class, PCI_DEVICE).is_null() }
}

/// Returns QEMU's own class of all PCI devices.
///
/// # Safety
/// The running QEMU must have it.
pub unsafe fn pci_device_class() -> *mut ObjectClass {
    // SAFETY: the caller guarantees the running QEMU.
    unsafe { object_class_by_name(PCI_DEVICE) }
}

/// A PCI device's IDs in its configuration space.
pub struct PciIds {
    /// The vendor.
    pub vendor: u16,
    /// The vendor's number for the device.
    pub device: u16,
    /// The revision.
    pub revision: u8,
    /// Base class in the upper byte, subclass in the lower one.
    pub class: u16,
    /// The vendor of the card; 0 for QEMU's default.
    pub subsystem_vendor: u16,
    /// That vendor's number for the card; 0 for QEMU's default.
    pub subsystem: u16,
}

/// Sets the numbers by which a guest recognises the card, in the layout of the running release.
///
/// # Safety
/// `class` is a `PCIDeviceClass` whose class_init runs.
pub unsafe fn pci_class_set_ids(class: *mut ObjectClass, ids: &PciIds) {
    // They follow the first own fields, which are four function pointers.
    let offset = release().pci_class.realize + 4 * std::mem::size_of::<usize>();
    // SAFETY: every release has the six numbers there in such a class.
    unsafe {
        let start = (class as *mut u8).add(offset);
        let numbers = start as *mut u16;
        numbers.write(ids.vendor);
        numbers.add(1).write(ids.device);
        start.add(4).write(ids.revision);
        numbers.add(3).write(ids.class);
        numbers.add(4).write(ids.subsystem_vendor);
        numbers.add(5).write(ids.subsystem);
    }
}

/// Writes `length` bytes of a value to an address of the configuration space.
pub type PciConfigWrite = Option<unsafe extern "C" fn(*mut PciDevice, u32, u32, c_int)>;

/// Returns the place of the class's method `config_write`.
///
/// # Safety
/// `class` is a `PCIDeviceClass`.
pub unsafe fn pci_class_config_write(class: *mut ObjectClass) -> *mut PciConfigWrite {
    // The first own fields are realize, exit, config_read and config_write.
    // SAFETY: the running release has it there in such a class.
    unsafe {
        (class as *mut u8).add(release().pci_class.realize).add(3 * std::mem::size_of::<usize>()) as *mut PciConfigWrite
    }
}

/// The bytes of the configuration space, and a mask of the bits that the guest can write.
#[derive(Clone, Copy)]
pub struct PciConfig {
    /// The bytes that a guest reads.
    pub bytes: *mut u8,
    /// The mask of the bits that a guest can write.
    pub writable: *mut u8,
    /// The size of both in bytes.
    pub size: usize,
}

/// The fields that have the same distance from `config` in all releases.
pub const PCI_BEHIND_CONFIG: PciBehindConfig = PciBehindConfig {
    wmask: 2 * std::mem::size_of::<usize>(),
    used: 4 * std::mem::size_of::<usize>(),
    bus_master_as: if cfg!(target_pointer_width = "64") { 408 } else { 292 },
};

/// Distances from `config` of a `PCIDevice`, in bytes.
pub struct PciBehindConfig {
    /// `wmask`, the pointer to the bits that a guest can write.
    pub wmask: usize,
    /// `used`, the pointer to a map of the bytes that capabilities use.
    pub used: usize,
    /// `bus_master_as`, the address space for the device's DMA.
    pub bus_master_as: usize,
}

/// Returns the address of a device's field, in the running release.
///
/// # Safety
/// `device` is live, and such a field is at the offset.
unsafe fn place<T>(device: *mut PciDevice, offset: usize) -> *mut T {
    // SAFETY: the caller guarantees the device and the offset.
    unsafe { (device as *mut u8).add(offset) as *mut T }
}

/// Returns the configuration space of a device; None while it is on no bus.
///
/// # Safety
/// The device is live, and [`pci_forget_config`] has been called when it has left a bus.
pub unsafe fn pci_config(device: *mut PciDevice) -> Option<PciConfig> {
    const EXPRESS: u32 = 4;
    let layout = &release().pci_device;
    // SAFETY: the running release has the three there in a device.
    let (bytes, capabilities, writable) = unsafe {
        (
            *place::<*mut u8>(device, layout.config),
            *place::<u32>(device, layout.cap_present),
            *place::<*mut u8>(device, layout.config + PCI_BEHIND_CONFIG.wmask),
        )
    };
    if bytes.is_null() {
        return None;
    }
    Some(PciConfig { bytes, writable, size: if capabilities & EXPRESS != 0 { 4096 } else { 256 } })
}

/// Returns the map of the bytes that capabilities use: 0 for a free byte.
///
/// # Safety
/// The device is live and has a configuration space, and no capability is added meanwhile.
pub unsafe fn pci_capability_bytes<'a>(device: *mut PciDevice) -> &'a [u8] {
    const HEADER: usize = 0x40;
    const END: usize = 0x100;
    // SAFETY: the running release has it there in a device, with a byte for each byte of configuration space.
    unsafe {
        let used = *place::<*const u8>(device, release().pci_device.config + PCI_BEHIND_CONFIG.used);
        std::slice::from_raw_parts(used.add(HEADER), END - HEADER)
    }
}

/// Makes [`pci_config`] return None: QEMU has freed the space, but left the pointer.
///
/// # Safety
/// The device is live and on no bus.
pub unsafe fn pci_forget_config(device: *mut PciDevice) {
    // SAFETY: the running release has it there in a device.
    unsafe { *place::<*mut u8>(device, release().pci_device.config) = std::ptr::null_mut() };
}

/// Returns the address space for the device's DMA.
///
/// # Safety
/// The device is live.
pub unsafe fn pci_bus_master(device: *mut PciDevice) -> *mut AddressSpace {
    // SAFETY: the running release has it there in a device.
    unsafe { place(device, release().pci_device.config + PCI_BEHIND_CONFIG.bus_master_as) }
}

imports! {
    in ALL {
        fn pci_register_bar(device: *mut PciDevice, number: c_int, kind: u8, region: *mut MemoryRegion);
        fn pci_set_irq(device: *mut PciDevice, level: c_int);
        fn pci_add_capability(
            device: *mut PciDevice, id: u8, offset: u8, size: u8, errp: *mut *mut Error
        ) -> c_int;
        fn pci_default_write_config(device: *mut PciDevice, address: u32, value: u32, size: c_int);
        fn pcie_endpoint_cap_init(device: *mut PciDevice, offset: u8) -> c_int;
        fn msi_init(
            device: *mut PciDevice, offset: u8, vectors: c_uint, is_64_bits: bool, has_masks: bool,
            errp: *mut *mut Error
        ) -> c_int;
        fn msi_uninit(device: *mut PciDevice);
        fn msi_enabled(device: *const PciDevice) -> bool;
        fn msi_nr_vectors_allocated(device: *const PciDevice) -> c_uint;
        fn msi_notify(device: *mut PciDevice, vector: c_uint);
        fn msix_init_exclusive_bar(device: *mut PciDevice, vectors: c_uint, number: u8, errp: *mut *mut Error) -> c_int;
        fn msix_uninit_exclusive_bar(device: *mut PciDevice);
        fn msix_enabled(device: *mut PciDevice) -> c_int;
        fn msix_nr_vectors_allocated(device: *const PciDevice) -> c_uint;
        fn msix_vector_use(device: *mut PciDevice, vector: c_uint);
        fn msix_notify(device: *mut PciDevice, vector: c_uint);
        static vmstate_pci_device: VmStateDescription;
        static vmstate_msix: VmStateDescription;
    }
}
