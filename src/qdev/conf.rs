//! The configuration of a device: a struct whose fields are properties.

use super::property::{Property, PropertyKind};
use crate::foreign::{clone_text, CloneToForeign};
use crate::qom::{Conf, NoConf};
use crate::sys;

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
    let descriptions: Vec<_> = C::PROPERTIES
        .iter()
        .map(|property| clone_text(property.description.concat().trim()))
        .collect();
    let entries: Vec<_> = C::PROPERTIES
        .iter()
        .zip(&descriptions)
        .map(|(property, description)| sys::PropertyEntry {
            name: property.name.as_ptr(),
            description: description.as_ptr(),
            info: property.kind.info(),
            offset: offset + property.offset,
            bit: match property.kind {
                PropertyKind::Bit(bit) | PropertyKind::Bit64(bit) => bit,
                _ => 0,
            },
            default: property.default.map(|bits| bits()),
            link_type: match property.kind {
                PropertyKind::Link(class) => class.as_ptr(),
                _ => std::ptr::null(),
            },
            array: match property.kind {
                PropertyKind::Array { element_size, .. } => Some(sys::ArrayEntry {
                    element_size,
                    length_name: format!("len-{}", property.name.to_string_lossy())
                        .clone_to_foreign_ptr(),
                }),
                _ => None,
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
///         /// What the timer can do.
///         pub features: u32 {
///             "capture" => 0 = true,
///             "compare" => 4,
///         },
///     }
/// }
///
/// use oldstable::qdev::DeviceConf;
/// assert_eq!(TimerConf::PROPERTIES[0].name.to_str(), Ok("frequency"));
/// assert_eq!(TimerConf::PROPERTIES[0].default.map(|bits| bits()), Some(1_000_000));
/// ```
///
/// A field's type is one that implements [`PropertyType`](crate::qdev::PropertyType); what is in the
/// struct is its [`Field`](crate::qdev::PropertyType::Field), so that values are read as
/// `self.conf.frequency.get()`. The default is what follows `=`, or zero, off, the first name, nothing.
/// The fields are set by properties until the device is realized, and are constant from then on. Doc
/// comments become the descriptions that users are shown.
///
/// Bits of a `u32` or `u64` can be properties of their own: each has the number of its bit, from the
/// lowest, and may have a default.
#[macro_export]
macro_rules! qdev_define_conf {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $Conf:ident { $($body:tt)* }
    ) => {
        $crate::qdev_define_conf! { @field [$(#[$attribute])* $vis struct $Conf] [] [] $($body)*, }
    };

    // What follows goes through the body field by field. It collects the fields of the struct, and the
    // entries of the table of properties.
    (@field $head:tt [$($fields:tt)*] [$($properties:tt)*]
        $(#[doc = $doc:literal])*
        $name:literal => $vis:vis $field:ident: $type:ty $(= $default:expr)?, $($rest:tt)*
    ) => {
        $crate::qdev_define_conf! { @field $head
            [
                $($fields)*
                $(#[doc = $doc])* $vis $field: <$type as $crate::qdev::PropertyType>::Field,
            ]
            [
                $($properties)*
                {
                    $name, $field, [$($doc),*], <$type as $crate::qdev::PropertyType>::KIND,
                    $type $(= $default)?
                }
            ]
            $($rest)*
        }
    };
    (@field $head:tt [$($fields:tt)*] [$($properties:tt)*]
        $(#[doc = $doc:literal])*
        $vis:vis $field:ident: $type:ty {
            $($(#[doc = $bit_doc:literal])* $name:literal => $bit:literal $(= $default:expr)?),+ $(,)?
        }, $($rest:tt)*
    ) => {
        $crate::qdev_define_conf! { @field $head
            [
                $($fields)*
                $(#[doc = $doc])* $vis $field: <$type as $crate::qdev::PropertyType>::Field,
            ]
            [
                $($properties)*
                $({
                    $name, $field, [$($bit_doc),*],
                    {
                        $crate::compat::const_assert!(
                            $bit < <$type as $crate::qdev::PropertyBits>::KINDS.len(),
                            "the field does not have that many bits"
                        );
                        <$type as $crate::qdev::PropertyBits>::KINDS[$bit]
                    },
                    bool $(= $default)?
                })+
            ]
            $($rest)*
        }
    };
    // The end: at most the comma that was added to the body.
    (@field [$(#[$attribute:meta])* $vis:vis struct $Conf:ident] [$($fields:tt)*]
        [$({ $name:literal, $field:ident, $docs:tt, $kind:expr, $($default:tt)* })*] $(,)?
    ) => {
        $crate::compat::with_offsets! {
            $(#[$attribute])*
            #[repr(C)]
            $vis struct $Conf { $($fields)* }
        }

        // SAFETY: each field is of a PropertyType, as the table below makes sure.
        unsafe impl $crate::qom::Conf for $Conf {}

        // SAFETY: the offset is that of the field, and the kind that of its type.
        unsafe impl $crate::qdev::DeviceConf for $Conf {
            const PROPERTIES: &'static [$crate::qdev::Property] = &[
                $($crate::qdev::Property {
                    name: $crate::compat::c_str!($name),
                    description: &$docs,
                    kind: $kind,
                    offset: $crate::compat::const_offset_of!($Conf, $field),
                    default: $crate::qdev_define_conf!(@default $($default)*),
                },)*
            ];
        }
    };

    (@default $type:ty) => {
        None
    };
    (@default $type:ty = $default:expr) => {{
        const DEFAULT: $type = $default;
        Some(|| $crate::qdev::PropertyDefault::bits(DEFAULT))
    }};
}
