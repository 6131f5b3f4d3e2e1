//! The configuration of a device: a struct whose fields are properties.

use crate::qom::{Conf, NoConf};
use crate::sys;
use oldstable_compat::ffi::CStr;

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyKind {
    Bool,
    U8,
    U16,
    U32,
    U64,
    I32,
    I64,
    Chardev,
}

impl PropertyKind {
    /// What QEMU has for the kind.
    fn info(self) -> *const sys::PropertyInfo {
        match self {
            PropertyKind::Bool => sys::qdev_prop_bool(),
            PropertyKind::U8 => sys::qdev_prop_uint8(),
            PropertyKind::U16 => sys::qdev_prop_uint16(),
            PropertyKind::U32 => sys::qdev_prop_uint32(),
            PropertyKind::U64 => sys::qdev_prop_uint64(),
            PropertyKind::I32 => sys::qdev_prop_int32(),
            PropertyKind::I64 => sys::qdev_prop_int64(),
            PropertyKind::Chardev => sys::qdev_prop_chr(),
        }
    }
}

/// The value that a property has if nobody sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyDefault {
    /// Zeros.
    Zero,
    /// The bits of a boolean or a number, a negative one with its sign extended.
    Bits(u64),
}

/// A property of a device.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    pub name: &'static CStr,
    pub kind: PropertyKind,
    /// Where the field lies in the configuration, in bytes.
    pub offset: usize,
    pub default: PropertyDefault,
}

/// The type of a field that a property sets.
///
/// # Safety
/// All bytes zero must be a valid value, QEMU's property of this [`KIND`](Self::KIND) must leave a valid
/// one in the field, and the type must need no drop.
pub unsafe trait PropertyType: 'static {
    const KIND: PropertyKind;
}

macro_rules! property_types {
    ($($type:ty => $kind:ident,)*) => {
        $(
            // SAFETY: QEMU's property writes a number, or a bool, of just this type; zero is one.
            unsafe impl PropertyType for $type {
                const KIND: PropertyKind = PropertyKind::$kind;
            }
        )*
    };
}

property_types! {
    bool => Bool,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    i32 => I32,
    i64 => I64,
}

/// A struct whose fields are the properties of a device: [`qdev_define_conf!`](crate::qdev_define_conf)
/// defines one.
///
/// # Safety
/// Each property's field must be at its offset and of the type that goes with its kind.
pub unsafe trait DeviceConf: Conf {
    const PROPERTIES: &'static [Property];
}

// SAFETY: there is no field.
unsafe impl DeviceConf for NoConf {
    const PROPERTIES: &'static [Property] = &[];
}

/// Gives a class the properties of a configuration that lies at `offset` in its instances.
///
/// # Safety
/// `class` is a device class whose class_init runs, and the offset is right.
pub(super) unsafe fn install<C: DeviceConf>(class: *mut sys::ObjectClass, offset: usize) {
    let entries: Vec<sys::PropertyEntry> = C::PROPERTIES
        .iter()
        .map(|property| sys::PropertyEntry {
            name: property.name.as_ptr(),
            info: property.kind.info(),
            offset: offset + property.offset,
            default: match property.default {
                PropertyDefault::Zero => sys::PropertyDefault::Unset,
                PropertyDefault::Bits(bits) => sys::PropertyDefault::Bits(bits),
            },
        })
        .collect();
    sys::device_class_set_properties(class, &entries);
}

/// Defines the configuration of a device: a struct, and for each field the property that sets it.
///
/// ```
/// oldstable::qdev_define_conf! {
///     /// How the timer is configured.
///     pub struct TimerConf {
///         /// Ticks a second.
///         "frequency" => pub frequency: u32 = 1_000_000,
///         "one-shot" => pub one_shot: bool,
///     }
/// }
///
/// use oldstable::qdev::DeviceConf;
/// assert_eq!(TimerConf::PROPERTIES[0].name.to_str(), Ok("frequency"));
/// ```
///
/// A field's type is one that implements [`PropertyType`](crate::qdev::PropertyType). Its default is
/// what follows `=`, or zero. The fields are set by properties until the device is realized, and are
/// constant from then on.
#[macro_export]
macro_rules! qdev_define_conf {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $Conf:ident {
            $(
                $(#[$field_attribute:meta])*
                $name:literal => $field_vis:vis $field:ident: $type:ty $(= $default:expr)?
            ),* $(,)?
        }
    ) => {
        $crate::compat::with_offsets! {
            $(#[$attribute])*
            #[repr(C)]
            $vis struct $Conf {
                $($(#[$field_attribute])* $field_vis $field: $type,)*
            }
        }

        // SAFETY: each field is of a PropertyType, as the table below makes sure.
        unsafe impl $crate::qom::Conf for $Conf {}

        // SAFETY: the offset is that of the field, and the kind that of its type.
        unsafe impl $crate::qdev::DeviceConf for $Conf {
            const PROPERTIES: &'static [$crate::qdev::Property] = &[
                $($crate::qdev::Property {
                    name: $crate::compat::c_str!($name),
                    kind: <$type as $crate::qdev::PropertyType>::KIND,
                    offset: $crate::compat::const_offset_of!($Conf, $field),
                    default: $crate::qdev_define_conf!(@default $type $(= $default)?),
                },)*
            ];
        }
    };
    (@default $type:ty) => {
        $crate::qdev::PropertyDefault::Zero
    };
    (@default $type:ty = $default:expr) => {{
        const DEFAULT: $type = $default;
        $crate::qdev::PropertyDefault::Bits(DEFAULT as u64)
    }};
}
