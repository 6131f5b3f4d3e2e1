//! Sections and subsections of the stream, and what is done before and after.

use super::field::{collect, remember_cells, Field};
use super::form::{Form, Place};
use super::outcome::{guard_hook, outcome};
use crate::qom::ObjectType;
use crate::sys;
use crate::Result;
use oldstable_compat::ffi::{c_int, c_void, CStr};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

/// A section of the stream, or with a type of one's own as `Which` a subsection.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` does not say what migrates",
        note = "write `impl VmState for {Self}` with its NAME and FIELDS"
    )
)]
pub trait VmState<Which = ()>: ObjectType {
    /// The name in the stream. A subsection's begins with that of its section and a slash.
    const NAME: &'static CStr;

    /// The version that is saved.
    const VERSION: u32 = 1;

    /// The oldest version that can be loaded.
    const MINIMUM_VERSION: u32 = Self::VERSION;

    /// The fields, in their order: see [`vmstate_fields!`](crate::vmstate_fields).
    const FIELDS: &'static [Field<Self>];

    /// What follows the fields, each by its own name.
    const SUBSECTIONS: &'static [Section<Self>] = &[];

    /// Whether a subsection is saved, or, of a section, whether the device is at all.
    const NEEDED: Option<fn(&Self) -> bool> = None;

    /// Runs before the fields are loaded.
    const PRE_LOAD: Option<fn(&Self) -> Result<()>> = None;

    /// Runs when the fields and subsections have been loaded, with the version of the stream. An error
    /// refuses the stream.
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = None;

    /// Runs before the fields are saved. An error ends the saving.
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = None;

    /// All of it, for [`DeviceImpl::VMSTATE`](crate::qdev::DeviceImpl::VMSTATE) and
    /// [`SUBSECTIONS`](Self::SUBSECTIONS).
    const SECTION: Section<Self> = Section { build: build::<Self, Which>, owner: PhantomData };
}

/// A section or subsection of the stream: a [`VmState::SECTION`].
pub struct Section<T> {
    build: unsafe fn() -> *const sys::VmStateDescription,
    owner: PhantomData<*const T>,
}

impl<T> Section<T> {
    /// The section as the running QEMU wants it. It lives as long as the process.
    ///
    /// # Safety
    /// The running QEMU must be known.
    pub(crate) unsafe fn build(&self) -> *const sys::VmStateDescription {
        // SAFETY: the caller vouches for the running QEMU.
        unsafe { (self.build)() }
    }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn build<T: VmState<Which>, Which>() -> *const sys::VmStateDescription {
    let mut fields = Vec::new();
    // SAFETY: the caller vouches for the running QEMU.
    unsafe { collect(T::FIELDS, 0, &mut fields) };
    remember_cells(T::FIELDS);
    let section = sys::VmStateSection {
        name: T::NAME.as_ptr(),
        version: T::VERSION,
        minimum_version: T::MINIMUM_VERSION,
        pre_load: Some(pre_load::<T, Which>),
        post_load: T::POST_LOAD.and(Some(post_load::<T, Which> as _)),
        pre_save: Some(pre_save::<T, Which>),
        needed: T::NEEDED.and(Some(needed::<T, Which> as _)),
        fields,
        // SAFETY: the caller vouches for the running QEMU.
        subsections: T::SUBSECTIONS.iter().map(|section| unsafe { section.build() }).collect(),
    };
    // SAFETY: a [`Field`] is where its place says in a `T`, which the functions are made for.
    unsafe { sys::vmstate_description(&section) }
}

/// QEMU saves and loads behind the cells' backs: a borrow that somebody has kept must not see it.
fn check_borrows<T: VmState<Which>, Which>(owner: &T, to_change: bool) -> Result<()> {
    for field in T::FIELDS {
        let placed = (field.place)();
        if let Some(is_borrowed) = placed.form.is_borrowed {
            // SAFETY: the field lies at its offset, and is a cell of the type that the function is made for.
            let out = unsafe {
                let start = owner as *const T as *const u8;
                is_borrowed(start.add(placed.offset) as *const c_void, to_change)
            };
            if out {
                let name = field.name.trim_end_matches('\0');
                return Err(format!("{} is borrowed, and cannot migrate", name).into());
            }
        }
    }
    Ok(())
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn pre_load<T: VmState<Which>, Which>(opaque: *mut c_void) -> c_int {
    guard_hook("pre_load", || {
        // SAFETY: QEMU calls the hook with the object that the section is of.
        let owner = unsafe { &*(opaque as *const T) };
        let result = T::PRE_LOAD.map_or(Ok(()), |method| method(owner));
        outcome(T::NAME, result.and_then(|()| check_borrows::<T, Which>(owner, false)))
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn post_load<T: VmState<Which>, Which>(opaque: *mut c_void, version: c_int) -> c_int {
    guard_hook("post_load", || match T::POST_LOAD {
        // SAFETY: as in `pre_load`.
        Some(method) => unsafe { outcome(T::NAME, method(&*(opaque as *const T), version as u32)) },
        None => 0,
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn pre_save<T: VmState<Which>, Which>(opaque: *mut c_void) -> c_int {
    guard_hook("pre_save", || {
        // SAFETY: as in `pre_load`.
        let owner = unsafe { &*(opaque as *const T) };
        let result = T::PRE_SAVE.map_or(Ok(()), |method| method(owner));
        outcome(T::NAME, result.and_then(|()| check_borrows::<T, Which>(owner, true)))
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn needed<T: VmState<Which>, Which>(opaque: *mut c_void) -> bool {
    guard_hook("needed", || match T::NEEDED {
        // SAFETY: as in `pre_load`.
        Some(method) => unsafe { method(&*(opaque as *const T)) },
        None => true,
    })
}

// SAFETY: the parent's section is made for its own fields, which lie at the front of it.
unsafe impl<T: VmState> Place for ManuallyDrop<T> {
    fn form() -> Form {
        Form::of_parent::<T>(describe_parent::<T>)
    }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn describe_parent<T: VmState>() -> *const sys::VmStateDescription {
    // SAFETY: the caller vouches for the running QEMU.
    unsafe { T::SECTION.build() }
}
