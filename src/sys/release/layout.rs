//! What may differ between releases, as numbers.

/// Where the fields of a `DeviceClass` lie that are not in the same place everywhere, in bytes.
#[derive(Debug)]
pub struct DeviceClassLayout {
    pub size: usize,
    pub user_creatable: usize,
    pub hotpluggable: usize,
    pub realize: usize,
    pub unrealize: usize,
    pub vmsd: usize,
    /// The name of the class of bus that a device of the class goes into, or NULL.
    pub bus_type: usize,
    /// The pointer to the table of properties.
    pub properties: usize,
    /// How many they are, where they are counted: 16 bits.
    pub properties_count: Option<usize>,
}

/// How large the instances of QEMU's types are, and what else only the check at load asks for, in bytes.
#[derive(Debug)]
pub struct Sizes {
    pub device: usize,
    pub sysbus_device: usize,
    pub pci_device: usize,
    pub i2c_slave: usize,
    pub memory_region: usize,
    pub irq: usize,
    pub clock: usize,
    pub pl011: usize,
    pub resettable_class: usize,
    pub vmstate_info: usize,
}

/// Where the fields of a `Property` lie, in bytes.
#[derive(Debug)]
pub struct PropertyLayout {
    pub size: usize,
    pub name: usize,
    pub info: usize,
    pub offset: usize,
    pub bitnr: usize,
    pub set_default: usize,
    pub defval: usize,
    pub link_type: usize,
    pub array_info: usize,
    pub array_offset: usize,
    pub array_field_size: usize,
    /// The size of a `PropertyInfo`.
    pub info_size: usize,
    /// Where a `QEnumLookup` says how many values it has.
    pub enum_count: usize,
    /// Whether the table ends with an entry that has no name, instead of being counted.
    pub closed_by_empty_name: bool,
    /// Whether QEMU frees the elements of an array with the property.
    pub frees_array_elements: bool,
}

/// Where the fields of a `VMStateDescription` lie, in bytes.
#[derive(Debug)]
pub struct VmStateDescriptionLayout {
    pub size: usize,
    pub name: usize,
    pub version_id: usize,
    pub minimum_version_id: usize,
    pub pre_load: usize,
    pub post_load: usize,
    pub pre_save: usize,
    pub needed: usize,
    pub fields: usize,
    pub subsections: usize,
}

/// Where the fields of a `VMStateField` lie, in bytes.
#[derive(Debug)]
pub struct VmStateFieldLayout {
    pub size: usize,
    pub name: usize,
    pub offset: usize,
    /// The field that is called `size`.
    pub size_: usize,
    pub num: usize,
    pub info: usize,
    pub flags: usize,
    pub vmsd: usize,
    pub version_id: usize,
    pub field_exists: usize,
    /// The flags of the entry that ends a table.
    pub end_flags: i32,
}

/// Which bits of a `MemTxAttrs` mean what; a field of several bits begins with the one given.
#[derive(Debug)]
pub struct MemTxAttrsLayout {
    pub unspecified: u8,
    pub secure: u8,
    pub user: u8,
    pub requester_id: u8,
}

/// Where the fields of a `PCIDeviceClass` lie, in bytes; the others follow these in the same order.
#[derive(Debug)]
pub struct PciClassLayout {
    pub size: usize,
    pub realize: usize,
    pub exit: usize,
}

/// Where the fields of a `PCIDevice` lie, in bytes.
#[derive(Debug)]
pub struct PciDeviceLayout {
    pub config: usize,
    pub wmask: usize,
    pub used: usize,
    pub cap_present: usize,
    pub bus_master_as: usize,
}

/// Where the fields of an `I2CSlaveClass` lie, in bytes, and the numbers of the events.
#[derive(Debug)]
pub struct I2cClassLayout {
    pub size: usize,
    pub send: usize,
    pub recv: usize,
    pub event: usize,
    pub finish: i32,
    pub nack: i32,
}

/// A release of QEMU whose ABI is known on this architecture.
#[derive(Debug)]
pub struct Release {
    pub major: u8,
    pub minor: u8,
    /// The stage for `register_module_init` at which a constructor's types are registered; 4 in every release
    /// (MODULE_INIT_TRACE before 11.1, MODULE_INIT_QOM since).
    pub module_init: u32,
    /// What `qemu_plugin_version` must say; none where Debian builds QEMU without plugins.
    pub plugin_version: Option<i32>,
    /// Whether the big lock is `bql_locked`, and not `qemu_mutex_iothread_locked`.
    pub lock_is_called_bql: bool,
    /// Whether bottom halves are made by `qemu_bh_new_full`, and not by `qemu_bh_new`.
    pub bottom_halves_have_names: bool,
    /// The size of an `InterfaceClass`.
    pub interface_class_size: usize,
    pub sizes: Sizes,
    pub device_class: DeviceClassLayout,
    pub sysbus_class_size: usize,
    pub property: PropertyLayout,
    pub vmstate_description: VmStateDescriptionLayout,
    pub vmstate_field: VmStateFieldLayout,
    pub mem_tx_attrs: MemTxAttrsLayout,
    /// Offset of the region that a `MemoryRegion` is in.
    pub memory_region_container: usize,
    /// Offset of the clock that a `Clock` follows.
    pub clock_source: usize,
    pub pci_class: PciClassLayout,
    pub pci_device: PciDeviceLayout,
    pub i2c_class: I2cClassLayout,
    /// Offset of `ResettablePhases` in `ResettableClass`.
    pub resettable_phases: usize,
    /// Offsets of these fields in `DeviceState`.
    pub device_id: usize,
    pub device_hotplugged: usize,
    /// Offset of the character front end in the C device's `PL011State`.
    pub pl011_chr: usize,
}
