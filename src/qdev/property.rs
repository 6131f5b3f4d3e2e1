//! Properties: what a user sets before a device is realized, and the field that it ends up in.

use crate::foreign::FromForeign;
use crate::qom::{IsA, Object, ObjectCast, Owned};
use crate::{bql, sys};
use oldstable_compat::ffi::{c_char, CStr};
use std::cell::UnsafeCell;

/// What a property holds.
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
    /// Text, or none.
    String,
    /// One of several names.
    Enum {
        /// The name of the enumeration.
        name: &'static CStr,
        /// The names, in the order of their numbers.
        values: &'static [&'static CStr],
    },
    /// Any number of values of one kind, which have `element_size` bytes each.
    Array {
        /// What each value is.
        element: &'static PropertyKind,
        /// How many bytes a value has.
        element_size: usize,
    },
    /// An object of a class.
    Link(&'static CStr),
    /// A character device, by its id.
    Chardev,
    /// A block device, by its id.
    Drive,
}

impl PropertyKind {
    /// What QEMU has for the kind, or for the elements of an array.
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
    /// As users write it.
    pub name: &'static CStr,
    /// What it is for, a line an entry, each with a space in front: a doc comment.
    pub description: &'static [&'static str],
    /// What it holds.
    pub kind: PropertyKind,
    /// Where the field lies in the configuration, in bytes.
    pub offset: usize,
    /// The bits of its default, a negative number's with the sign extended. Without one it begins as
    /// zeros, which stand for 0, off, the first name, and nothing.
    pub default: Option<fn() -> u64>,
    /// The file and line of the configuration's definition, for who is told of a mistake in it.
    pub place: &'static str,
}

/// The type that a field of a configuration is declared with, and with it the kind of its property.
///
/// # Safety
/// All bytes zero must be a valid [`Field`](Self::Field), and QEMU's property of this
/// [`KIND`](Self::KIND) must leave a valid one in its place.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a type that a property can have",
        note = "there are bool, u8 to u64, i32, i64, Size, Option<String>, Vec of these, enums of qdev_define_enum!, Option<Owned<Class>>, CharFrontend and Drive"
    )
)]
pub unsafe trait PropertyType: 'static {
    /// What the field is: a [`Setting`] of the value, or the type itself if only QEMU looks inside.
    type Field;

    /// What a property of this type holds.
    const KIND: PropertyKind;
}

/// A property's type whose values can be read.
///
/// # Safety
/// [`Stored`](Self::Stored) must be how QEMU's property of this kind stores a value, and all bytes zero
/// must be one.
pub unsafe trait PropertyValue: PropertyType<Field = Setting<Self>> + Sized {
    /// How QEMU stores a value.
    type Stored;

    /// Copies what is stored.
    ///
    /// # Safety
    /// It must be a value that QEMU's property has stored, or zeros.
    unsafe fn read(stored: *const Self::Stored) -> Self;

    /// Frees what QEMU does not free with the property.
    ///
    /// # Safety
    /// As for `read`; the value is not used any more.
    unsafe fn end(_stored: *mut Self::Stored) {}
}

/// A property's type that can have a default.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "a property of type `{Self}` has no default",
        note = "leave out what follows `=`: the value is none until a user sets it"
    )
)]
pub trait PropertyDefault: PropertyValue {
    /// The value's bits, a negative number's with the sign extended.
    fn bits(self) -> u64;
}

/// A value that a property sets and the device reads.
///
/// It is read by copying it: the property may be set again as long as the device is not realized.
#[repr(transparent)]
pub struct Setting<T: PropertyValue>(UnsafeCell<T::Stored>);

impl<T: PropertyValue> Setting<T> {
    /// The value.
    ///
    /// # Panics
    /// If a link leads to an object of another struct that has the class's name.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T {
        // SAFETY: only QEMU's property writes it, on this thread, and nobody has a reference into it.
        unsafe { T::read(self.0.get()) }
    }
}

impl<T: PropertyValue> Drop for Setting<T> {
    fn drop(&mut self) {
        // SAFETY: the device is at its end, and its properties are gone.
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
                    // SAFETY: the caller vouches for what is stored.
                    unsafe { *stored }
                }
            }

            impl PropertyDefault for $type {
                fn bits(self) -> u64 {
                    self as u64
                }
            }

            // SAFETY: zeros are an array of nothing.
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
                    // SAFETY: the caller vouches for what is stored: QEMU has as many elements there.
                    unsafe {
                        let elements = (*stored).elements as *const $type;
                        (0..(*stored).count as usize).map(|n| *elements.add(n)).collect()
                    }
                }

                unsafe fn end(stored: *mut sys::ArrayStorage) {
                    if !sys::arrays_are_lists() {
                        // SAFETY: QEMU allocated it and leaves it to the device, which is at its end.
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
/// QEMU's properties of the [`KINDS`](Self::KINDS) must leave a valid value where the number is stored.
pub unsafe trait PropertyBits: PropertyValue {
    /// The kind of a property that is the bit of this number, counted from the lowest.
    ///
    /// It is a table, since a trait has no const function.
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
        // SAFETY: the caller vouches for what is stored.
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
        // SAFETY: the caller vouches for what is stored: NULL or a string.
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
    /// If `T` is not the class that QEMU knows by its name, or the object is at its end.
    #[track_caller]
    unsafe fn read(stored: *const *const Object) -> Self {
        // SAFETY: the caller vouches for what is stored: NULL or a live object.
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

/// Defines an enum that can be a property: each value with the name that users write.
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
/// The name in parentheses is the one that QEMU has for the type. The first value is the default of a
/// property that says none.
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
