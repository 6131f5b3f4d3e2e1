// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Properties, which a user sets before a device is realized, and the fields that store them.

use crate::foreign::FromForeign;
use crate::qom::{IsA, Object, ObjectCast, Owned};
use crate::{bql, sys};
use oldstable_compat::ffi::{c_char, CStr};
use std::cell::UnsafeCell;

/// The type of a property's value.
#[derive(Clone, Copy, Debug)]
pub enum PropertyKind {
    /// On or off.
    Bool,
    /// A bit of a `u32`, by its number.
    Bit(u8),
    /// A bit of a `u64`, by its number.
    Bit64(u8),
    /// A number from 0 to 255.
    U8,
    /// A number of 16 bits.
    U16,
    /// A number of 32 bits.
    U32,
    /// A number of 64 bits.
    U64,
    /// A number of 32 bits with a sign.
    I32,
    /// A number of 64 bits with a sign.
    I64,
    /// A number of bytes, which users write with K, M, G and so on.
    Size,
    /// A string, or none.
    String,
    /// One of several names.
    Enum {
        /// The name of the enumeration.
        name: &'static CStr,
        /// The names, in the order of their numbers.
        values: &'static [&'static CStr],
    },
    /// Any number of values of one kind, with `element_size` bytes each.
    Array {
        /// The kind of each value.
        element: &'static PropertyKind,
        /// The size of a value in bytes.
        element_size: usize,
    },
    /// An object of a class.
    Link(&'static CStr),
    /// A character device, by its ID.
    Chardev,
    /// A block device, by its ID.
    Drive,
}

impl PropertyKind {
    /// Returns QEMU's description of the kind, or of the elements of an array.
    pub(super) fn info(self) -> *const sys::PropertyInfo {
        match self {
            PropertyKind::Bool => sys::qdev_prop_bool(),
            PropertyKind::Bit(_) => sys::qdev_prop_bit(),
            PropertyKind::Bit64(_) => sys::qdev_prop_bit64(),
            PropertyKind::U8 => sys::qdev_prop_uint8(),
            PropertyKind::U16 => sys::qdev_prop_uint16(),
            PropertyKind::U32 => sys::qdev_prop_uint32(),
            PropertyKind::U64 => sys::qdev_prop_uint64(),
            PropertyKind::I32 => sys::qdev_prop_int32(),
            PropertyKind::I64 => sys::qdev_prop_int64(),
            PropertyKind::Size => sys::qdev_prop_size(),
            PropertyKind::String => sys::qdev_prop_string(),
            PropertyKind::Enum { name, values } => sys::enum_property_info(name, values),
            PropertyKind::Array { element, .. } => element.info(),
            PropertyKind::Link(_) => sys::qdev_prop_link(),
            PropertyKind::Chardev => sys::qdev_prop_chr(),
            PropertyKind::Drive => sys::qdev_prop_drive(),
        }
    }
}

/// A property of a device.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The name, as users write it.
    pub name: &'static CStr,
    /// The lines of its doc comment, each with a leading space.
    pub description: &'static [&'static str],
    /// The type of its value.
    pub kind: PropertyKind,
    /// The offset of the field in the configuration, in bytes.
    pub offset: usize,
    /// The bits of its default; a negative number is sign-extended. Without one the default is zeros, which stand for
    /// 0, off, the first name, and none.
    pub default: Option<fn() -> u64>,
    /// The file and line of the configuration's definition, for error messages.
    pub place: &'static str,
}

/// A type with which a field of a configuration can be declared. It determines the kind of the property.
///
/// # Safety
/// All bytes zero must be a valid [`Field`](Self::Field), and QEMU's property of this
/// [`KIND`](Self::KIND) must store a valid one there.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a type that a property can have",
        note = "there are bool, u8 to u64, i32, i64, Size, Option<String>, Vec of these, enums of qdev_define_enum!, Option<Owned<Class>>, CharFrontend and Drive"
    )
)]
pub unsafe trait PropertyType: 'static {
    /// The field's type: a [`Setting`] of the value, or the type itself if only QEMU uses its contents.
    type Field;

    /// The kind of a property of this type.
    const KIND: PropertyKind;
}

/// A property type whose values can be read.
///
/// # Safety
/// [`Stored`](Self::Stored) must be the type in which QEMU's property of this kind stores a value, and all bytes zero
/// must be a valid one.
pub unsafe trait PropertyValue: PropertyType<Field = Setting<Self>> + Sized {
    /// The type in which QEMU stores a value.
    type Stored;

    /// Copies the stored value.
    ///
    /// # Safety
    /// `stored` must point to a value that QEMU's property has stored, or to zeros.
    unsafe fn read(stored: *const Self::Stored) -> Self;

    /// Frees memory that QEMU does not free with the property.
    ///
    /// # Safety
    /// As for `read`; the value is not used any more.
    unsafe fn end(_stored: *mut Self::Stored) {}
}

/// A property type that can have a default.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "a property of type `{Self}` has no default",
        note = "leave out what follows `=`: the value is none until a user sets it"
    )
)]
pub trait PropertyDefault: PropertyValue {
    /// Returns the value's bits; a negative number is sign-extended.
    fn bits(self) -> u64;
}

/// A value that a property sets and the device reads.
///
/// Reading copies it, since the property may be set again until the device is realized.
#[repr(transparent)]
pub struct Setting<T: PropertyValue>(UnsafeCell<T::Stored>);

impl<T: PropertyValue> Setting<T> {
    /// Returns the value. /// /// # Panics If a link's target belongs to another struct with the class's name.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T {
        // SAFETY: only QEMU's property writes it, on this thread, and there is no reference into it.
        unsafe { T::read(self.0.get()) }
    }
}

impl<T: PropertyValue> Drop for Setting<T> {
    fn drop(&mut self) {
        // SAFETY: the device is being freed, and its properties are gone.
        unsafe { T::end(self.0.get()) }
    }
}

macro_rules! scalars {
    ($($type:ty => $kind:ident,)*) => {
        $(
            // SAFETY: QEMU's property writes a number, or a bool, of just this type; zero is one.
            unsafe impl PropertyType for $type {
                type Field = Setting<Self>;
                const KIND: PropertyKind = PropertyKind::$kind;
            }

            // SAFETY: as above.
            unsafe impl PropertyValue for $type {
                type Stored = Self;

                unsafe fn read(stored: *const Self) -> Self {
                    // SAFETY: the caller guarantees the stored value.
                    unsafe { *stored }
                }
            }

            impl PropertyDefault for $type {
                fn bits(self) -> u64 {
                    self as u64
                }
            }

            // SAFETY: zeros are an empty array.
            unsafe impl PropertyType for Vec<$type> {
                type Field = Setting<Self>;
                const KIND: PropertyKind = PropertyKind::Array {
                    element: &PropertyKind::$kind,
                    element_size: std::mem::size_of::<$type>(),
                };
            }

            // SAFETY: this is how QEMU stores an array, in all releases.
            unsafe impl PropertyValue for Vec<$type> {
                type Stored = sys::ArrayStorage;

                unsafe fn read(stored: *const sys::ArrayStorage) -> Self {
                    bql::expect_locked();
                    // SAFETY: the caller guarantees the stored value: QEMU has as many elements there.
                    unsafe {
                        let elements = (*stored).elements as *const $type;
                        (0..(*stored).count as usize).map(|n| *elements.add(n)).collect()
                    }
                }

                unsafe fn end(stored: *mut sys::ArrayStorage) {
                    if !sys::arrays_are_lists() {
                        // SAFETY: QEMU allocated it and leaves it to the device, which is being freed.
                        unsafe { sys::g_free((*stored).elements) };
                    }
                }
            }
        )*
    };
}

scalars! {
    bool => Bool,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    i32 => I32,
    i64 => I64,
}

/// An unsigned number whose bits are properties.
///
/// # Safety
/// QEMU's properties of the [`KINDS`](Self::KINDS) must leave a valid value in the number.
pub unsafe trait PropertyBits: PropertyValue {
    /// The kinds of properties for the bits, starting from the lowest bit.
    ///
    /// It is a table, since a trait cannot have const functions.
    const KINDS: &'static [PropertyKind];
}

macro_rules! bits {
    ($type:ty, $kind:ident, [$($bit:literal)*]) => {
        // SAFETY: each is a bit of a number of this size.
        unsafe impl PropertyBits for $type {
            const KINDS: &'static [PropertyKind] = &[$(PropertyKind::$kind($bit)),*];
        }
    };
}

bits!(u32, Bit, [
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
]);
bits!(u64, Bit64, [
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
    32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
]);

/// A number of bytes, which users write with K, M, G and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Size(pub u64);

// SAFETY: QEMU's property writes an unsigned number of 64 bits.
unsafe impl PropertyType for Size {
    type Field = Setting<Self>;
    const KIND: PropertyKind = PropertyKind::Size;
}

// SAFETY: as above.
unsafe impl PropertyValue for Size {
    type Stored = u64;

    unsafe fn read(stored: *const u64) -> Self {
        // SAFETY: the caller guarantees the stored value.
        unsafe { Size(*stored) }
    }
}

impl PropertyDefault for Size {
    fn bits(self) -> u64 {
        self.0
    }
}

// SAFETY: QEMU's property writes NULL or a string of its own, which it frees.
unsafe impl PropertyType for Option<String> {
    type Field = Setting<Self>;
    const KIND: PropertyKind = PropertyKind::String;
}

// SAFETY: as above.
unsafe impl PropertyValue for Option<String> {
    type Stored = *const c_char;

    unsafe fn read(stored: *const *const c_char) -> Self {
        bql::expect_locked();
        // SAFETY: the caller guarantees the stored value: NULL or a string.
        unsafe { Option::cloned_from_foreign(*stored) }
    }
}

// SAFETY: QEMU's property writes NULL or an object that is a T, and holds a reference to it.
unsafe impl<T: IsA<Object>> PropertyType for Option<Owned<T>> {
    type Field = Setting<Self>;
    const KIND: PropertyKind = PropertyKind::Link(T::TYPE);
}

// SAFETY: as above.
unsafe impl<T: IsA<Object>> PropertyValue for Option<Owned<T>> {
    type Stored = *const Object;

    /// # Panics
    /// If `T` is not the class that QEMU has under its name, or the object is being freed.
    #[track_caller]
    unsafe fn read(stored: *const *const Object) -> Self {
        // SAFETY: the caller guarantees the stored value: NULL or a live object.
        let object = unsafe { (*stored).as_ref() }?;
        match object.dynamic_cast::<T>() {
            Some(object) => Some(Owned::from(object)),
            None => panic!(
                "the link leads to {:?}, which is not of the struct that is asked for: another one has its name",
                object
            ),
        }
    }
}

/// Defines an enum that can be a property, with the name that users write for each value.
///
/// ```
/// oldstable::qdev_define_enum! {
///     /// What happens when the time is up.
///     pub enum Mode("TimerMode") {
///         OneShot = "one-shot",
///         Periodic = "periodic",
///     }
/// }
/// ```
///
/// The name in parentheses is QEMU's name for the type. The first value is the default of a property that does not
/// state one.
#[macro_export]
macro_rules! qdev_define_enum {
    (
        $(#[$attribute:meta])*
        $vis:vis enum $Enum:ident($type_name:literal) {
            $($(#[$value_attribute:meta])* $Value:ident = $name:literal),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $Enum {
            $($(#[$value_attribute])* $Value,)+
        }

        // SAFETY: QEMU's property writes the number of one of the names.
        unsafe impl $crate::qdev::PropertyType for $Enum {
            type Field = $crate::qdev::Setting<Self>;
            const KIND: $crate::qdev::PropertyKind = $crate::qdev::PropertyKind::Enum {
                name: $crate::compat::c_str!($type_name),
                values: &[$($crate::compat::c_str!($name)),+],
            };
        }

        // SAFETY: as above.
        unsafe impl $crate::qdev::PropertyValue for $Enum {
            type Stored = $crate::compat::ffi::c_int;

            unsafe fn read(stored: *const Self::Stored) -> Self {
                [$($Enum::$Value),+][*stored as usize]
            }
        }

        impl $crate::qdev::PropertyDefault for $Enum {
            fn bits(self) -> u64 {
                self as u64
            }
        }
    };
    ($($other:tt)*) => {
        ::std::compile_error!("an enum of names is written `pub enum Enum(\"NameOfTheType\") { First = \"first\", … }`");
    };
}
