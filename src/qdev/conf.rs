// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The configuration of a device: a struct whose fields are properties.

use super::property::{Property, PropertyKind};
use crate::foreign::{clone_text, text_at, CloneToForeign};
use crate::qom::{Conf, NoConf};
use crate::report::die;
use crate::sys;

/// A struct whose fields are the properties of a device: [`qdev_define_conf!`](crate::qdev_define_conf)
/// defines one.
///
/// # Safety
/// Each property's field must be at its offset and of the type for its kind.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a configuration of a device",
        note = "define it with `qdev_define_conf!`"
    )
)]
pub unsafe trait DeviceConf: Conf {
    /// The properties, in the order of their definition.
    const PROPERTIES: &'static [Property];
}

// SAFETY: there are no fields.
unsafe impl DeviceConf for NoConf {
    const PROPERTIES: &'static [Property] = &[];
}

/// Adds to a class the properties of a configuration at `offset` in its instances.
///
/// # Safety
/// `class` is a device class whose class_init runs, and the offset is right.
pub(super) unsafe fn install<C: DeviceConf>(class: *mut sys::ObjectClass, offset: usize) {
    for (n, property) in C::PROPERTIES.iter().enumerate() {
        // QEMU asserts that no ancestor has a property of this name, and detects a duplicate only in a realize.
        let of_this = C::PROPERTIES[..n].iter().any(|other| other.name == property.name);
        // SAFETY: the caller guarantees the class, and the name is a string.
        let of_ancestor = unsafe { !sys::object_class_property_find(class, property.name.as_ptr()).is_null() };
        if of_this || of_ancestor {
            die(&format_args!(
                "the class {} has a property {} already ({})",
                // SAFETY: a class has a name, which is a string.
                unsafe { text_at(sys::object_class_get_name(class)) },
                property.name.to_string_lossy(),
                property.place
            ));
        }
    }
    let descriptions: Vec<_> =
        C::PROPERTIES.iter().map(|property| clone_text(property.description.concat().trim())).collect();
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
                    length_name: format!("len-{}", property.name.to_string_lossy()).clone_to_foreign_ptr(),
                }),
                _ => None,
            },
        })
        .collect();
    // SAFETY: the caller guarantees the class and the offset, and [`DeviceConf`] the fields there.
    unsafe { sys::device_class_set_properties(class, &entries) };
}

/// Defines the configuration of a device: a struct, and a property that sets each field.
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
/// A field's type is one that implements [`PropertyType`](crate::qdev::PropertyType); the struct has its
/// [`Field`](crate::qdev::PropertyType::Field), so that you read a value as `self.conf.frequency.get()`. The default
/// follows `=`; without one it is zero, off, the first name, or none. Properties set the fields until the device is
/// realized; from then on they are constant. Doc comments become the descriptions that users see.
///
/// Bits of a `u32` or `u64` can be properties of their own: each has the number of its bit, from the
/// lowest, and may have a default.
#[macro_export]
macro_rules! qdev_define_conf {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $Conf:ident { $($body:tt)* }
    ) => {
        $crate::__qdev_properties! { [$(#[$attribute])* $vis struct $Conf] [] [] $($body)*, }
    };
    ($($other:tt)*) => {
        ::std::compile_error!("a configuration is written `pub struct Conf { \"name\" => field: Type = default, … }`");
    };
}

/// Parses the body of a configuration field by field, and collects the struct's fields and the entries of the table of
/// properties.
#[doc(hidden)]
#[macro_export]
macro_rules! __qdev_properties {
    // A property.
    ($head:tt [$($fields:tt)*] [$($properties:tt)*]
        $(#[doc = $doc:literal])*
        $name:literal => $vis:vis $field:ident: $type:ty $(= $default:expr)?, $($rest:tt)*
    ) => {
        $crate::__qdev_properties! { $head
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

    // A field whose bits are properties.
    ($head:tt [$($fields:tt)*] [$($properties:tt)*]
        $(#[doc = $doc:literal])*
        $vis:vis $field:ident: $type:ty {
            $($(#[doc = $bit_doc:literal])* $name:literal => $bit:literal $(= $default:expr)?),+ $(,)?
        }, $($rest:tt)*
    ) => {
        $crate::__qdev_properties! { $head
            [
                $($fields)*
                $(#[doc = $doc])* $vis $field: <$type as $crate::qdev::PropertyType>::Field,
            ]
            [
                $($properties)*
                $({
                    $name, $field, [$($bit_doc),*], $crate::__qdev_kind_of_bit!($type, $bit),
                    bool $(= $default)?
                })+
            ]
            $($rest)*
        }
    };

    // The end: only the comma that was added to the body may be left.
    ($head:tt $fields:tt $properties:tt $(,)?) => {
        $crate::__qdev_conf! { $head $fields $properties }
    };

    // Likely mistakes.
    ($head:tt $fields:tt $properties:tt $(#[doc = $doc:literal])* $name:literal = $($rest:tt)*) => {
        ::std::compile_error!(::std::concat!(
            "`=>` stands between the name of a property and its field: `\"", $name, "\" => field: Type = default`"
        ));
    };
    ($head:tt $fields:tt $properties:tt $(#[doc = $doc:literal])* $vis:vis $field:ident: $($rest:tt)*) => {
        ::std::compile_error!(::std::concat!(
            "a field has the name of its property before it, or properties for its bits behind its type: \
             `\"name\" => ", ::std::stringify!($field), ": Type` or `",
            ::std::stringify!($field), ": u32 { \"name\" => 0, … }`"
        ));
    };
    ($head:tt $fields:tt $properties:tt $($rest:tt)*) => {
        ::std::compile_error!("a property is written `\"name\" => field: Type = default`, and has doc comments alone");
    };
}

/// The kind of property for a bit of a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __qdev_kind_of_bit {
    ($type:ty, $bit:literal) => {{
        $crate::compat::const_assert!(
            $bit < <$type as $crate::qdev::PropertyBits>::KINDS.len(),
            "the field does not have that many bits"
        );
        <$type as $crate::qdev::PropertyBits>::KINDS[$bit]
    }};
}

/// Defines a configuration from the collected fields and properties.
#[doc(hidden)]
#[macro_export]
macro_rules! __qdev_conf {
    (
        [$(#[$attribute:meta])* $vis:vis struct $Conf:ident] [$($fields:tt)*]
        [$({ $name:literal, $field:ident, $docs:tt, $kind:expr, $($default:tt)* })*]
    ) => {
        $crate::compat::with_offsets! {
            $(#[$attribute])*
            #[repr(C)]
            $vis struct $Conf { $($fields)* }
        }

        const _: () = {
            // The same without the author's attributes, since one of them may be a `repr`.
            #[allow(dead_code)]
            #[repr(C)]
            struct Plain { $($fields)* }
            $crate::qom::Inside::<Plain, $Conf>::A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED
        };

        const _: () = {
            // QEMU has freed what the properties point to before the configuration would be dropped.
            #[allow(dead_code)]
            trait QemuFreesTheSettingsSoAConfigurationHasNoDrop {}
            #[allow(drop_bounds)]
            impl<T: ::std::ops::Drop> QemuFreesTheSettingsSoAConfigurationHasNoDrop for T {}
            impl QemuFreesTheSettingsSoAConfigurationHasNoDrop for $Conf {}
        };

        // The names of the fields stand between their types, attributes and visibility.
        $crate::__qdev_only_these_fields! { $Conf [] $($fields)* }

        // SAFETY: each field is of a PropertyType, as the table below ensures.
        unsafe impl $crate::qom::Conf for $Conf {
            fn check_fields() {
                $(
                    // An attribute that is shown the struct may have taken its representation away.
                    ::std::assert!(
                        $crate::compat::offset_of!($Conf, $field) == $crate::compat::const_offset_of!($Conf, $field),
                        "an attribute has changed how the configuration is laid out"
                    );
                )*
            }
        }

        // SAFETY: the offset is that of the field, and the kind that of its type.
        unsafe impl $crate::qdev::DeviceConf for $Conf {
            const PROPERTIES: &'static [$crate::qdev::Property] = &[
                $($crate::qdev::Property {
                    name: $crate::compat::c_str!($name),
                    description: &$docs,
                    kind: $kind,
                    offset: $crate::compat::const_offset_of!($Conf, $field),
                    default: $crate::__qdev_default!($($default)*),
                    place: ::std::concat!(::std::file!(), ":", ::std::line!()),
                },)*
            ];
        }
    };
}

/// Takes the fields of a configuration one by one, for `__qom_only_these_fields!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __qdev_only_these_fields {
    ($Conf:ident [$($done:tt)*] $(#[$attribute:meta])* $vis:vis $field:ident: $type:ty, $($rest:tt)*) => {
        $crate::__qdev_only_these_fields! { $Conf [$($done)* $field: $type,] $($rest)* }
    };
    ($Conf:ident [$($done:tt)*]) => {
        $crate::__qom_only_these_fields! { $Conf { $($done)* } }
    };
}

/// The default of a property, from its type and the value after `=`.
#[doc(hidden)]
#[macro_export]
macro_rules! __qdev_default {
    ($type:ty) => {
        None
    };
    ($type:ty = $default:expr) => {{
        const DEFAULT: $type = $default;
        Some(|| $crate::qdev::PropertyDefault::bits(DEFAULT))
    }};
}
