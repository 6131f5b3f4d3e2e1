// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Which objects safe code has made, and so may remove from the tree. C code may have pointers to all others.

use super::class::is_in_rust;
use super::{Object, ObjectCast};
use crate::sys;
use oldstable_compat::c_str;
use oldstable_compat::ffi::CStr;

/// The property that marks an object of a C class that safe code has made. It is freed with the object.
const MADE: &CStr = c_str!("x-made-by-plugin");

/// Marks a new object as made by safe code.
pub(super) fn remember(object: &Object) {
    if is_in_rust(object.class_ptr()) {
        return;
    }
    let (object, target) = (object.as_object_ptr(), c_str!("type").as_ptr());
    // SAFETY: the object is live, new, and has the property that every object has; an alias of an object's own property
    // lives as long as its target.
    unsafe { sys::object_property_add_alias(object, MADE.as_ptr(), object, target) };
}

/// Returns whether safe code has made the object, or its class is written in Rust. An object of such a class that is
/// embedded in another is a [`Child`](super::Child), which has a reference of its own.
pub(super) fn is_of_safe_code(object: &Object) -> bool {
    // SAFETY: the object is live, and the name a string.
    is_in_rust(object.class_ptr())
        || unsafe { !sys::object_property_find(object.as_object_ptr(), MADE.as_ptr()).is_null() }
}
