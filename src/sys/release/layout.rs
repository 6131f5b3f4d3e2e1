// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The layouts that may differ between releases, as numbers.

/// The offsets of those fields of a `DeviceClass` that differ between releases, in bytes.
#[derive(Debug)]
pub struct DeviceClassLayout {
    /// The size of the class.
    pub size: usize,
    /// `user_creatable`, a bool.
    pub user_creatable: usize,
    /// `hotpluggable`, a bool.
    pub hotpluggable: usize,
    /// `realize`, a function.
    pub realize: usize,
    /// `unrealize`, a function.
    pub unrealize: usize,
    /// `vmsd`, the pointer to the migration section.
    pub vmsd: usize,
    /// The name of the class of bus that a device of the class plugs into, or NULL.
    pub bus_type: usize,
    /// The pointer to the table of properties.
    pub properties: usize,
    /// The 16-bit number of properties, in releases that count them.
    pub properties_count: Option<usize>,
}

/// The sizes of the instances of QEMU's types, and other sizes that only the check at load uses, in bytes.
#[derive(Debug)]
pub struct Sizes {
    /// `DeviceState`.
    pub device: usize,
    /// `SysBusDevice`.
    pub sysbus_device: usize,
    /// `PCIDevice`.
    pub pci_device: usize,
    /// `I2CSlave`.
    pub i2c_slave: usize,
    /// `MemoryRegion`.
    pub memory_region: usize,
    /// `IRQState`.
    pub irq: usize,
    /// `Clock`.
    pub clock: usize,
    /// `PL011State`, of the C device.
    pub pl011: usize,
    /// `ResettableClass`, a class and not an instance.
    pub resettable_class: usize,
    /// `VMStateInfo`.
    pub vmstate_info: usize,
}

/// The offsets of the fields of a `Property`, in bytes.
#[derive(Debug)]
pub struct PropertyLayout {
    /// The size of the property.
    pub size: usize,
    /// `name`, a string.
    pub name: usize,
    /// `info`, the pointer to the kind.
    pub info: usize,
    /// `offset` of the field in the device.
    pub offset: usize,
    /// `bitnr`, 8 bits.
    pub bitnr: usize,
    /// `set_default`, a bool.
    pub set_default: usize,
    /// `defval`, the default in 64 bits.
    pub defval: usize,
    /// `link_type`, a string.
    pub link_type: usize,
    /// `arrayinfo`, the pointer to the kind of the elements.
    pub array_info: usize,
    /// `arrayoffset`, the offset of the pointer to the elements in the device.
    pub array_offset: usize,
    /// `arrayfieldsize`, the size of an element.
    pub array_field_size: usize,
    /// The size of a `PropertyInfo`.
    pub info_size: usize,
    /// The offset of the number of values in a `QEnumLookup`.
    pub enum_count: usize,
}

/// The offsets of the fields of a `VMStateDescription`, in bytes.
#[derive(Debug)]
pub struct VmStateDescriptionLayout {
    /// The size of the description.
    pub size: usize,
    /// `name`, a string.
    pub name: usize,
    /// `version_id`, an int.
    pub version_id: usize,
    /// `minimum_version_id`, an int.
    pub minimum_version_id: usize,
    /// `pre_load`, a function.
    pub pre_load: usize,
    /// `post_load`, a function.
    pub post_load: usize,
    /// `pre_save`, a function.
    pub pre_save: usize,
    /// `needed`, a function.
    pub needed: usize,
    /// `fields`, the pointer to the table of fields.
    pub fields: usize,
    /// `subsections`, the pointer to their array, which ends with NULL.
    pub subsections: usize,
}

/// The offsets of the fields of a `VMStateField`, in bytes.
#[derive(Debug)]
pub struct VmStateFieldLayout {
    /// The size of an entry of the table.
    pub size: usize,
    /// `name`, a string.
    pub name: usize,
    /// `offset` of the value in the struct.
    pub offset: usize,
    /// The field `size`.
    pub size_: usize,
    /// `num`, the number of values.
    pub num: usize,
    /// `info`, the pointer to the functions that save and load a value.
    pub info: usize,
    /// `flags`, an enum.
    pub flags: usize,
    /// `vmsd`, the pointer to the description of a struct.
    pub vmsd: usize,
    /// `version_id`, an int.
    pub version_id: usize,
    /// `field_exists`, a function.
    pub field_exists: usize,
    /// The flags of the entry that ends a table.
    pub end_flags: i32,
}

/// The numbers of the bits of a `MemTxAttrs`; for a field of several bits, the lowest.
#[derive(Debug)]
pub struct MemTxAttrsLayout {
    /// The size of the struct in bytes.
    pub size: u8,
    /// `unspecified`, one bit.
    pub unspecified: u8,
    /// `secure`, one bit.
    pub secure: u8,
    /// `user`, one bit.
    pub user: u8,
    /// `requester_id`, 16 bits.
    pub requester_id: u8,
}

/// The offsets of the fields of a `PCIDeviceClass`, in bytes; the others follow these in the same order.
#[derive(Debug)]
pub struct PciClassLayout {
    /// The size of the class.
    pub size: usize,
    /// `realize`, a function.
    pub realize: usize,
    /// `exit`, a function.
    pub exit: usize,
}

/// The offsets of the fields of a `PCIDevice`, in bytes; `src/sys/pci.rs` has the distances of others from the first.
#[derive(Debug)]
pub struct PciDeviceLayout {
    /// `config`, the pointer to the bytes of the configuration space.
    pub config: usize,
    /// `cap_present`, 32 flags.
    pub cap_present: usize,
}

/// The offsets of the fields of an `I2CSlaveClass`, in bytes.
#[derive(Debug)]
pub struct I2cClassLayout {
    /// The size of the class.
    pub size: usize,
    /// `send`, a function.
    pub send: usize,
    /// `recv`, a function.
    pub recv: usize,
    /// `event`, a function.
    pub event: usize,
}

/// A release of QEMU whose ABI is known on this architecture.
#[derive(Debug)]
pub struct Release {
    /// The first number of the version.
    pub major: u8,
    /// The second number; any third one is the same release.
    pub minor: u8,
    /// The stage for `register_module_init` at which a constructor's types are registered; 4 in every release
    /// (MODULE_INIT_TRACE before 11.1, MODULE_INIT_QOM since).
    pub module_init: u32,
    /// The required value of `qemu_plugin_version`; None if Debian builds QEMU without plugins.
    pub plugin_version: Option<i32>,
    /// Whether the big lock is `bql_locked`, and not `qemu_mutex_iothread_locked`.
    pub lock_is_called_bql: bool,
    /// Whether bottom halves are made by `qemu_bh_new_full`, and not by `qemu_bh_new`.
    pub bottom_halves_have_names: bool,
    /// Whether a reset's kind is passed to its later phases too: there are other kinds than that of power-on.
    pub reset_has_kinds: bool,
    /// The size of an `InterfaceClass`.
    pub interface_class_size: usize,
    /// The sizes of instances.
    pub sizes: Sizes,
    /// `DeviceClass`.
    pub device_class: DeviceClassLayout,
    /// The size of a `SysBusDeviceClass`.
    pub sysbus_class_size: usize,
    /// `Property`.
    pub property: PropertyLayout,
    /// `VMStateDescription`.
    pub vmstate_description: VmStateDescriptionLayout,
    /// `VMStateField`.
    pub vmstate_field: VmStateFieldLayout,
    /// `MemTxAttrs`.
    pub mem_tx_attrs: MemTxAttrsLayout,
    /// Offset of the container in a `MemoryRegion`.
    pub memory_region_container: usize,
    /// Offset of the source in a `Clock`.
    pub clock_source: usize,
    /// `PCIDeviceClass`.
    pub pci_class: PciClassLayout,
    /// `PCIDevice`.
    pub pci_device: PciDeviceLayout,
    /// `I2CSlaveClass`.
    pub i2c_class: I2cClassLayout,
    /// Offset of `ResettablePhases` in `ResettableClass`.
    pub resettable_phases: usize,
    /// Offset of `hotplugged` in `DeviceState`.
    pub device_hotplugged: usize,
    /// Offset of the character front end in the C device's `PL011State`.
    pub pl011_chr: usize,
}
