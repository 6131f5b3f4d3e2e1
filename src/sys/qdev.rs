//! Devices, their class and their properties.

use super::{
    g_malloc, is_pci_class, object_class_dynamic_cast, object_class_property_set_description, release, Error, Object,
    ObjectClass, Release, VmStateDescription,
};
use oldstable_compat::ffi::{c_char, c_int, c_void, CStr};
use oldstable_compat::mem::offset_of;

storage! {
    /// `DeviceState`: 136 bytes in 5.2, 160 in 7.2, 152 since 10.0.
    DeviceState, 160, 92
}

/// A bus; only QEMU looks inside.
#[repr(C)]
pub struct BusState {
    _opaque: [u8; 0],
}

/// A kind of property that QEMU offers; only QEMU looks inside.
#[repr(C)]
pub struct PropertyInfo {
    _opaque: [u8; 0],
}

/// Realizes a device, or leaves an error.
pub type DeviceRealize = Option<unsafe extern "C" fn(*mut DeviceState, *mut *mut Error)>;
/// Unrealizes a device.
pub type DeviceUnrealize = Option<unsafe extern "C" fn(*mut DeviceState)>;

/// Makes a device one of the board's own, although it was made once that was built.
///
/// # Safety
/// `device` is live.
pub unsafe fn device_clear_hotplugged(device: *mut DeviceState) {
    // SAFETY: the running release has it there in a device.
    unsafe { *device_hotplugged(device, release()) = 0 }
}

/// Where a device says whether it was made once the machine was built.
pub(super) fn device_hotplugged(device: *mut DeviceState, release: &Release) -> *mut c_int {
    (device as *mut u8).wrapping_add(release.device_hotplugged) as *mut c_int
}

/// Gives a device that has no id the one that `info qtree` shows.
///
/// # Safety
/// `device` is live.
pub unsafe fn device_set_id_if_none(device: *mut DeviceState, id: &CStr) {
    // SAFETY: it comes first behind the object, and GLib gives as many bytes or ends the process.
    unsafe {
        let field = (device as *mut u8).add(std::mem::size_of::<Object>()) as *mut *mut c_char;
        if (*field).is_null() {
            let bytes = id.to_bytes_with_nul();
            *field = g_malloc(bytes.len()) as *mut c_char;
            std::ptr::copy_nonoverlapping(id.as_ptr(), *field, bytes.len());
        }
    }
}

/// The place of a field of a class, in the running release.
///
/// # Safety
/// `class` is one that has such a field at the offset.
unsafe fn field<T>(class: *mut ObjectClass, offset: usize) -> *mut T {
    // SAFETY: the caller vouches for the class and the offset.
    unsafe { (class as *mut u8).add(offset) as *mut T }
}

/// Where a class has its realize: for a PCI device, whose own puts it on the bus and calls this one, that
/// is a field of `PCIDeviceClass` of the same type.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_realize(class: *mut ObjectClass) -> *mut DeviceRealize {
    // SAFETY: the caller vouches for the class, and that of a PCI device has it there in the running release.
    unsafe {
        if is_pci_class(class) {
            field(class, release().pci_class.realize)
        } else {
            device_class_own_realize(class)
        }
    }
}

/// As [`device_class_realize`], for unrealize.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_unrealize(class: *mut ObjectClass) -> *mut DeviceUnrealize {
    // SAFETY: the caller vouches for the class, and that of a PCI device has it there in the running release.
    unsafe {
        if is_pci_class(class) {
            field(class, release().pci_class.exit)
        } else {
            device_class_own_unrealize(class)
        }
    }
}

/// Where a class has the realize of `DeviceClass`.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_own_realize(class: *mut ObjectClass) -> *mut DeviceRealize {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.realize) }
}

/// Where a class has the unrealize of `DeviceClass`.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_own_unrealize(class: *mut ObjectClass) -> *mut DeviceUnrealize {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.unrealize) }
}

/// The phases of a reset. Releases up to 7.2 pass the kind of reset to `enter` alone: the others find
/// anything in its place, and ignore it if it is passed to them.
#[repr(C)]
pub struct ResettablePhases {
    /// Resets what the device has inside, and calls nobody. Takes the kind of the reset.
    pub enter: Option<unsafe extern "C" fn(*mut Object, c_int)>,
    /// Sets the levels of the device's lines, once all have done the first phase.
    pub hold: Option<unsafe extern "C" fn(*mut Object, c_int)>,
    /// Lets the device go on.
    pub exit: Option<unsafe extern "C" fn(*mut Object, c_int)>,
}

/// The phases of a device's reset: a device of any release is reset by them, unless one of its ancestors
/// still has the older, single method.
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

/// Where a class has the description of what migrates.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_vmsd(class: *mut ObjectClass) -> *mut *const VmStateDescription {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.vmsd) }
}

/// The kind of reset that power-on is.
pub const RESET_COLD: c_int = 0;

/// Where a class says whether `-device` makes instances of it.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_user_creatable(class: *mut ObjectClass) -> *mut bool {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { field(class, release().device_class.user_creatable) }
}

/// The class of bus that a device goes into, or NULL if it goes into none.
///
/// # Safety
/// `class` is that of a device.
pub unsafe fn device_class_bus_type(class: *mut ObjectClass) -> *const c_char {
    // SAFETY: the running release has it there in the class of a device.
    unsafe { *field(class, release().device_class.bus_type) }
}

/// A property in the terms of all releases.
pub struct PropertyEntry {
    /// As users write it.
    pub name: *const c_char,
    /// QEMU copies it.
    pub description: *const c_char,
    /// Which kind it is of, or its elements are of.
    pub info: *const PropertyInfo,
    /// Where the field lies in the device, in bytes.
    pub offset: usize,
    /// The number of the bit, for a property that is one.
    pub bit: u8,
    /// The bits of the default, a negative number's with the sign extended; None for zeros.
    pub default: Option<u64>,
    /// The class of what a link links to, or NULL.
    pub link_type: *const c_char,
    /// If the property is an array of what `info` says: then an [`ArrayStorage`] is at the offset.
    pub array: Option<ArrayEntry>,
}

/// What a property that is an array has besides.
pub struct ArrayEntry {
    /// How many bytes an element has.
    pub element_size: usize,
    /// The name of the property that sets the length where that is a property of its own: `len-NAME`. It
    /// lives as long as the process.
    pub length_name: *const c_char,
}

/// Where QEMU keeps an array that a property sets.
#[repr(C)]
pub struct ArrayStorage {
    /// How many elements there are.
    pub count: u32,
    /// The first of them, or NULL.
    pub elements: *mut c_void,
}

/// Whether an array is set as a list, which QEMU frees with the property; if not, its length is set first, and the device
/// frees it.
pub fn arrays_are_lists() -> bool {
    !qdev_prop_array().is_null()
}

/// Gives the class these properties, as a table in the layout of the running release.
///
/// The table lives as long as the process: QEMU keeps pointers into it, and a class is never freed.
///
/// # Safety
/// `class` is a `DeviceClass` whose class_init runs; each entry's field is at its offset in every
/// instance and is of the kind that `info` says.
pub unsafe fn device_class_set_properties(class: *mut ObjectClass, entries: &[PropertyEntry]) {
    if entries.is_empty() {
        return;
    }
    let layout = &release().property;
    // Else they are counted.
    let closed_by_empty_name = release().device_class.properties_count.is_none();
    let closing = if closed_by_empty_name { 1 } else { 0 };
    let words = (entries.len() + closing) * layout.size / std::mem::size_of::<usize>();
    let table = Box::leak(vec![0_usize; words].into_boxed_slice()).as_mut_ptr() as *mut u8;
    for (n, entry) in entries.iter().enumerate() {
        // SAFETY: the table has room for all entries, and zeros are an entry.
        unsafe { make_property(table.add(n * layout.size), entry) }
    }
    // SAFETY: the caller vouches for the class and the entries; the table is as this release has it.
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
    // SAFETY: each of the fields is there in an entry.
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

/// Makes an entry of a property table one of an array.
///
/// Releases up to 7.2 set its length by a property of its own, `len-NAME`, which then makes one for each
/// element; those since 10.0 set the array as a whole.
///
/// # Safety
/// `property` is an entry, in the layout of the running release.
unsafe fn make_array(property: *mut u8, entry: &PropertyEntry, array: &ArrayEntry) {
    let layout = &release().property;
    // SAFETY: each of the fields is there in an entry.
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

/// Makes a kind of property that takes one of these names and is an `int`, the number of the name.
///
/// It lives as long as the process.
pub fn enum_property_info(name: &'static CStr, values: &[&'static CStr]) -> *const PropertyInfo {
    /// What is at the same place in all releases.
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
    // SAFETY: on_off_auto is such a property, of the size that the release has; its copy gets names of
    // its own, which live as long.
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
