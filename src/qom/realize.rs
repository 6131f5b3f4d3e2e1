//! What QEMU asserts of a device that is to be realized, asked beforehand.

use super::class::is_in_rust;
use super::part::expect_field_of;
use super::{made, Object, ObjectCast, ObjectMethods, ObjectType, Owned};
use crate::bql::BqlRefCell;
use crate::callback::Meanwhile;
use crate::foreign::text_at;
use crate::listeners::TELLING;
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;

/// The devices whose realize runs, and the objects that a user makes and are being completed, the innermost last.
static UNDER_WAY: BqlRefCell<Vec<usize>> = BqlRefCell::new(Vec::new());

/// The devices that are being unrealized, or objects that leave the tree, by methods of ours.
static ENDING: BqlRefCell<Vec<usize>> = BqlRefCell::new(Vec::new());

/// Unrealizes a device, or does what an object does that leaves the tree, by a function.
pub(crate) fn while_ending<R>(object: *mut sys::Object, end: impl FnOnce() -> R) -> R {
    ENDING.borrow_mut().push(object as usize);
    let result = end();
    ENDING.borrow_mut().pop();
    result
}

/// Whether a method realizes or ends the object, or what is below it.
pub(super) fn is_in_its_own_hands(object: &Object) -> bool {
    let mut at_work = UNDER_WAY.borrow().clone();
    at_work.extend(ENDING.borrow().iter());
    at_work.into_iter().any(|below| {
        let mut above = below as *mut sys::Object;
        // SAFETY: what runs a method is live, and so is what is above it in the tree.
        unsafe {
            while !above.is_null() && above != object.as_object_ptr() {
                above = (*above).parent;
            }
        }
        !above.is_null()
    })
}

/// Realizes a device by a function.
pub(crate) fn while_realizing<R>(device: *mut sys::DeviceState, realize: impl FnOnce() -> R) -> R {
    UNDER_WAY.borrow_mut().push(device as usize);
    let result = realize();
    UNDER_WAY.borrow_mut().pop();
    result
}

/// Beginning or ending a device's reset: QEMU asserts that no reset begins, and no device comes to a bus, meanwhile.
pub(crate) static AT_THE_EDGE_OF_A_RESET: Meanwhile =
    Meanwhile::new("no device is reset or realized in RESET_ENTER or RESET_EXIT: COLD_RESET or a BottomHalf can do it");

/// Getting or setting a property: QEMU sets properties of a device that it is about to put on a bus, and keeps neither as
/// it is for that long.
pub(super) static AT_A_PROPERTY: Meanwhile = Meanwhile::new(
    "no device is realized, unrealized or taken out of the tree in a property's getter or setter: a BottomHalf can \
     do it",
);

/// A part is set up while its device is made or realized: what comes later is on no bus and in no list that
/// has been gone through.
///
/// # Panics
/// If the part is not a field of its owner, or the owner is realized.
#[track_caller]
pub(crate) fn expect_new_part_of<T: ObjectType, F>(owner: &T, part: &F) {
    expect_field_of(owner, part);
    // SAFETY: whatever has a class begins with an Object.
    let object = unsafe { &*(owner as *const T as *const Object) };
    assert!(
        !is_device(object) || !object.property_get_bool("realized").unwrap_or(false),
        "a part of a device is set up in INSTANCE_INIT or REALIZE, and {:?} is realized already",
        object
    );
}

/// Says why a device cannot be realized now, which it would be on no bus (`bus` is false) or on one that it is
/// given.
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
            Some(kind) if !bus => format!("needs a {} to be on", kind),
            _ => return TELLING.check(),
        }
    };
    Err(Error::from(format!("{} {}", device.typename(), problem)))
}

/// Says why the property `realized` cannot be set now, to a value or, with None, to what a text says. An object
/// that is not a device may have such a property, too.
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
        // Boards and other devices have plain pointers to it, as if it were there for ever.
        return match value {
            Some(true) => Ok(()),
            _ if made::is_of_safe_code(object) => Ok(()),
            _ => Err(Error::from(format!("{:?} stays realized: QEMU uses it", object))),
        };
    }
    AT_THE_EDGE_OF_A_RESET.check()?;
    match (bus_type(object), parent_bus(object)?) {
        (Some(kind), None) => Err(Error::from(format!("{} needs a {} to be on", object.typename(), kind))),
        _ => Ok(()),
    }
}

/// A device in C is used once it is realized: before that, pointers that it follows lead nowhere.
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

/// The class of bus that the device goes into.
fn bus_type(device: &Object) -> Option<String> {
    // SAFETY: the object is a device, whose class names the bus or has NULL.
    unsafe {
        let name = sys::device_class_bus_type(device.class_ptr());
        if name.is_null() {
            None
        } else {
            Some(text_at(name).into_owned())
        }
    }
}
