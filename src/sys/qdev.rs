// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices, their class and their properties.

use super::{
    g_malloc, is_pci_class, is_ssi_class, object_class_dynamic_cast, object_class_property_set_description, release,
    ssi_methods, Error, Object, ObjectClass, Release, VmStateDescription,
};
use oldstable_compat::ffi::{c_char, c_int, c_void, CStr};
use oldstable_compat::mem::offset_of;

storage! {
    /// `DeviceState`: 136 bytes in 5.2, 160 in 7.2, 152 since 10.0.
    DeviceState, 160, 92
}

/// The front of a bus, as far as it is used here: the same in all releases.
#[repr(C)]
pub struct BusState {
    object: Object,
    owner: *mut DeviceState,
    name: *mut c_char,
    hotplug_handler: *mut c_void,
    max_index: c_int,
    /// Whether the device that it belongs to is realized.
    pub realized: bool,
}

/// A kind of property; only QEMU uses its contents.
#[repr(C)]
pub struct PropertyInfo {
    _opaque: [u8; 0],
}

/// Realizes a device, or sets an error.
pub type DeviceRealize = Option<unsafe extern "C" fn(*mut DeviceState, *mut *mut Error)>;
/// Unrealizes a device.
pub type DeviceUnrealize = Option<unsafe extern "C" fn(*mut DeviceState)>;

/// Clears a device's hotplugged flag, as if it had been made before the board was complete.
///
/// # Safety
/// `device` is live.
pub unsafe fn device_clear_hotplugged(device: *mut DeviceState) {
    // SAFETY: the running release has it there in a device.
    unsafe { *device_hotplugged(device, release()) = 0 }
}

/// Returns the address of a device's hotplugged flag.
pub(super) fn device_hotplugged(device: *mut DeviceState, release: &Release) -> *mut c_int {
    (device as *mut u8).wrapping_add(release.device_hotplugged) as *mut c_int
}

/// Gives a device without an ID this ID, which `info qtree` shows.
///
/// # Safety
/// `device` is live.
pub unsafe fn device_set_id_if_none(device: *mut DeviceState, id: &CStr) {
    // SAFETY: it is the first field after the object, and GLib allocates that many bytes or ends the process.
    unsafe {
        let field = (device as *mut u8).add(std::mem::size_of::<Object>()) as *mut *mut c_char;
        if (*field).is_null() {
            let bytes = id.to_bytes_with_nul();
            *field = g_malloc(bytes.len()) as *mut c_char;
            std::ptr::copy_nonoverlapping(id.as_ptr(), *field, bytes.len());
        }
    }
}

/// Returns the address of a class's field, in the running release.
///
/// # Safety
/// `class` has such a field at the offset.
unsafe fn field<T>(class: *mut ObjectClass, offset: usize) -> *mut T {
    // SAFETY: the caller guarantees the class and the offset.
    unsafe { (class as *mut u8).add(offset) as *mut T }
}

/// Returns the address of a class's realize. For a PCI or SSI device this is a field of `PCIDeviceClass` or
/// `SSIPeripheralClass` with the same type, since the one of `DeviceClass` puts the device on its bus and calls this one.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_realize(class: *mut ObjectClass) -> *mut DeviceRealize {
    // SAFETY: the caller guarantees the class, and that of a PCI device has it there in the running release.
    unsafe {
        if is_pci_class(class) {
            field(class, release().pci_class.realize)
        } else if is_ssi_class(class) {
            &mut (*ssi_methods(class)).realize
        } else {
            device_class_own_realize(class)
        }
    }
}

/// Returns the address of a class's unrealize, as [`device_class_realize`] does.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_unrealize(class: *mut ObjectClass) -> *mut DeviceUnrealize {
    // SAFETY: the caller guarantees the class, and that of a PCI device has it there in the running release.
    unsafe {
        if is_pci_class(class) {
            field(class, release().pci_class.exit)
        } else {
            device_class_own_unrealize(class)
        }
    }
}

/// Returns the address of the realize of `DeviceClass`.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_own_realize(class: *mut ObjectClass) -> *mut DeviceRealize {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.realize) }
}

/// Returns the address of the unrealize of `DeviceClass`.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_own_unrealize(class: *mut ObjectClass) -> *mut DeviceUnrealize {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.unrealize) }
}

/// The phases of a reset. Releases up to 7.2 pass the kind of reset only to `enter`: in the other phases it may be any
/// value, and must be ignored.
#[repr(C)]
pub struct ResettablePhases {
    /// Resets the device's own state, and calls nothing. Takes the kind of the reset.
    pub enter: Option<unsafe extern "C" fn(*mut Object, c_int)>,
    /// Sets the levels of the device's lines, after all devices have finished the first phase.
    pub hold: Option<unsafe extern "C" fn(*mut Object, c_int)>,
    /// Lets the device continue.
    pub exit: Option<unsafe extern "C" fn(*mut Object, c_int)>,
}

/// Returns the phases of a device's reset. They are used in all releases, unless an ancestor still has the older,
/// single method.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_reset_phases(class: *mut ObjectClass) -> *mut ResettablePhases {
    // SAFETY: a device can be reset, and the running release has the phases there in the interface.
    unsafe {
        let interface = object_class_dynamic_cast(class, "resettable\0".as_ptr() as *const c_char);
        field(interface, release().resettable_phases)
    }
}

/// Returns the address of a class's pointer to its migration section.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_vmsd(class: *mut ObjectClass) -> *mut *const VmStateDescription {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.vmsd) }
}

/// The kind of the reset at power-on, and the only kind up to 7.2.
pub const RESET_COLD: c_int = 0;
/// The machine is about to load a snapshot.
pub const RESET_SNAPSHOT_LOAD: c_int = 1;
/// The machine wakes up.
pub const RESET_WAKEUP: c_int = 2;

/// Returns the address of the flag that allows `-device` to make instances of a class.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_user_creatable(class: *mut ObjectClass) -> *mut bool {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.user_creatable) }
}

/// Returns the class of bus that a device plugs into, or NULL for none.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_bus_type(class: *mut ObjectClass) -> *const c_char {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { *field(class, release().device_class.bus_type) }
}

/// A property in a format for all releases.
pub struct PropertyEntry {
    /// The name, as users write it.
    pub name: *const c_char,
    /// The description, which QEMU copies.
    pub description: *const c_char,
    /// The kind of the property, or of its elements.
    pub info: *const PropertyInfo,
    /// The offset of the field in the device, in bytes.
    pub offset: usize,
    /// The number of the bit, for a property that is a bit.
    pub bit: u8,
    /// The bits of the default; a negative number is sign-extended. None stands for zeros.
    pub default: Option<u64>,
    /// The class of a link's target, or NULL.
    pub link_type: *const c_char,
    /// Set if the property is an array of elements of kind `info`: then an [`ArrayStorage`] is at the offset.
    pub array: Option<ArrayEntry>,
}

/// The additional data of an array property.
pub struct ArrayEntry {
    /// The size of an element in bytes.
    pub element_size: usize,
    /// The name of the property for the length, if it has its own: `len-NAME`. It lives as long as the process.
    pub length_name: *const c_char,
}

/// QEMU's storage of an array that a property sets.
#[repr(C)]
pub struct ArrayStorage {
    /// The number of elements.
    pub count: u32,
    /// The first element, or NULL.
    pub elements: *mut c_void,
}

/// Returns whether an array is set as a list, which QEMU frees with the property. If not, its length is set first, and
/// the device frees it.
pub fn arrays_are_lists() -> bool {
    !qdev_prop_array().is_null()
}

/// Adds these properties to the class, as a table in the layout of the running release.
///
/// The table lives as long as the process: QEMU keeps pointers into it, and a class is never freed.
///
/// # Safety
/// `class` is a `DeviceClass` whose class_init runs; each entry's field is at its offset in every
/// instance and is of the kind of `info`.
pub unsafe fn device_class_set_properties(class: *mut ObjectClass, entries: &[PropertyEntry]) {
    if entries.is_empty() {
        return;
    }
    let layout = &release().property;
    // Otherwise they are counted.
    let closed_by_empty_name = release().device_class.properties_count.is_none();
    let closing = if closed_by_empty_name { 1 } else { 0 };
    let words = (entries.len() + closing) * layout.size / std::mem::size_of::<usize>();
    let table = Box::leak(vec![0_usize; words].into_boxed_slice()).as_mut_ptr() as *mut u8;
    for (n, entry) in entries.iter().enumerate() {
        // SAFETY: the table has room for all entries, and zeros are an entry.
        unsafe { make_property(table.add(n * layout.size), entry) }
    }
    // SAFETY: the caller guarantees the class and the entries; the table has this release's layout.
    unsafe {
        if closed_by_empty_name {
            device_class_set_props(class, table as *const c_void);
        } else {
            device_class_set_props_n(class, table as *const c_void, entries.len());
        }
        for (n, entry) in entries.iter().enumerate() {
            let name = *(table.add(n * layout.size + layout.name) as *mut *const c_char);
            object_class_property_set_description(class, name, entry.description);
        }
    }
}

/// Fills an entry of a property table.
///
/// # Safety
/// `property` is an entry of zeros, in the layout of the running release.
unsafe fn make_property(property: *mut u8, entry: &PropertyEntry) {
    let layout = &release().property;
    // SAFETY: an entry has each of these fields.
    unsafe {
        *(property.add(layout.name) as *mut *const c_char) = entry.name;
        *(property.add(layout.info) as *mut *const PropertyInfo) = entry.info;
        *(property.add(layout.offset) as *mut usize) = entry.offset;
        *property.add(layout.bitnr) = entry.bit;
        *(property.add(layout.link_type) as *mut *const c_char) = entry.link_type;
        if let Some(bits) = entry.default {
            *property.add(layout.set_default) = 1;
            (property.add(layout.defval) as *mut u64).write_unaligned(bits);
        }
        if let Some(array) = &entry.array {
            make_array(property, entry, array);
        }
    }
}

/// Makes an entry of a property table an array.
///
/// Releases up to 7.2 set its length by a separate property, `len-NAME`, which then adds a property for each element;
/// releases from 10.0 on set the whole array.
///
/// # Safety
/// `property` is an entry, in the layout of the running release.
unsafe fn make_array(property: *mut u8, entry: &PropertyEntry, array: &ArrayEntry) {
    let layout = &release().property;
    // SAFETY: an entry has each of these fields.
    unsafe {
        let info = if arrays_are_lists() {
            qdev_prop_array()
        } else {
            *(property.add(layout.name) as *mut *const c_char) = array.length_name;
            qdev_prop_arraylen()
        };
        *(property.add(layout.info) as *mut *const PropertyInfo) = info;
        *property.add(layout.set_default) = 1;
        *(property.add(layout.array_info) as *mut *const PropertyInfo) = entry.info;
        *(property.add(layout.array_offset) as *mut c_int) =
            (entry.offset + offset_of!(ArrayStorage, elements)) as c_int;
        *(property.add(layout.array_field_size) as *mut c_int) = array.element_size as c_int;
    }
}

/// Makes a kind of property whose value is one of these names, stored as an `int`, the name's number.
///
/// It lives as long as the process.
pub fn enum_property_info(name: &'static CStr, values: &[&'static CStr]) -> *const PropertyInfo {
    /// The fields at the same offsets in all releases.
    #[repr(C)]
    struct Front {
        name: *const c_char,
        description: *const c_char,
        values: *const c_void,
    }
    let layout = &release().property;
    let mut names: Vec<*const c_char> = values.iter().map(|value| value.as_ptr()).collect();
    names.push(std::ptr::null());
    let names = Box::leak(names.into_boxed_slice());
    // The pointer to the names, then in some releases one to features, then the count.
    let lookup = Box::leak(Box::new([0_usize; 3])).as_mut_ptr() as *mut u8;
    let words = layout.info_size / std::mem::size_of::<usize>();
    let info = Box::leak(vec![0_usize; words].into_boxed_slice()).as_mut_ptr() as *mut u8;
    // SAFETY: on_off_auto is such a property, of the size that the release has; its copy gets its own names, which live
    // as long.
    unsafe {
        *(lookup as *mut *const *const c_char) = names.as_ptr();
        *(lookup.add(layout.enum_count) as *mut c_int) = values.len() as c_int;
        std::ptr::copy_nonoverlapping(qdev_prop_on_off_auto() as *const u8, info, layout.info_size);
        let front = &mut *(info as *mut Front);
        front.name = name.as_ptr();
        front.description = std::ptr::null();
        front.values = lookup as *const c_void;
    }
    info as *const PropertyInfo
}

imports! {
    in ALL {
        fn qdev_realize(device: *mut DeviceState, bus: *mut BusState, errp: *mut *mut Error) -> bool;
        fn device_cold_reset(device: *mut DeviceState);
        fn qdev_get_vmsd(device: *mut DeviceState) -> *const VmStateDescription;
        static qdev_prop_bit: PropertyInfo;
        static qdev_prop_bit64: PropertyInfo;
        static qdev_prop_bool: PropertyInfo;
        static qdev_prop_uint8: PropertyInfo;
        static qdev_prop_uint16: PropertyInfo;
        static qdev_prop_uint32: PropertyInfo;
        static qdev_prop_uint64: PropertyInfo;
        static qdev_prop_int32: PropertyInfo;
        static qdev_prop_int64: PropertyInfo;
        static qdev_prop_size: PropertyInfo;
        static qdev_prop_string: PropertyInfo;
        static qdev_prop_chr: PropertyInfo;
        static qdev_prop_drive: PropertyInfo;
        static qdev_prop_link: PropertyInfo;
        static qdev_prop_on_off_auto: PropertyInfo;
    }
    in UP_TO_7_2 {
        static qdev_prop_arraylen: PropertyInfo;
        fn device_class_set_props(class: *mut ObjectClass, properties: *const c_void);
    }
    in SINCE_10_0 {
        static qdev_prop_array: PropertyInfo;
        fn device_class_set_props_n(class: *mut ObjectClass, properties: *const c_void, count: usize);
    }
}
