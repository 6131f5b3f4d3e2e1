//! The releases of QEMU that are known, and what differs between them as numbers.

use super::{lock, startup, IMPORTS};
use std::fmt;
use std::sync::atomic::{AtomicPtr, Ordering};

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
    /// The number of MODULE_INIT_QOM's successor in time at which types may be registered from a
    /// constructor: the one number that works is 4 (QOM is 3 and TRACE 4 before 11.1, QOM 4 since).
    pub module_init: u32,
    /// What `qemu_plugin_version` must say; none where Debian builds QEMU without plugins.
    pub plugin_version: Option<i32>,
    /// Whether the big lock is `bql_locked`, and not `qemu_mutex_iothread_locked`.
    pub lock_is_called_bql: bool,
    /// Whether bottom halves are made by `qemu_bh_new_full`, and not by `qemu_bh_new`.
    pub bottom_halves_have_names: bool,
    /// The size of an `InterfaceClass`.
    pub interface_class_size: usize,
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

#[cfg(target_pointer_width = "64")]
const DEVICE_CLASS_UP_TO_7_2: DeviceClassLayout = DeviceClassLayout {
    size: 176,
    user_creatable: 128,
    hotpluggable: 129,
    realize: 144,
    unrealize: 152,
    vmsd: 160,
    bus_type: 168,
};

#[cfg(target_pointer_width = "64")]
const DEVICE_CLASS_SINCE_10_0: DeviceClassLayout = DeviceClassLayout {
    size: 184,
    user_creatable: 130,
    hotpluggable: 131,
    realize: 144,
    unrealize: 152,
    vmsd: 168,
    bus_type: 176,
};

#[cfg(target_pointer_width = "64")]
const PROPERTY_SINCE_10_0: PropertyLayout = PropertyLayout {
    size: 72,
    name: 0,
    info: 8,
    offset: 16,
    bitnr: 64,
    set_default: 65,
    defval: 40,
    link_type: 24,
    array_info: 48,
    array_offset: 56,
    array_field_size: 60,
    info_size: 80,
    enum_count: 16,
    closed_by_empty_name: false,
    frees_array_elements: true,
};

const MEM_TX_ATTRS_5_2: MemTxAttrsLayout = MemTxAttrsLayout {
    unspecified: 0,
    secure: 1,
    user: 2,
    requester_id: 3,
};

#[cfg(target_pointer_width = "64")]
const MEM_TX_ATTRS_7_2: MemTxAttrsLayout = MemTxAttrsLayout {
    unspecified: 0,
    secure: 1,
    user: 2,
    requester_id: 4,
};

#[cfg(target_pointer_width = "64")]
const MEM_TX_ATTRS_SINCE_10_0: MemTxAttrsLayout = MemTxAttrsLayout {
    unspecified: 32,
    secure: 0,
    user: 3,
    requester_id: 6,
};

#[cfg(target_pointer_width = "64")]
const VMSTATE_DESCRIPTION_5_2: VmStateDescriptionLayout = VmStateDescriptionLayout {
    size: 104,
    name: 0,
    version_id: 12,
    minimum_version_id: 16,
    pre_load: 40,
    post_load: 48,
    pre_save: 56,
    needed: 72,
    fields: 88,
    subsections: 96,
};

#[cfg(target_pointer_width = "64")]
const VMSTATE_DESCRIPTION_7_2_AND_10_0: VmStateDescriptionLayout = VmStateDescriptionLayout {
    size: 88,
    name: 0,
    version_id: 12,
    minimum_version_id: 16,
    pre_load: 24,
    post_load: 32,
    pre_save: 40,
    needed: 56,
    fields: 72,
    subsections: 80,
};

#[cfg(target_pointer_width = "64")]
const VMSTATE_DESCRIPTION_11_1: VmStateDescriptionLayout = VmStateDescriptionLayout {
    size: 112,
    name: 0,
    version_id: 12,
    minimum_version_id: 16,
    pre_load: 24,
    post_load: 40,
    pre_save: 56,
    needed: 80,
    fields: 96,
    subsections: 104,
};

#[cfg(target_pointer_width = "64")]
const VMSTATE_FIELD_UP_TO_7_2: VmStateFieldLayout = VmStateFieldLayout {
    size: 104,
    name: 0,
    offset: 16,
    size_: 24,
    num: 40,
    info: 64,
    flags: 72,
    vmsd: 80,
    version_id: 88,
    field_exists: 96,
    end_flags: 0,
};

#[cfg(target_pointer_width = "64")]
const VMSTATE_FIELD_10_0: VmStateFieldLayout = VmStateFieldLayout {
    end_flags: 0x1_0000,
    ..VMSTATE_FIELD_UP_TO_7_2
};

#[cfg(target_pointer_width = "64")]
const VMSTATE_FIELD_11_1: VmStateFieldLayout = VmStateFieldLayout {
    size: 96,
    name: 0,
    offset: 8,
    size_: 16,
    num: 48,
    info: 56,
    flags: 64,
    vmsd: 72,
    version_id: 80,
    field_exists: 88,
    end_flags: 0x2_0000,
};

/// The known releases, oldest first; the bits of `Exporters` count along this list.
#[cfg(target_pointer_width = "64")]
pub static RELEASES: [Release; 4] = [
    Release {
        major: 5,
        minor: 2,
        module_init: 4,
        plugin_version: None,
        lock_is_called_bql: false,
        bottom_halves_have_names: false,
        interface_class_size: 112,
        device_class: DEVICE_CLASS_UP_TO_7_2,
        sysbus_class_size: 192,
        property: PropertyLayout {
            size: 72,
            name: 0,
            info: 8,
            offset: 16,
            bitnr: 24,
            set_default: 25,
            defval: 32,
            link_type: 64,
            array_info: 48,
            array_offset: 40,
            array_field_size: 56,
            info_size: 72,
            enum_count: 8,
            closed_by_empty_name: true,
            frees_array_elements: false,
        },
        vmstate_description: VMSTATE_DESCRIPTION_5_2,
        vmstate_field: VMSTATE_FIELD_UP_TO_7_2,
        mem_tx_attrs: MEM_TX_ATTRS_5_2,
        memory_region_container: 88,
        clock_source: 72,
        pci_class: PciClassLayout {
            size: 232,
            realize: 176,
            exit: 184,
        },
        pci_device: PciDeviceLayout {
            config: 144,
            wmask: 160,
            used: 176,
            cap_present: 1164,
            bus_master_as: 552,
        },
        i2c_class: I2cClassLayout {
            size: 200,
            send: 176,
            recv: 184,
            event: 192,
            finish: 2,
            nack: 3,
        },
        resettable_phases: 112,
        device_id: 40,
        device_hotplugged: 72,
        pl011_chr: 1168,
    },
    Release {
        major: 7,
        minor: 2,
        module_init: 4,
        plugin_version: Some(1),
        lock_is_called_bql: false,
        bottom_halves_have_names: true,
        interface_class_size: 112,
        device_class: DEVICE_CLASS_UP_TO_7_2,
        sysbus_class_size: 192,
        property: PropertyLayout {
            size: 88,
            name: 0,
            info: 8,
            offset: 16,
            bitnr: 24,
            set_default: 40,
            defval: 48,
            link_type: 80,
            array_info: 64,
            array_offset: 56,
            array_field_size: 72,
            info_size: 80,
            enum_count: 16,
            closed_by_empty_name: true,
            frees_array_elements: false,
        },
        vmstate_description: VMSTATE_DESCRIPTION_7_2_AND_10_0,
        vmstate_field: VMSTATE_FIELD_UP_TO_7_2,
        mem_tx_attrs: MEM_TX_ATTRS_7_2,
        memory_region_container: 96,
        clock_source: 88,
        pci_class: PciClassLayout {
            size: 232,
            realize: 176,
            exit: 184,
        },
        pci_device: PciDeviceLayout {
            config: 168,
            wmask: 184,
            used: 200,
            cap_present: 1260,
            bus_master_as: 576,
        },
        i2c_class: I2cClassLayout {
            size: 216,
            send: 176,
            recv: 192,
            event: 200,
            finish: 3,
            nack: 4,
        },
        resettable_phases: 112,
        device_id: 40,
        device_hotplugged: 80,
        pl011_chr: 1216,
    },
    Release {
        major: 10,
        minor: 0,
        module_init: 4,
        plugin_version: Some(4),
        lock_is_called_bql: true,
        bottom_halves_have_names: true,
        interface_class_size: 104,
        device_class: DEVICE_CLASS_SINCE_10_0,
        sysbus_class_size: 200,
        property: PROPERTY_SINCE_10_0,
        vmstate_description: VMSTATE_DESCRIPTION_7_2_AND_10_0,
        vmstate_field: VMSTATE_FIELD_10_0,
        mem_tx_attrs: MEM_TX_ATTRS_SINCE_10_0,
        memory_region_container: 96,
        clock_source: 88,
        pci_class: PciClassLayout {
            size: 240,
            realize: 184,
            exit: 192,
        },
        pci_device: PciDeviceLayout {
            config: 160,
            wmask: 176,
            used: 192,
            cap_present: 1324,
            bus_master_as: 568,
        },
        i2c_class: I2cClassLayout {
            size: 224,
            send: 184,
            recv: 200,
            event: 208,
            finish: 3,
            nack: 4,
        },
        resettable_phases: 104,
        device_id: 40,
        device_hotplugged: 72,
        pl011_chr: 1208,
    },
    Release {
        major: 11,
        minor: 1,
        module_init: 4,
        plugin_version: Some(7),
        lock_is_called_bql: true,
        bottom_halves_have_names: true,
        interface_class_size: 104,
        device_class: DEVICE_CLASS_SINCE_10_0,
        sysbus_class_size: 192,
        property: PROPERTY_SINCE_10_0,
        vmstate_description: VMSTATE_DESCRIPTION_11_1,
        vmstate_field: VMSTATE_FIELD_11_1,
        mem_tx_attrs: MEM_TX_ATTRS_SINCE_10_0,
        memory_region_container: 96,
        clock_source: 88,
        pci_class: PciClassLayout {
            size: 248,
            realize: 184,
            exit: 192,
        },
        pci_device: PciDeviceLayout {
            config: 168,
            wmask: 184,
            used: 200,
            cap_present: 1340,
            bus_master_as: 576,
        },
        i2c_class: I2cClassLayout {
            size: 224,
            send: 184,
            recv: 200,
            event: 208,
            finish: 3,
            nack: 4,
        },
        resettable_phases: 104,
        device_id: 40,
        device_hotplugged: 72,
        pl011_chr: 1208,
    },
];

/// The known releases, oldest first; the bits of `Exporters` count along this list.
#[cfg(target_pointer_width = "32")]
pub static RELEASES: [Release; 1] = [Release {
    major: 5,
    minor: 2,
    module_init: 4,
    plugin_version: None,
    lock_is_called_bql: false,
    bottom_halves_have_names: false,
    interface_class_size: 56,
    device_class: DeviceClassLayout {
        size: 88,
        user_creatable: 64,
        hotpluggable: 65,
        realize: 72,
        unrealize: 76,
        vmsd: 80,
        bus_type: 84,
    },
    sysbus_class_size: 96,
    property: PropertyLayout {
        size: 40,
        name: 0,
        info: 4,
        offset: 8,
        bitnr: 12,
        set_default: 13,
        defval: 16,
        link_type: 36,
        array_info: 28,
        array_offset: 24,
        array_field_size: 32,
        info_size: 36,
        enum_count: 4,
        closed_by_empty_name: true,
        frees_array_elements: false,
    },
    vmstate_description: VmStateDescriptionLayout {
        size: 60,
        name: 0,
        version_id: 8,
        minimum_version_id: 12,
        pre_load: 28,
        post_load: 32,
        pre_save: 36,
        needed: 44,
        fields: 52,
        subsections: 56,
    },
    vmstate_field: VmStateFieldLayout {
        size: 56,
        name: 0,
        offset: 8,
        size_: 12,
        num: 20,
        info: 32,
        flags: 36,
        vmsd: 40,
        version_id: 44,
        field_exists: 52,
        end_flags: 0,
    },
    mem_tx_attrs: MEM_TX_ATTRS_5_2,
    memory_region_container: 48,
    clock_source: 40,
    pci_class: PciClassLayout {
        size: 124,
        realize: 88,
        exit: 92,
    },
    pci_device: PciDeviceLayout {
        config: 84,
        wmask: 92,
        used: 100,
        cap_present: 740,
        bus_master_as: 376,
    },
    i2c_class: I2cClassLayout {
        size: 100,
        send: 88,
        recv: 92,
        event: 96,
        finish: 2,
        nack: 3,
    },
    resettable_phases: 56,
    device_id: 20,
    device_hotplugged: 36,
    pl011_chr: 872,
}];

static RUNNING: AtomicPtr<Release> = AtomicPtr::new(std::ptr::null_mut());

#[inline]
fn running() -> Option<&'static Release> {
    // SAFETY: the pointer is NULL or one of RELEASES.
    unsafe { RUNNING.load(Ordering::Relaxed).as_ref() }
}

/// The table of the running QEMU.
///
/// # Panics
/// Before [`load`] has succeeded: nothing that needs a release can be reached before it.
#[inline]
pub fn release() -> &'static Release {
    running().expect("a QEMU whose ABI is known has been loaded into")
}

/// Why the object does not go into this process.
#[derive(Clone, Copy, Debug)]
pub enum LoadError {
    /// The process is no QEMU system emulator.
    NotQemu,
    /// A release whose ABI is not known.
    UnknownRelease { major: i64, minor: i64 },
    /// A release that is known but lacks a symbol that it should have: another build of it.
    MissingSymbol {
        release: &'static Release,
        name: &'static str,
    },
}

/// Lists what is known, for messages: "5.2, 7.2, 10.0, 11.1".
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, known) in RELEASES.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            write!(f, "{}{}.{}", comma, known.major, known.minor)?;
        }
        Ok(())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotQemu => write!(f, "this process is no QEMU system emulator"),
            LoadError::UnknownRelease { major, minor } => write!(
                f,
                "QEMU {}.{} on {} bits is not known, only {}: use one of these, or a newer oldstable",
                major,
                minor,
                8 * std::mem::size_of::<usize>(),
                Known
            ),
            LoadError::MissingSymbol { release, name } => write!(
                f,
                "this build of QEMU {}.{} has no {}: use the distribution's qemu-system package",
                release.major,
                release.minor,
                name.trim_end_matches('\0')
            ),
        }
    }
}

/// Finds out which QEMU this process is and looks up all that it must have.
///
/// Nothing of QEMU is written or called but `qmp_query_version`, which only reads. Whoever asks again once
/// it has succeeded gets the same answer; two threads that ask at once find the same.
pub fn load() -> Result<&'static Release, LoadError> {
    running().map_or_else(look_up, Ok)
}

fn look_up() -> Result<&'static Release, LoadError> {
    let (major, minor) = startup::version().ok_or(LoadError::NotQemu)?;
    let (index, release) = RELEASES
        .iter()
        .enumerate()
        .find(|(_, r)| i64::from(r.major) == major && i64::from(r.minor) == minor)
        .ok_or(LoadError::UnknownRelease { major, minor })?;
    let missing = IMPORTS
        .iter()
        .flat_map(|table| table.iter())
        .filter(|import| import.exporters & (1 << index) != 0)
        .find(|import| !import.resolve());
    if let Some(import) = missing {
        return Err(LoadError::MissingSymbol {
            release,
            name: import.name,
        });
    }
    lock::load(release);
    RUNNING.store(release as *const Release as *mut Release, Ordering::Relaxed);
    Ok(release)
}
