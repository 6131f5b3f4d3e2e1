//! What QEMU asserts of a device that is to be realized, asked beforehand.

use super::{Object, ObjectCast, ObjectMethods, Owned};
use crate::bql::BqlRefCell;
use crate::foreign::text_at;
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;

/// The devices whose realize runs, the innermost last.
static UNDER_WAY: BqlRefCell<Vec<usize>> = BqlRefCell::new(Vec::new());

/// Realizes a device by a function.
pub(crate) fn while_realizing<R>(device: *mut sys::DeviceState, realize: impl FnOnce() -> R) -> R {
    UNDER_WAY.borrow_mut().push(device as usize);
    let result = realize();
    UNDER_WAY.borrow_mut().pop();
    result
}

/// Says why a device cannot be realized now, which it would be on no bus (`bus` is false) or on one that it is
/// given.
pub(crate) fn check_can_be_realized(device: &Object, bus: bool) -> Result<()> {
    let problem = if is_under_way(device) {
        "is being realized".to_owned()
    } else if device.property_get_bool("realized")? {
        "is realized already".to_owned()
    } else if parent_bus(device)?.is_some() {
        "is on a bus already, and realized by its property `realized`".to_owned()
    } else {
        match bus_type(device) {
            Some(kind) if !bus => format!("needs a {} to be on", kind),
            _ => return Ok(()),
        }
    };
    Err(Error::from(format!("{} {}", device.typename(), problem)))
}

/// Says why the property `realized` of a device cannot be set now. An object that is no device may have such a
/// property, too.
pub(super) fn check_can_be_set_to_realized(object: &Object) -> Result<()> {
    if !object.is_instance_of(c_str!("device")) || object.property_get_bool("realized")? {
        return Ok(());
    }
    if is_under_way(object) {
        return Err(format!("{} is being realized", object.typename()).into());
    }
    match (bus_type(object), parent_bus(object)?) {
        (Some(kind), None) => Err(Error::from(format!("{} needs a {} to be on", object.typename(), kind))),
        _ => Ok(()),
    }
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
