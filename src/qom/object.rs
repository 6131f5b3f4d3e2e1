// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The root of all classes.

use crate::sys::{self, Opaque};
use oldstable_compat::ffi::CStr;

/// A class of QOM.
///
/// # Safety
/// `Self` must be `repr(C)`, must begin with its parent class, and must be no larger than the instance
/// size that QEMU knows for [`TYPE`](Self::TYPE). [`qom_define_type!`](crate::qom_define_type) ensures this.
pub unsafe trait ObjectType: 'static + Sized {
    /// The class's name in QEMU.
    const TYPE: &'static CStr;

    /// Returns whether the running QEMU has this class under its name. Before the class is registered it returns false,
    /// even if another class has the same name.
    fn is_known() -> bool {
        true
    }
}

/// The root of all classes.
#[repr(transparent)]
pub struct Object(Opaque<sys::Object>);

// SAFETY: the bytes are QEMU's, and of the size that all releases have.
unsafe impl ObjectType for Object {
    const TYPE: &'static CStr = oldstable_compat::c_str!("object");
}
