// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Sections and subsections of the stream, and the hooks that run before and after.

use super::field::{collect, keep_no_borrow, remember_cells, Field};
use super::form::{Form, Place};
use super::outcome::{guard_hook, outcome};
use crate::bql::BqlCell;
use crate::qom::ObjectType;
use crate::sys;
use crate::Result;
use oldstable_compat::ffi::{c_int, c_void, CStr};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

/// A section of the stream, or, with your own type as `Which`, a subsection.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` does not say what migrates",
        note = "write `impl VmState for {Self}` with its NAME and FIELDS"
    )
)]
pub trait VmState<Which = ()>: ObjectType {
    /// The name in the stream, of at most 255 bytes. A subsection's begins with that of its section and a slash.
    const NAME: &'static CStr;

    /// The version that is saved.
    const VERSION: u32 = 1;

    /// The oldest version that can be loaded.
    const MINIMUM_VERSION: u32 = Self::VERSION;

    /// The fields, in their order: see [`vmstate_fields!`](crate::vmstate_fields).
    const FIELDS: &'static [Field<Self>];

    /// The subsections after the fields. They may be nested up to 32 deep.
    const SUBSECTIONS: &'static [Section<Self>] = &[];

    /// Returns whether to save a subsection, or, in a section, the whole device.
    const NEEDED: Option<fn(&Self) -> bool> = None;

    /// Runs before the fields are loaded.
    const PRE_LOAD: Option<fn(&Self) -> Result<()>> = None;

    /// Runs after the fields and subsections have been loaded, with the stream's version. An error rejects the stream.
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = None;

    /// Runs before the fields are saved. An error cancels the save.
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = None;

    /// The whole section, for [`DeviceImpl::VMSTATE`](crate::qdev::DeviceImpl::VMSTATE) and
    /// [`SUBSECTIONS`](Self::SUBSECTIONS).
    const SECTION: Section<Self> = Section { build: build::<Self, Which>, owner: PhantomData };
}

/// A section or subsection of the stream: a [`VmState::SECTION`].
pub struct Section<T> {
    build: unsafe fn() -> *const sys::VmStateDescription,
    owner: PhantomData<*const T>,
}

impl<T> Section<T> {
    /// Builds the section in the running QEMU's format. It lives as long as the process.
    ///
    /// # Safety
    /// The running QEMU must be known.
    pub(crate) unsafe fn build(&self) -> *const sys::VmStateDescription {
        // SAFETY: the caller guarantees that the running QEMU is known.
        unsafe { (self.build)() }
    }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn build<T: VmState<Which>, Which>() -> *const sys::VmStateDescription {
    let depth = expect_to_fit_in_the_stream(T::NAME);
    let mut fields = Vec::new();
    // SAFETY: the caller guarantees that the running QEMU is known.
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
        // SAFETY: the caller guarantees that the running QEMU is known.
        subsections: T::SUBSECTIONS.iter().map(|section| unsafe { section.build() }).collect(),
    };
    DEPTH.set(depth);
    // SAFETY: a [`Field`] is at its offset in a `T`, and the functions are made for `T`.
    unsafe { sys::vmstate_description(&section) }
}

/// How many sections contain the one that is being built.
static DEPTH: BqlCell<usize> = BqlCell::new(0);

/// Goes one section deeper, and returns how deep it was before.
///
/// # Panics
/// If a section contains itself, or if its name is too long: the stream stores the length in one byte.
fn expect_to_fit_in_the_stream(name: &CStr) -> usize {
    const DEEPEST: usize = 32;
    const LONGEST: usize = u8::MAX as usize;
    let (depth, length) = (DEPTH.get(), name.to_bytes().len());
    let shown = name.to_string_lossy();
    assert!(length <= LONGEST, "the name of a section has at most {} bytes, not {}: {}", LONGEST, length, shown);
    assert!(depth < DEEPEST, "{} lies in {} other sections: is it a subsection of itself?", shown, depth);
    DEPTH.set(depth + 1);
    depth
}

/// Returns an error if a cell is borrowed, since QEMU saves and loads cells without borrowing them.
fn check_borrows<T: VmState<Which>, Which>(owner: &T, to_change: bool) -> Result<()> {
    for field in T::FIELDS {
        let placed = (field.place)();
        if let Some(is_borrowed) = placed.form.is_borrowed {
            // SAFETY: the field is at its offset, and is a cell of the function's type.
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
        // SAFETY: QEMU calls the hook with the object of the section.
        let owner = unsafe { &*(opaque as *const T) };
        let result = T::PRE_LOAD.map_or(Ok(()), |method| keep_no_borrow(owner, || method(owner)));
        outcome(T::NAME, result.and_then(|()| check_borrows::<T, Which>(owner, false)))
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn post_load<T: VmState<Which>, Which>(opaque: *mut c_void, version: c_int) -> c_int {
    guard_hook("post_load", || {
        // SAFETY: as in `pre_load`.
        let owner = unsafe { &*(opaque as *const T) };
        let load = |method: fn(&T, u32) -> Result<()>| keep_no_borrow(owner, || method(owner, version as u32));
        outcome(T::NAME, T::POST_LOAD.map_or(Ok(()), load))
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn pre_save<T: VmState<Which>, Which>(opaque: *mut c_void) -> c_int {
    guard_hook("pre_save", || {
        // SAFETY: as in `pre_load`.
        let owner = unsafe { &*(opaque as *const T) };
        let result = T::PRE_SAVE.map_or(Ok(()), |method| keep_no_borrow(owner, || method(owner)));
        outcome(T::NAME, result.and_then(|()| check_borrows::<T, Which>(owner, true)))
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn needed<T: VmState<Which>, Which>(opaque: *mut c_void) -> bool {
    guard_hook("needed", || {
        // SAFETY: as in `pre_load`.
        let owner = unsafe { &*(opaque as *const T) };
        T::NEEDED.map_or(true, |method| keep_no_borrow(owner, || method(owner)))
    })
}

// SAFETY: the parent's section is for its own fields, which are at its front.
unsafe impl<T: VmState> Place for ManuallyDrop<T> {
    fn form() -> Form {
        Form::of_parent::<T>(describe_parent::<T>)
    }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn describe_parent<T: VmState>() -> *const sys::VmStateDescription {
    // SAFETY: the caller guarantees that the running QEMU is known.
    unsafe { T::SECTION.build() }
}
