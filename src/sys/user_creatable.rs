// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Objects that users create with `-object`.

use super::{object_class_dynamic_cast, release, Error, Object, ObjectClass};
use oldstable_compat::ffi::c_char;

/// Called when all properties of the object are set; sets an error if they are not valid.
pub type UserCreatableComplete = Option<unsafe extern "C" fn(*mut Object, *mut *mut Error)>;

/// Returns the address of the `complete` of a class with the interface, which follows the interface's base.
///
/// # Safety
/// `class` has the interface `user-creatable`.
pub unsafe fn user_creatable_class_complete(class: *mut ObjectClass) -> *mut UserCreatableComplete {
    let name = "user-creatable\0".as_ptr() as *const c_char;
    // SAFETY: the caller guarantees the class, and the running release has it there.
    unsafe {
        let interface = object_class_dynamic_cast(class, name) as *mut u8;
        interface.add(release().interface_class_size) as *mut UserCreatableComplete
    }
}

imports! {
    in ALL {
        fn object_get_objects_root() -> *mut Object;
        fn user_creatable_complete(object: *mut Object, errp: *mut *mut Error) -> bool;
    }
}
