// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Properties of a class with a getter and a setter, which users read and change at run time.

use super::realize::AT_A_PROPERTY;
use super::ObjectType;
use crate::callback::guard;
use crate::foreign::{clone_text, text_at};
use crate::report::die;
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_char, c_void, CStr};
use std::ptr;

/// The value that a property's getter returns, or its setter gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// On or off.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    Uint(u64),
    /// Text; in a user's input, U+FFFD replaces bytes that are not UTF-8.
    Text(String),
}

/// The variants of [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// [`Value::Bool`].
    Bool,
    /// [`Value::Int`].
    Int,
    /// [`Value::Uint`].
    Uint,
    /// [`Value::Text`].
    Text,
}

/// A type of a property with functions: `bool`, the integers up to 64 bits, `String`, and your own types.
pub trait ValueType: Sized {
    /// The type's name for users.
    const TYPE_NAME: &'static CStr;
    /// The kind of value that QEMU passes.
    const KIND: ValueKind;

    /// Converts the value to what users see.
    fn into_value(self) -> Value;

    /// Converts a value that a user has set, which is of the [`KIND`](Self::KIND).
    ///
    /// # Errors
    /// If it is not a value of the type.
    fn from_value(value: Value) -> Result<Self>;
}

/// A property of a class: [`qom_properties!`](crate::qom_properties) makes it.
pub struct Property<T: 'static> {
    /// The name, as users write it.
    pub name: &'static CStr,
    /// The lines of its doc comment, each with a leading space.
    pub description: &'static [&'static str],
    /// The type's name for users.
    pub type_name: &'static CStr,
    /// The kind of value that QEMU passes.
    pub kind: ValueKind,
    /// The getter.
    pub get: fn(&T) -> Value,
    /// The setter, which returns an error for a wrong value; None for a read-only property.
    pub set: Option<fn(&T, Value) -> Result<()>>,
    /// The file and line of its definition, for error messages.
    pub place: &'static str,
}

/// Adds its properties to a class.
///
/// # Safety
/// `class` is that of `T`, and its class_init runs.
pub(super) unsafe fn install<T: ObjectType>(class: *mut sys::ObjectClass, properties: &'static [Property<T>]) {
    for property in properties {
        // SAFETY: the class is live, and QEMU copies the strings. The functions are for objects of T, and the property
        // lives for ever.
        unsafe {
            // QEMU asserts that neither the class nor an ancestor has one of this name.
            if !sys::object_class_property_find(class, property.name.as_ptr()).is_null() {
                die(&format_args!(
                    "the class {} has a property {} already ({})",
                    text_at(sys::object_class_get_name(class)),
                    property.name.to_string_lossy(),
                    property.place
                ));
            }
            sys::object_class_property_add(
                class,
                property.name.as_ptr(),
                property.type_name.as_ptr(),
                Some(get::<T>),
                property.set.and(Some(set::<T> as _)),
                None,
                property as *const Property<T> as *mut c_void,
            );
            let description = property.description.concat();
            if !description.is_empty() {
                let text = clone_text(description.trim());
                sys::object_class_property_set_description(class, property.name.as_ptr(), text.as_ptr());
            }
        }
    }
}

unsafe extern "C" fn get<T: ObjectType>(
    object: *mut sys::Object,
    visitor: *mut sys::Visitor,
    name: *const c_char,
    opaque: *mut c_void,
    errp: *mut *mut sys::Error,
) {
    guard("a property's getter", || {
        // SAFETY: QEMU calls it with a live instance of T, and with the property from `install`.
        let (object, property) = unsafe { (&*(object as *const T), &*(opaque as *const Property<T>)) };
        let value = AT_A_PROPERTY.run(|| (property.get)(object));
        // SAFETY: the visitor reads one value, of its kind, which lives as long as the call.
        unsafe {
            match value {
                Value::Bool(mut value) => sys::visit_type_bool(visitor, name, &mut value, errp),
                Value::Int(mut value) => sys::visit_type_int64(visitor, name, &mut value, errp),
                Value::Uint(mut value) => sys::visit_type_uint64(visitor, name, &mut value, errp),
                Value::Text(value) => {
                    let text = clone_text(&value);
                    let mut text = text.as_ptr() as *mut c_char;
                    sys::visit_type_str(visitor, name, &mut text, errp)
                }
            };
        }
    })
}

unsafe extern "C" fn set<T: ObjectType>(
    object: *mut sys::Object,
    visitor: *mut sys::Visitor,
    name: *const c_char,
    opaque: *mut c_void,
    errp: *mut *mut sys::Error,
) {
    guard("a property's setter", || {
        // SAFETY: QEMU calls it with a live instance of T, and with the property from `install`.
        let (object, property) = unsafe { (&*(object as *const T), &*(opaque as *const Property<T>)) };
        // SAFETY: the visitor returns a value, or an error and no value.
        if let (Some(value), Some(set)) = (unsafe { take(property.kind, visitor, name, errp) }, property.set) {
            let result = AT_A_PROPERTY.run(|| set(object, value));
            // SAFETY: QEMU passes the place for an error, which is empty.
            unsafe { Error::bool_or_propagate(result, errp) };
        }
    })
}

/// Returns the visitor's value; if it is of another kind, sets an error.
///
/// # Safety
/// All arguments are those that QEMU passes to a setter.
unsafe fn take(
    kind: ValueKind,
    visitor: *mut sys::Visitor,
    name: *const c_char,
    errp: *mut *mut sys::Error,
) -> Option<Value> {
    let (mut bool, mut int, mut uint, mut text) = (false, 0, 0, ptr::null_mut());
    // SAFETY: the caller guarantees the visitor; it writes a value of the kind, and allocates the text.
    unsafe {
        match kind {
            ValueKind::Bool if sys::visit_type_bool(visitor, name, &mut bool, errp) => Some(Value::Bool(bool)),
            ValueKind::Int if sys::visit_type_int64(visitor, name, &mut int, errp) => Some(Value::Int(int)),
            ValueKind::Uint if sys::visit_type_uint64(visitor, name, &mut uint, errp) => Some(Value::Uint(uint)),
            ValueKind::Text if sys::visit_type_str(visitor, name, &mut text, errp) => {
                let value = text_at(text).into_owned();
                sys::g_free(text as *mut c_void);
                Some(Value::Text(value))
            }
            _ => None,
        }
    }
}

/// Makes the error for a value of another kind, or out of range.
fn not_a(type_name: &CStr, value: &str) -> Error {
    Error::from(format!("{} is not a value of the type {}", value, type_name.to_string_lossy()))
}

macro_rules! value_types {
    ($($type:ty, $name:literal, $kind:ident, $as:ty;)*) => {
        $(
            impl ValueType for $type {
                const TYPE_NAME: &'static CStr = c_str!($name);
                const KIND: ValueKind = ValueKind::$kind;

                fn into_value(self) -> Value {
                    Value::$kind(self as $as)
                }

                fn from_value(value: Value) -> Result<Self> {
                    match value {
                        Value::$kind(value) => {
                            let said = format!("{:?}", value);
                            <$type as std::convert::TryFrom<$as>>::try_from(value)
                                .map_err(|_| not_a(Self::TYPE_NAME, &said))
                        }
                        other => Err(not_a(Self::TYPE_NAME, &format!("{:?}", other))),
                    }
                }
            }
        )*
    };
}

value_types! {
    bool, "bool", Bool, bool;
    i8, "int8", Int, i64;
    i16, "int16", Int, i64;
    i32, "int32", Int, i64;
    i64, "int64", Int, i64;
    u8, "uint8", Uint, u64;
    u16, "uint16", Uint, u64;
    u32, "uint32", Uint, u64;
    u64, "uint64", Uint, u64;
    String, "string", Text, String;
}

/// Lists the properties of a class that have a getter and a setter, for its
/// [`PROPERTIES`](crate::qom::ObjectImpl::PROPERTIES).
///
/// ```
/// # use oldstable::bql::BqlCell;
/// # use oldstable::qdev::{DeviceImpl, DeviceState};
/// use oldstable::qom::{Object, ObjectImpl, Property};
/// # use oldstable::Result;
/// # oldstable::qom_define_type! {
/// #     pub struct Sensor("sensor"): DeviceState, Object { millidegrees: BqlCell<i32> }
/// # }
/// # impl DeviceImpl for Sensor {}
///
/// impl ObjectImpl for Sensor {
///     const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
///         /// In thousandths of a degree Celsius.
///         "temperature": i32 => Sensor::temperature, Sensor::set_temperature;
///         "alarm": bool => |sensor| sensor.temperature() > 80_000;
///     };
/// }
///
/// impl Sensor {
///     fn temperature(&self) -> i32 {
///         self.millidegrees.get()
///     }
///
///     fn set_temperature(&self, millidegrees: i32) -> Result<()> {
///         if millidegrees < -273_150 {
///             return Err("it is never that cold".into());
///         }
///         self.millidegrees.set(millidegrees);
///         Ok(())
///     }
/// }
/// ```
///
/// After the name and the [type](crate::qom::ValueType) come the getter and, unless the property is read-only, the
/// setter. Users set it with `-device`, `-object` or `-global` before the object is complete, and with `qom-set` at any
/// time afterwards. Neither function may remove objects from the tree, or realize them: use a
/// [`BottomHalf`](crate::bh::BottomHalf) for that.
#[macro_export]
macro_rules! qom_properties {
    ($($(#[doc = $doc:literal])* $name:literal: $type:ty => $get:expr $(, $set:expr)?;)*) => {
        &[$(
            $crate::qom::Property {
                name: $crate::compat::c_str!($name),
                description: &[$($doc),*],
                type_name: <$type as $crate::qom::ValueType>::TYPE_NAME,
                kind: <$type as $crate::qom::ValueType>::KIND,
                get: |object| {
                    let get: fn(&Self) -> $type = $get;
                    $crate::qom::ValueType::into_value(get(object))
                },
                set: $crate::__qom_setter!($type $(, $set)?),
                place: ::std::concat!(::std::file!(), ":", ::std::line!()),
            },
        )*]
    };
    ($($other:tt)*) => {
        ::std::compile_error!("a property is written `\"name\": Type => getter, setter;`, or without a setter")
    };
}

/// The setter of a property.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_setter {
    ($type:ty) => {
        None
    };
    ($type:ty, $set:expr) => {
        Some(|object, value| {
            let set: fn(&Self, $type) -> $crate::Result<()> = $set;
            set(object, $crate::qom::ValueType::from_value(value)?)
        })
    };
}
