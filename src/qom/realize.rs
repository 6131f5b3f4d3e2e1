// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Checks, before a device is realized, of the conditions that QEMU asserts.

use super::class::is_in_rust;
use super::part::expect_field_of;
use super::{made, Object, ObjectCast, ObjectMethods, ObjectType, Owned};
use crate::bql::BqlRefCell;
use crate::callback::Meanwhile;
use crate::listeners::TELLING;
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::CStr;

/// The devices that are being realized, and the user-created objects that are being completed, the innermost last.
static UNDER_WAY: BqlRefCell<Vec<usize>> = BqlRefCell::new(Vec::new());

/// The devices and objects whose UNREALIZE or UNPARENT in Rust is running.
static ENDING: BqlRefCell<Vec<usize>> = BqlRefCell::new(Vec::new());

/// Runs a function that unrealizes a device, or that handles an object's removal from the tree.
pub(crate) fn while_ending<R>(object: *mut sys::Object, end: impl FnOnce() -> R) -> R {
    ENDING.borrow_mut().push(object as usize);
    let result = end();
    ENDING.borrow_mut().pop();
    result
}

/// Returns whether a method that realizes or ends the object or a descendant is running.
pub(crate) fn is_in_its_own_hands(object: &Object) -> bool {
    let mut at_work = UNDER_WAY.borrow().clone();
    at_work.extend(ENDING.borrow().iter());
    at_work.into_iter().any(|below| {
        let mut above = below as *mut sys::Object;
        // SAFETY: an object that runs a method is live, and so are its ancestors in the tree.
        unsafe {
            while !above.is_null() && above != object.as_object_ptr() {
                above = (*above).parent;
            }
        }
        !above.is_null()
    })
}

/// Runs a function that realizes a device.
pub(crate) fn while_realizing<R>(device: *mut sys::DeviceState, realize: impl FnOnce() -> R) -> R {
    UNDER_WAY.borrow_mut().push(device as usize);
    let result = realize();
    UNDER_WAY.borrow_mut().pop();
    result
}

/// Returns whether the object that contains a field is being realized.
pub(crate) fn is_in_one_being_realized<F>(field: &F) -> bool {
    let place = field as *const F as usize;
    UNDER_WAY.borrow().iter().any(|&object| {
        // SAFETY: an object that runs a method is live.
        let size = unsafe { sys::instance_size(object as *mut sys::Object) };
        object <= place && place < object + size
    })
}

/// The beginning or end of a device's reset: QEMU asserts that meanwhile no reset begins, and no device joins a bus.
pub(crate) static AT_THE_EDGE_OF_A_RESET: Meanwhile =
    Meanwhile::new("no device is reset or realized in RESET_ENTER or RESET_EXIT: COLD_RESET or a BottomHalf can do it");

/// A property's getter or setter: QEMU sets properties of a device that it is about to put on a bus, and holds
/// references to neither.
pub(super) static AT_A_PROPERTY: Meanwhile = Meanwhile::new(
    "no device is realized, unrealized or taken out of the tree in a property's getter or setter: a BottomHalf can \
     do it",
);

/// A transfer on a bus, during which QEMU iterates over its devices.
pub(crate) static AT_A_TRANSFER: Meanwhile = Meanwhile::new(
    "in the middle of a transfer no device leaves the tree, and no transfer begins on a bus that may be in it: a \
     BottomHalf can do it",
);

/// Checks that a part is set up while its device is made or realized: a later part would be on no bus, and missing from
/// lists that were already processed.
///
/// # Panics
/// If the part is not a field of its owner, or the owner is realized.
#[track_caller]
pub(crate) fn expect_new_part_of<T: ObjectType, F>(owner: &T, part: &F) {
    expect_field_of(owner, part);
    // SAFETY: an instance of a class begins with an Object.
    let object = unsafe { &*(owner as *const T as *const Object) };
    assert!(
        !is_device(object) || !object.property_get_bool("realized").unwrap_or(false),
        "a part of a device is set up in INSTANCE_INIT or REALIZE, and {:?} is realized already",
        object
    );
}

/// Returns an error if a device cannot be realized now, on no bus (`bus` is false) or on a given one.
pub(crate) fn check_can_be_realized(device: &Object, bus: bool) -> Result<()> {
    AT_THE_EDGE_OF_A_RESET.check()?;
    AT_A_PROPERTY.check()?;
    let problem = if is_under_way(device) {
        "is being realized".to_owned()
    } else if device.property_get_bool("realized")? {
        "is realized already".to_owned()
    } else if parent_bus(device)?.is_some() {
        "is on a bus already, and realized by its property `realized`".to_owned()
    } else {
        match bus_type(device) {
            Some(kind) if !bus => format!("needs a {} to be on", kind.to_string_lossy()),
            _ => return TELLING.check(),
        }
    };
    Err(Error::from(format!("{} {}", device.typename(), problem)))
}

/// Returns an error if a device cannot be realized now on this bus.
#[cfg(feature = "testing")]
pub(crate) fn check_can_be_plugged(device: &Object, bus: &Object) -> Result<()> {
    check_can_be_realized(device, true)?;
    match bus_type(device) {
        Some(kind) if bus.is_instance_of(kind) && bus.property_get_bool("realized")? => Ok(()),
        Some(kind) if bus.is_instance_of(kind) => {
            Err(Error::from(format!("{} needs a {} whose own device is realized", device.typename(), bus.typename())))
        }
        Some(kind) => Err(Error::from(format!(
            "{} needs a {} to be on, not a {}",
            device.typename(),
            kind.to_string_lossy(),
            bus.typename()
        ))),
        None => Err(Error::from(format!("{} is not a device for a bus", device.typename()))),
    }
}

/// Returns an error if the property `realized` cannot be set now, to a value or, with None, from text. An object that
/// is not a device may also have such a property.
pub(super) fn check_can_set_realized(object: &Object, value: Option<bool>) -> Result<()> {
    TELLING.check()?;
    if object.is_instance_of(c_str!("bus")) {
        return Err(Error::from(format!("{} is realized with the device that it belongs to", object.typename())));
    }
    if !is_device(object) {
        return Ok(());
    }
    AT_A_PROPERTY.check()?;
    if is_under_way(object) {
        return Err(Error::from(format!("{} is being realized", object.typename())));
    }
    if object.property_get_bool("realized")? {
        // Boards and other devices have plain pointers to it, and expect it to live for ever.
        return match value {
            Some(true) => Ok(()),
            _ if made::is_of_safe_code(object) => Ok(()),
            _ => Err(Error::from(format!("{:?} stays realized: QEMU uses it", object))),
        };
    }
    AT_THE_EDGE_OF_A_RESET.check()?;
    match (bus_type(object), parent_bus(object)?) {
        (Some(kind), None) => {
            Err(Error::from(format!("{} needs a {} to be on", object.typename(), kind.to_string_lossy())))
        }
        _ => Ok(()),
    }
}

/// Checks that a device in C is realized: before that, its pointers are not valid.
///
/// # Errors
/// If it is not.
pub(crate) fn check_is_realized(device: &Object) -> Result<()> {
    if is_in_rust(device.class_ptr()) || device.property_get_bool("realized")? {
        return Ok(());
    }
    Err(Error::from(format!("{:?} is not realized, and a device in C is used once it is", device)))
}

fn is_device(object: &Object) -> bool {
    object.is_instance_of(c_str!("device"))
}

fn is_under_way(device: &Object) -> bool {
    let device = device.as_object_ptr() as usize;
    UNDER_WAY.borrow().contains(&device)
}

fn parent_bus(device: &Object) -> Result<Option<Owned<Object>>> {
    device.property_get_link("parent_bus")
}

/// Returns the class of bus that the device plugs into.
fn bus_type(device: &Object) -> Option<&'static CStr> {
    // SAFETY: the object is a device, whose class names the bus, for ever, or has NULL.
    unsafe {
        let name = sys::device_class_bus_type(device.class_ptr());
        if name.is_null() {
            None
        } else {
            Some(CStr::from_ptr(name))
        }
    }
}
