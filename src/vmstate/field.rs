//! The fields of a section.

use super::form::{Form, Place, Value};
use super::outcome::guard_hook;
use crate::bql::BqlRefCell;
use crate::callback::FnCall;
use crate::qom::{ObjectType, Part};
use crate::sys;
use oldstable_compat::ffi::{c_int, c_void, CStr};
use std::marker::PhantomData;

/// Where a field lies, in which form it migrates, and whether a stream of some version has it.
pub struct Placed {
    /// Where the field lies in its owner, in bytes.
    pub offset: usize,
    /// How it is written.
    pub form: Form,
    /// Whether a stream has it.
    pub exists: Exists,
}

/// Asks an object whether a stream of some version has a field; None if it has it always.
pub type Exists = Option<unsafe extern "C" fn(*mut c_void, c_int) -> bool>;

/// Vouches that a field is what it says.
pub struct Vouched(());

impl Vouched {
    /// Vouches for a [`Field`]. [`vmstate_fields!`](crate::vmstate_fields) does.
    ///
    /// # Safety
    /// The field must lie at its offset in each instance of the field's owner, and be of a type of its
    /// form.
    pub const unsafe fn new() -> Self {
        Vouched(())
    }
}

/// A field of a section: [`vmstate_fields!`](crate::vmstate_fields) makes it.
pub struct Field<T> {
    /// With its closing NUL.
    pub name: &'static str,
    /// Where the field lies, asked once the owner's layout is known.
    pub place: fn() -> Placed,
    /// The version that has brought it; 0 if it has always been there.
    pub since: u32,
    /// Whether the fields of a struct stand for the struct.
    pub spread: bool,
    /// That the rest is true.
    pub vouched: Vouched,
    /// Whose field it is.
    pub owner: PhantomData<*const T>,
}

/// The form of the field that a function picks.
#[doc(hidden)]
pub fn place_of<T: ObjectType, F: Place>(_pick: fn(&T) -> &F) -> Form {
    F::form()
}

/// As `place_of`, in a part of an object.
#[doc(hidden)]
pub fn place_in<T: Part, F: Place>(_pick: fn(&T) -> &F) -> Form {
    F::form()
}

/// As `place_of`, inside a cell.
#[doc(hidden)]
pub fn value_of<T: Copy, F: Value>(_pick: fn(&T) -> &F) -> Form {
    F::form()
}

/// A cell that migrates: the class of its object, the name and place of the field, and what says whether a borrow
/// of it is out.
#[derive(Clone, Copy)]
struct MigratingCell {
    class: &'static CStr,
    name: &'static str,
    offset: usize,
    is_borrowed: unsafe fn(*const c_void, bool) -> bool,
}

/// Those of all sections that have been built.
static CELLS: BqlRefCell<Vec<MigratingCell>> = BqlRefCell::new(Vec::new());

/// Remembers the cells among the fields of a class.
pub(super) fn remember_cells<T: ObjectType>(fields: &'static [Field<T>]) {
    for field in fields {
        let Placed { offset, form, .. } = (field.place)();
        if let Some(is_borrowed) = form.is_borrowed {
            CELLS.borrow_mut().push(MigratingCell { class: T::TYPE, name: field.name, offset, is_borrowed });
        }
    }
}

/// The names of an object's cells of which a borrow is out, those of its ancestors and descendants among them.
fn borrowed_cells<T: ObjectType>(owner: &T) -> Vec<&'static str> {
    let cells = CELLS.borrow().clone();
    let object = owner as *const T as *const c_void;
    let is_out = |cell: &&MigratingCell| {
        // SAFETY: an object of the class has the cell, of the type that the function is made for, at its offset.
        unsafe {
            !sys::object_dynamic_cast(object as *mut sys::Object, cell.class.as_ptr()).is_null()
                && (cell.is_borrowed)((object as *const u8).add(cell.offset) as *const c_void, false)
        }
    };
    cells.iter().filter(is_out).map(|cell| cell.name).collect()
}

/// What asks an object by a function whether a field exists.
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
            // SAFETY: QEMU passes the object that the section is of.
            let owner = unsafe { &*(opaque as *const T) };
            let before = borrowed_cells(owner);
            // SAFETY: that a callback can be called is asked where it is made.
            let exists = unsafe { F::call((owner, version as u32)) };
            // QEMU writes the cells behind such a borrow's back.
            let kept = borrowed_cells(owner).into_iter().find(|cell| !before.contains(cell));
            if let Some(cell) = kept {
                panic!("it keeps a borrow of {}, which migrates", cell.trim_end_matches('\0'))
            }
            exists
        })
    }
    Some(exists::<T, F>)
}

/// The description of a struct that is a field: of one version, and with nothing beside its fields.
///
/// # Safety
/// The running QEMU must be known.
pub(super) unsafe fn describe_fields<T>(
    name: &'static CStr,
    version: u32,
    fields: &[Field<T>],
) -> *const sys::VmStateDescription {
    let mut collected = Vec::new();
    // SAFETY: the caller vouches for the running QEMU.
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
    // SAFETY: a [`Field`] is where its place says, in whatever has the fields.
    unsafe { sys::vmstate_description(&section) }
}

/// Turns fields into those of C.
///
/// # Safety
/// The running QEMU must be known.
pub(super) unsafe fn collect<T>(fields: &[Field<T>], start: usize, into: &mut Vec<sys::VmStateField>) {
    for field in fields {
        let Placed { offset, form, exists } = (field.place)();
        match form.fields {
            // SAFETY: the caller vouches for the running QEMU.
            Some(fields_of) if field.spread => unsafe { fields_of(start + offset, into) },
            _ => into.push(sys::VmStateField {
                name: field.name.as_ptr() as *const _,
                offset: start + offset,
                size: form.size,
                count: form.count,
                flags: form.flags,
                info: form.info.map_or(std::ptr::null(), |info| info()),
                description: match form.description {
                    // SAFETY: the caller vouches for the running QEMU.
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
/// Between the braces behind the device's type stand, in the order of the stream:
///
/// - `field`: a field of the device, of a type that is a [`vmstate::Place`](crate::vmstate::Place).
/// - `field since 2`: one that streams of older versions lack.
/// - `field if function`: one that is there if `fn(&Self, version: u32) -> bool` says so.
/// - `..field`: the fields of a struct instead of the struct. In the stream they are the same; in QEMU's
///   description of the stream, which stands at its end, they are not.
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
/// // `u32` is no `Place`: loading would change it behind a reference. A `BqlCell<u32>` is one.
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

/// Takes the items of a list of fields one by one.
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
        ::std::compile_error!("a field of a struct is there always: `if` stands behind the field of a device")
    };
    (@next place_in [$Owner:path] [$($done:tt)*] $field:ident if $($rest:tt)*) => {
        ::std::compile_error!("a field of a part is there always: `if` stands behind the field of a device")
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
