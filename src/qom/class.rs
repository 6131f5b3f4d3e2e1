//! How the methods of a subclass get into its class.

use super::{Object, ObjectImpl, ObjectType};
use crate::callback::guard;
use crate::sys;

/// A class that can have subclasses written in Rust.
///
/// # Safety
/// [`class_size`](Self::class_size) must be the size of the class struct in the running release.
pub unsafe trait ClassInit<T>: ObjectType {
    /// Whether the class itself is written in Rust.
    const IN_RUST: bool = false;

    /// The size of the class struct of the nearest ancestor that is written in C, in bytes.
    fn class_size() -> usize;

    /// Makes the fields valid that this class and its ancestors have added, if they are written in Rust.
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

/// What every class that is written in Rust has behind the class struct of its C ancestor.
#[repr(C)]
pub struct RustClass {
    /// Makes all fields valid that classes written in Rust have added, the ancestors' first.
    pub(super) initialize: unsafe fn(*mut sys::Object),
}

// SAFETY: the size is that of the C struct, which is the same in all releases.
unsafe impl<T: ObjectImpl> ClassInit<T> for Object {
    fn class_size() -> usize {
        std::mem::size_of::<sys::ObjectClass>()
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        if T::UNPARENT.is_some() {
            (*class).unparent = Some(unparent::<T>);
        }
    }
}

unsafe extern "C" fn unparent<T: ObjectImpl>(object: *mut sys::Object) {
    guard("unparent", || {
        if let Some(method) = T::UNPARENT {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            method(&*(object as *const T))
        }
    })
}
