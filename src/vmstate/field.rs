// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The fields of a section.

use super::form::{Form, Place, Value};
use super::outcome::guard_hook;
use crate::bql::BqlRefCell;
use crate::callback::FnCall;
use crate::qom::{ObjectType, Part};
use crate::sys;
use oldstable_compat::ffi::{c_int, c_void, CStr};
use std::marker::PhantomData;

/// The offset of a field, its form in the stream, and whether a stream of a given version has it.
pub struct Placed {
    /// The offset of the field in its owner, in bytes.
    pub offset: usize,
    /// Its form in the stream.
    pub form: Form,
    /// The condition for it to be in a stream.
    pub exists: Exists,
}

/// Returns whether a stream of a given version has a field of an object; None if it always has.
pub type Exists = Option<unsafe extern "C" fn(*mut c_void, c_int) -> bool>;

/// Proof that a field is as described.
pub struct Vouched(());

impl Vouched {
    /// Guarantees a [`Field`]. [`vmstate_fields!`](crate::vmstate_fields) calls it.
    ///
    /// # Safety
    /// The field must be at its offset in each instance of the field's owner, and have a type of its form.
    pub const unsafe fn new() -> Self {
        Vouched(())
    }
}

/// A field of a section: [`vmstate_fields!`](crate::vmstate_fields) makes it.
pub struct Field<T> {
    /// The name, with its closing NUL.
    pub name: &'static str,
    /// The offset and form, computed once the owner's layout is known.
    pub place: fn() -> Placed,
    /// The version that introduced it; 0 if it was there from the start.
    pub since: u32,
    /// Whether the fields of a struct replace the struct.
    pub spread: bool,
    /// Proof that the rest is true.
    pub vouched: Vouched,
    /// The class that has the field.
    pub owner: PhantomData<*const T>,
}

/// Returns the form of the field that a function selects.
#[doc(hidden)]
pub fn place_of<T: ObjectType, F: Place>(_pick: fn(&T) -> &F) -> Form {
    F::form()
}

/// Does the same as `place_of`, in a part of an object.
#[doc(hidden)]
pub fn place_in<T: Part, F: Place>(_pick: fn(&T) -> &F) -> Form {
    F::form()
}

/// Does the same as `place_of`, inside a cell.
#[doc(hidden)]
pub fn value_of<T: Copy, F: Value>(_pick: fn(&T) -> &F) -> Form {
    F::form()
}

/// A cell that migrates: the class of its object, the name and place of the field, and a function that says whether it
/// is borrowed.
#[derive(Clone, Copy)]
struct MigratingCell {
    class: &'static CStr,
    name: &'static str,
    offset: usize,
    is_borrowed: unsafe fn(*const c_void, bool) -> bool,
}

/// The cells of all sections that have been built.
static CELLS: BqlRefCell<Vec<MigratingCell>> = BqlRefCell::new(Vec::new());

/// Records the cells among the fields of a class.
pub(super) fn remember_cells<T: ObjectType>(fields: &'static [Field<T>]) {
    for field in fields {
        let Placed { offset, form, .. } = (field.place)();
        if let Some(is_borrowed) = form.is_borrowed {
            CELLS.borrow_mut().push(MigratingCell { class: T::TYPE, name: field.name, offset, is_borrowed });
        }
    }
}

/// Returns the borrows of an object's cells, including those of its ancestors and descendants; a mutable one is listed
/// twice, the second time with true.
fn borrows_of<T: ObjectType>(owner: &T) -> Vec<(MigratingCell, bool)> {
    let cells = CELLS.borrow().clone();
    let object = owner as *const T as *const c_void;
    let mut borrows = Vec::new();
    for cell in cells {
        // SAFETY: an object of the class has the cell, of the type that the function is made for, at its offset.
        unsafe {
            if sys::object_dynamic_cast(object as *mut sys::Object, cell.class.as_ptr()).is_null() {
                continue;
            }
            let place = (object as *const u8).add(cell.offset) as *const c_void;
            for &to_change in &[false, true] {
                if (cell.is_borrowed)(place, to_change) {
                    borrows.push((cell, to_change));
                }
            }
        }
    }
    borrows
}

/// Runs a hook of an object that migrates. QEMU reads and writes the cells afterwards, without borrowing them.
///
/// # Panics
/// If the hook has kept a borrow of a cell that migrates. An error would not do: QEMU 10.0 crashes at one in an
/// ancestor's section.
pub(super) fn keep_no_borrow<T: ObjectType, R>(owner: &T, hook: impl FnOnce() -> R) -> R {
    let before = borrows_of(owner);
    let result = hook();
    for (cell, to_change) in borrows_of(owner) {
        let is_known = before.iter().any(|(other, change)| (other.offset, *change) == (cell.offset, to_change));
        assert!(is_known, "it keeps a borrow of {}, which migrates", cell.name.trim_end_matches('\0'));
    }
    result
}

/// Returns the condition of a field that calls a function of the object.
#[doc(hidden)]
pub fn exists_if<T, F>(_callback: F) -> Exists
where
    T: ObjectType,
    F: for<'a> FnCall<(&'a T, u32), bool>,
{
    /// # Safety
    /// QEMU calls it with a live instance of `T`.
    unsafe extern "C" fn exists<T, F>(opaque: *mut c_void, version: c_int) -> bool
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T, u32), bool>,
    {
        guard_hook("a field's condition", || {
            // SAFETY: QEMU passes the object of the section.
            let owner = unsafe { &*(opaque as *const T) };
            // SAFETY: the callback's value existed where the condition was made.
            keep_no_borrow(owner, || unsafe { F::call((owner, version as u32)) })
        })
    }
    Some(exists::<T, F>)
}

/// Describes a struct that is a field: of one version, and with nothing besides its fields.
///
/// # Safety
/// The running QEMU must be known.
pub(crate) unsafe fn describe_fields<T>(
    name: &'static CStr,
    version: u32,
    fields: &[Field<T>],
) -> *const sys::VmStateDescription {
    let mut collected = Vec::new();
    // SAFETY: the caller guarantees that the running QEMU is known.
    unsafe { collect(fields, 0, &mut collected) };
    let section = sys::VmStateSection {
        name: name.as_ptr(),
        version,
        minimum_version: version,
        pre_load: None,
        post_load: None,
        pre_save: None,
        needed: None,
        fields: collected,
        subsections: Vec::new(),
    };
    // SAFETY: a [`Field`] is at its offset, in every owner of the fields.
    unsafe { sys::vmstate_description(&section) }
}

/// Converts fields to C's.
///
/// # Safety
/// The running QEMU must be known.
pub(super) unsafe fn collect<T>(fields: &[Field<T>], start: usize, into: &mut Vec<sys::VmStateField>) {
    for field in fields {
        let Placed { offset, form, exists } = (field.place)();
        match form.fields {
            // SAFETY: the caller guarantees that the running QEMU is known.
            Some(fields_of) if field.spread => unsafe { fields_of(start + offset, into) },
            _ => into.push(sys::VmStateField {
                name: field.name.as_ptr() as *const _,
                offset: start + offset,
                size: form.size,
                count: form.count,
                flags: form.flags,
                info: form.info.map_or(std::ptr::null(), |info| info()),
                description: match form.description {
                    // SAFETY: the caller guarantees that the running QEMU is known.
                    Some(description) => unsafe { description() },
                    None => std::ptr::null(),
                },
                version: field.since,
                exists,
            }),
        }
    }
}

/// Lists the fields of a device that migrate, for [`VmState::FIELDS`](crate::vmstate::VmState::FIELDS).
///
/// Between the braces after the device's type, write in the order of the stream:
///
/// - `field`: a field of the device, of a type that is a [`vmstate::Place`](crate::vmstate::Place).
/// - `field since 2`: one that streams of older versions do not have.
/// - `field if function`: one that is in the stream if `fn(&Self, version: u32) -> bool` returns true.
/// - `..field`: the fields of a struct instead of the struct. The data in the stream is the same; QEMU's description at
///   the end of the stream differs.
/// - `_: [u8; 4]`: bytes without meaning.
///
/// ```compile_fail
/// # use oldstable::qdev::DeviceState;
/// # use oldstable::qom::Object;
/// # use oldstable::sysbus::SysBusDevice;
/// # use oldstable::vmstate::Field;
/// oldstable::qom_define_type! {
///     struct Counter("counter"): SysBusDevice, DeviceState, Object { count: u32 }
/// }
/// # impl oldstable::qom::ObjectImpl for Counter {}
/// # impl oldstable::qdev::DeviceImpl for Counter {}
/// # impl oldstable::sysbus::SysBusDeviceImpl for Counter {}
/// // `u32` is not a `Place`: loading would change it behind a reference. A `BqlCell<u32>` is.
/// const FIELDS: &[Field<Counter>] = oldstable::vmstate_fields! { Counter { count } };
/// ```
#[macro_export]
macro_rules! vmstate_fields {
    ($Owner:path { $($items:tt)* }) => {
        $crate::__vmstate_fields!(@next place_of [$Owner] [] $($items)*)
    };
    ($($other:tt)*) => {
        ::std::compile_error!("the fields stand between braces behind the class: `vmstate_fields! { Self { field, … } }`")
    };
}

/// Parses the items of a list of fields one by one.
#[doc(hidden)]
#[macro_export]
macro_rules! __vmstate_fields {
    (@next $kind:ident [$Owner:path] [$($done:tt)*] _: [u8; $size:expr] $(, $($rest:tt)*)?) => {
        $crate::__vmstate_fields!(@next $kind [$Owner] [$($done)* {
            "unused\0", 0, false, || $crate::vmstate::Placed {
                offset: 0,
                form: $crate::vmstate::Form::unused($size),
                exists: None,
            }
        }] $($($rest)*)?)
    };
    (@next $kind:ident [$Owner:path] [$($done:tt)*] ..$field:ident $(, $($rest:tt)*)?) => {
        $crate::__vmstate_fields!(@next $kind [$Owner] [$($done)* {
            concat!(stringify!($field), "\0"), 0, true,
            || $crate::__vmstate_fields!(@placed $kind $Owner, $field, None)
        }] $($($rest)*)?)
    };
    (@next $kind:ident [$Owner:path] [$($done:tt)*] $field:ident since $since:literal $(, $($rest:tt)*)?) => {
        $crate::__vmstate_fields!(@next $kind [$Owner] [$($done)* {
            concat!(stringify!($field), "\0"), $since, false,
            || $crate::__vmstate_fields!(@placed $kind $Owner, $field, None)
        }] $($($rest)*)?)
    };
    (@next place_of [$Owner:path] [$($done:tt)*] $field:ident if $exists:expr $(, $($rest:tt)*)?) => {
        $crate::__vmstate_fields!(@next place_of [$Owner] [$($done)* {
            concat!(stringify!($field), "\0"), 0, false,
            || $crate::__vmstate_fields!(
                @placed place_of $Owner, $field, $crate::vmstate::exists_if::<$Owner, _>($exists)
            )
        }] $($($rest)*)?)
    };
    (@next $kind:ident [$Owner:path] [$($done:tt)*] $field:ident $(, $($rest:tt)*)?) => {
        $crate::__vmstate_fields!(@next $kind [$Owner] [$($done)* {
            concat!(stringify!($field), "\0"), 0, false,
            || $crate::__vmstate_fields!(@placed $kind $Owner, $field, None)
        }] $($($rest)*)?)
    };
    (@next $kind:ident [$Owner:path] [$({ $name:expr, $since:expr, $spread:expr, $place:expr })*]) => {
        &[$($crate::vmstate::Field {
            name: $name,
            place: $place,
            since: $since,
            spread: $spread,
            // SAFETY: offset and form are those of the same field.
            vouched: unsafe { $crate::vmstate::Vouched::new() },
            owner: ::std::marker::PhantomData,
        }),*]
    };
    (@next value_of [$Owner:path] [$($done:tt)*] $field:ident if $($rest:tt)*) => {
        ::std::compile_error!("a field of a struct has no condition: write `if` after the field of a device")
    };
    (@next place_in [$Owner:path] [$($done:tt)*] $field:ident if $($rest:tt)*) => {
        ::std::compile_error!("a field of a part has no condition: write `if` after the field of a device")
    };
    (@next $kind:ident [$Owner:path] [$($done:tt)*] $($rest:tt)*) => {
        ::std::compile_error!(
            "what migrates is written `field`, `field since 2`, `field if function`, `..field` or `_: [u8; 4]`, with \
             commas between"
        )
    };
    (@placed $kind:ident $Owner:path, $field:ident, $exists:expr) => {
        $crate::vmstate::Placed {
            offset: $crate::compat::offset_of!($Owner, $field),
            form: $crate::vmstate::$kind(|owner: &$Owner| &owner.$field),
            exists: $exists,
        }
    };
}
