//! Devices, their class and their properties.

use super::{
    object_class_dynamic_cast, release, Error, Object, ObjectClass, VmStateDescription,
};
use oldstable_compat::ffi::{c_char, c_int, c_void};

storage! {
    /// `DeviceState`: 136 bytes in 5.2, 160 in 7.2, 152 since 10.0.
    DeviceState, 160, 80
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

pub type DeviceRealize = Option<unsafe extern "C" fn(*mut DeviceState, *mut *mut Error)>;
pub type DeviceUnrealize = Option<unsafe extern "C" fn(*mut DeviceState)>;

/// The place of a field of a class, in the running release.
unsafe fn field<T>(class: *mut ObjectClass, offset: usize) -> *mut T {
    (class as *mut u8).add(offset) as *mut T
}

pub unsafe fn device_class_realize(class: *mut ObjectClass) -> *mut DeviceRealize {
    field(class, release().device_class.realize)
}

pub unsafe fn device_class_unrealize(class: *mut ObjectClass) -> *mut DeviceUnrealize {
    field(class, release().device_class.unrealize)
}

/// The phases of a reset. Releases since 10.0 pass the kind of reset behind the object, which a callee
/// that does not know it ignores in both calling conventions.
#[repr(C)]
pub struct ResettablePhases {
    pub enter: Option<unsafe extern "C" fn(*mut Object, c_int)>,
    pub hold: Option<unsafe extern "C" fn(*mut Object)>,
    pub exit: Option<unsafe extern "C" fn(*mut Object)>,
}

/// The phases of a device's reset: a device of any release is reset by them, unless one of its ancestors
/// still has the older, single method.
pub unsafe fn device_class_reset_phases(class: *mut ObjectClass) -> *mut ResettablePhases {
    let interface = object_class_dynamic_cast(class, "resettable\0".as_ptr() as *const c_char);
    field(interface, release().resettable_phases)
}

pub unsafe fn device_class_vmsd(class: *mut ObjectClass) -> *mut *const VmStateDescription {
    field(class, release().device_class.vmsd)
}

pub unsafe fn device_class_user_creatable(class: *mut ObjectClass) -> *mut bool {
    field(class, release().device_class.user_creatable)
}

/// The default of a property, as the C union has it.
#[derive(Clone, Copy)]
pub enum PropertyDefault {
    /// QEMU sets no default.
    Unset,
    /// The bits of a boolean, an unsigned number or a signed one.
    Bits(u64),
}

/// A property in the terms of all releases.
pub struct PropertyEntry {
    pub name: *const c_char,
    pub info: *const PropertyInfo,
    pub offset: usize,
    pub default: PropertyDefault,
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
    let closing = if layout.closed_by_empty_name { 1 } else { 0 };
    let words = (entries.len() + closing) * layout.size / std::mem::size_of::<usize>();
    let table = Box::leak(vec![0_usize; words].into_boxed_slice()).as_mut_ptr() as *mut u8;
    for (n, entry) in entries.iter().enumerate() {
        let property = table.add(n * layout.size);
        *(property.add(layout.name) as *mut *const c_char) = entry.name;
        *(property.add(layout.info) as *mut *const PropertyInfo) = entry.info;
        *(property.add(layout.offset) as *mut usize) = entry.offset;
        if let PropertyDefault::Bits(bits) = entry.default {
            *property.add(layout.set_default) = 1;
            (property.add(layout.defval) as *mut u64).write_unaligned(bits);
        }
    }
    if layout.closed_by_empty_name {
        device_class_set_props(class, table as *const c_void);
    } else {
        device_class_set_props_n(class, table as *const c_void, entries.len());
    }
}

imports! {
    in ALL {
        fn qdev_realize(device: *mut DeviceState, bus: *mut BusState, errp: *mut *mut Error) -> bool;
        fn device_cold_reset(device: *mut DeviceState);
        fn qdev_get_vmsd(device: *mut DeviceState) -> *const VmStateDescription;
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
    }
    in UP_TO_7_2 {
        fn device_class_set_props(class: *mut ObjectClass, properties: *const c_void);
    }
    in SINCE_10_0 {
        fn device_class_set_props_n(class: *mut ObjectClass, properties: *const c_void, count: usize);
    }
}
