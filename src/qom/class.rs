// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Class structs, and how a subclass's methods are installed in them.
//!
//! The class struct of a class written in Rust:
//!
//! ```text
//! C ancestor's class struct | RustClass | methods that the first class in Rust adds | the next one's …
//! ```

use super::realize::while_ending;
use super::{Object, ObjectImpl, ObjectType, TypeImpl};
use crate::callback::guard;
use crate::report::refuse;
use crate::sys;
use oldstable_compat::ffi::CStr;
use std::mem::{align_of, size_of};
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// A class that can have subclasses written in Rust.
///
/// # Safety
/// [`class_size`](Self::class_size) must be the size of the class struct in the running release, and
/// [`methods_size`](Self::methods_size) that of the added methods.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be the parent of `{T}`",
        note = "parents are Object, DeviceState, SysBusDevice, PciDevice, I2cSlave, SsiPeripheral and classes with `qom_virtual_methods!`"
    )
)]
pub unsafe trait ClassInit<T>: ObjectType {
    /// Whether the class itself is written in Rust.
    const IN_RUST: bool = false;

    /// Returns the size of the class struct of the nearest ancestor in C, in bytes.
    fn class_size() -> usize;

    /// Returns the size of the methods that this class and its ancestors in Rust add, in bytes.
    fn methods_size() -> usize {
        0
    }

    /// Initialises the fields of this class and its ancestors, if they are written in Rust.
    ///
    /// # Safety
    /// `object` is an instance of `T` that is being made.
    unsafe fn initialize(_object: *mut sys::Object) {}

    /// Installs those methods of `T` that belong to this class or to one of its ancestors.
    ///
    /// # Safety
    /// `class` is the class of `T`, and its class_init runs.
    unsafe fn class_init(class: *mut sys::ObjectClass);
}

/// Data that every class written in Rust has after the class struct of its C ancestor.
#[repr(C)]
pub struct RustClass {
    /// Initialises all fields of classes written in Rust, the ancestors' first.
    pub(super) initialize: unsafe fn(*mut sys::Object),
}

/// The virtual methods that a class or an interface adds: function pointers.
/// [`qom_virtual_methods!`](crate::qom_virtual_methods) defines them.
pub trait VirtualMethods: 'static {
    /// The methods of the class itself.
    const BASE: Self;
}

/// Fails to compile for a table with a greater alignment than a pointer: it follows the class struct of the C ancestor,
/// which C allocates, and would not be aligned.
pub(super) struct OfPointers<Methods>(Methods);

impl<Methods> OfPointers<Methods> {
    // The index is out of bounds for such a table. The compiler shows the name.
    pub(super) const A_TABLE_OF_VIRTUAL_METHODS_HAS_NO_GREATER_ALIGNMENT_THAN_A_POINTER: () =
        [()][(align_of::<Methods>() > align_of::<*const ()>()) as usize];
}

impl VirtualMethods for () {
    const BASE: Self = ();
}

/// Data about a registered class or interface.
#[derive(Debug, Default)]
pub struct ClassSlot {
    registered: AtomicBool,
    class: AtomicPtr<sys::ObjectClass>,
    /// The class that was registered before it, or NULL.
    previous: AtomicPtr<ClassSlot>,
}

/// The class that was registered last, or NULL.
static LAST: AtomicPtr<ClassSlot> = AtomicPtr::new(ptr::null_mut());

impl ClassSlot {
    /// Makes a slot for a class that is not registered yet.
    pub const fn new() -> Self {
        ClassSlot {
            registered: AtomicBool::new(false),
            class: AtomicPtr::new(ptr::null_mut()),
            previous: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Returns whether QEMU has this class under its name.
    pub fn is_registered(&self) -> bool {
        self.registered.load(Ordering::Relaxed)
    }

    /// Marks the class as registered. Only the thread that registers classes calls it.
    pub(super) fn set_registered(&'static self) {
        let this = self as *const ClassSlot as *mut ClassSlot;
        self.previous.store(LAST.load(Ordering::Relaxed), Ordering::Relaxed);
        self.registered.store(true, Ordering::Release);
        LAST.store(this, Ordering::Release);
    }

    pub(super) fn set_class(&self, class: *mut sys::ObjectClass) {
        self.class.store(class, Ordering::Relaxed);
    }
}

/// Returns whether a class is written in Rust.
pub(crate) fn is_in_rust(class: *mut sys::ObjectClass) -> bool {
    let mut slot = LAST.load(Ordering::Acquire);
    // SAFETY: slots are never freed.
    while let Some(registered) = unsafe { slot.as_ref() } {
        if registered.class.load(Ordering::Relaxed) == class {
            return true;
        }
        slot = registered.previous.load(Ordering::Relaxed);
    }
    false
}

/// Ends the process with a line if QEMU has a class of this name.
///
/// # Panics
/// If the name is too long.
#[track_caller]
pub(super) fn expect_new_name(name: &CStr) {
    /// QEMU's limit for strings that it derives from names.
    const LONGEST: usize = 255;
    assert!(
        name.to_bytes().len() <= LONGEST,
        "the name of a class has {} bytes at most: {}",
        LONGEST,
        name.to_string_lossy()
    );
    // SAFETY: the name is a string. QEMU's own types exist, and so do their parents.
    if !unsafe { sys::object_class_by_name(name.as_ptr()) }.is_null() {
        refuse(&format_args!(
            "the class {} exists already: a plugin is given once, and its classes have names that no other has ({})",
            name.to_string_lossy(),
            Location::caller()
        ));
    }
}

/// Ends the process with a line if the parent is a device of a bus that the running QEMU does not have; gives it the name
/// that it has here.
pub(super) fn expect_bus(name: &CStr, parent: &CStr) {
    let parent = parent.to_string_lossy();
    if !sys::has_bus_of(&parent) {
        refuse(&format_args!(
            "this QEMU has no {}, which {} is one of: its machines lack that bus",
            parent,
            name.to_string_lossy()
        ));
    }
    if parent == "ssi-peripheral" {
        // SAFETY: classes are registered after QEMU's own.
        unsafe { sys::name_ssi_peripheral() }
    }
}

/// Returns the part of a class after the class struct of the C ancestor.
///
/// # Safety
/// `class` is that of `T` or of a descendant.
pub(super) unsafe fn rust_class<T: TypeImpl>(class: *mut sys::ObjectClass) -> *mut RustClass {
    // SAFETY: the caller guarantees the class, whose struct has it there.
    unsafe { (class as *mut u8).add(T::Super::class_size()) as *mut RustClass }
}

/// Returns the virtual methods that `T` adds, in its class or in that of a descendant.
///
/// # Safety
/// `class` is that of `T` or of a descendant.
pub unsafe fn methods_of<T: TypeImpl>(class: *mut sys::ObjectClass) -> *mut T::Methods {
    #[allow(clippy::let_unit_value)]
    let _ = OfPointers::<T::Methods>::A_TABLE_OF_VIRTUAL_METHODS_HAS_NO_GREATER_ALIGNMENT_THAN_A_POINTER;
    let behind = size_of::<RustClass>() + T::Super::methods_size();
    // SAFETY: the caller guarantees the class, whose struct has them there.
    unsafe { (class as *mut u8).add(T::Super::class_size() + behind) as *mut T::Methods }
}

/// Returns the class of `T`'s parent, which has the parent's methods.
///
/// # Panics
/// If no instance of `T` or of a descendant has been made yet.
pub fn parent_class<T: TypeImpl>() -> *mut sys::ObjectClass {
    let class = T::slot().class.load(Ordering::Relaxed);
    assert!(!class.is_null(), "{:?} has no instance that could call its parent", T::TYPE);
    // SAFETY: classes live as long as QEMU.
    unsafe { sys::object_class_get_parent(class) }
}

// SAFETY: the size is that of the C struct, which is the same in all releases.
unsafe impl<T: ObjectImpl> ClassInit<T> for Object {
    fn class_size() -> usize {
        size_of::<sys::ObjectClass>()
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        if T::UNPARENT.is_some() {
            // SAFETY: the caller guarantees the class.
            unsafe { (*class).unparent = Some(unparent::<T>) };
        }
    }
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn unparent<T: ObjectImpl>(object: *mut sys::Object) {
    guard("unparent", || {
        if let Some(method) = T::UNPARENT {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            unsafe { while_ending(object, || method(&*(object as *const T))) }
        }
    })
}
