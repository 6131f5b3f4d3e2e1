//! Putting a device in the place of one that QEMU has built in.
//!
//! It happens once the board is built, before anything runs. The original stays where it is, realized
//! and silent, since the board may hold pointers to it; what it had goes to the replacement: its place
//! in the address space, its lines, its clock, its settings, its character device and its name in the
//! migration stream.

use crate::chardev::CharFrontend;
use crate::qom::{for_each_child, IsA, Object, ObjectCast, ObjectMethods};
use crate::sys;
use crate::sysbus::SysBusDevice;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, c_void, CStr, CString};
use std::ptr;

/// A device that QEMU has built in and that can be replaced: one whose parts are known well enough to be
/// taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Original {
    /// `pl011`, the one with ARM's identification.
    Pl011,
    /// `pl011_luminary`.
    Pl011Luminary,
}

impl Original {
    fn type_name(self) -> &'static CStr {
        match self {
            Original::Pl011 => c_str!("pl011"),
            Original::Pl011Luminary => c_str!("pl011_luminary"),
        }
    }

    /// Where the original has its character front end, in bytes.
    fn front_end(self) -> usize {
        match self {
            Original::Pl011 | Original::Pl011Luminary => sys::release().pl011_chr,
        }
    }

    /// The name of its clock input.
    fn clock(self) -> &'static CStr {
        match self {
            Original::Pl011 | Original::Pl011Luminary => c_str!("clk"),
        }
    }

    /// The settings that the user or the machine's version may have given it, besides the character device.
    /// Releases may lack some.
    fn settings(self) -> &'static [&'static str] {
        match self {
            Original::Pl011 | Original::Pl011Luminary => &["migrate-clk"],
        }
    }
}

/// A device that can take the place of one that QEMU has built in. It must have one region, as many
/// lines as the original, and a clock input and settings of the original's names.
pub trait Replacement: IsA<SysBusDevice> {
    /// What it takes the place of.
    const REPLACES: Original;

    /// Its end of the character device: the original's moves there.
    fn front_end(&self) -> &CharFrontend;
}

/// Which class takes the place of which.
pub struct Replacing {
    original: Original,
    replacement: &'static CStr,
    front_end: unsafe fn(*mut sys::Object) -> *mut sys::CharFrontend,
}

/// What [`Replacement`] says, as data.
pub fn replacing<T: Replacement>() -> Replacing {
    Replacing {
        original: T::REPLACES,
        replacement: T::TYPE,
        front_end: front_end::<T>,
    }
}

/// # Safety
/// `object` is an instance of `T`.
unsafe fn front_end<T: Replacement>(object: *mut sys::Object) -> *mut sys::CharFrontend {
    (*(object as *const T)).front_end().as_mut_ptr()
}

/// Replaces what there are replacements for.
///
/// # Safety
/// The board is built, and the big lock held.
pub(super) unsafe fn replace_each(replacements: &[fn() -> Replacing]) -> Result<()> {
    replacements
        .iter()
        .try_for_each(|replacement| replace_all(&replacement()))
}

/// A device to be replaced.
struct Place {
    path: String,
    device: *mut sys::SysBusDevice,
}

unsafe fn replace_all(replacing: &Replacing) -> Result<()> {
    let originals = find_all(replacing.original.type_name());
    // All of them give up their names in the migration stream before the first replacement takes one.
    for original in &originals {
        leave_migration(original.device);
    }
    for original in &originals {
        put_in_place(original, replacing).map_err(|error| {
            Error::with_error(
                format!(
                    "{} could not take the place of {}",
                    replacing.replacement.to_string_lossy(),
                    original.path
                ),
                error,
            )
        })?;
    }
    Ok(())
}

/// A path as its text and the number at its end, so that device[10] comes behind device[9].
fn by_number(path: &str) -> (&str, u64) {
    let path = path.strip_suffix(']').unwrap_or(path);
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (text, number) = path.split_at(path.len() - digits);
    (text, number.parse().unwrap_or(0))
}

/// Finds all devices of a type, in the order in which they were realized.
///
/// QEMU numbers the sections of a migration stream in that order, and boards name their devices by a
/// running number in it.
fn find_all(type_name: &CStr) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for_each_child(
        &Object::root(),
        sys::object_child_foreach_recursive,
        |object| {
            if object.typename() == type_name.to_string_lossy() {
                let place = Place {
                    path: object.canonical_path().unwrap_or_default(),
                    device: object.as_object_ptr() as *mut sys::SysBusDevice,
                };
                let later = |other: &Place| by_number(&place.path) < by_number(&other.path);
                let at = found.iter().position(later).unwrap_or(found.len());
                found.insert(at, place);
            }
        },
    );
    found
}

/// Takes the original's name in the migration stream from it.
unsafe fn leave_migration(device: *mut sys::SysBusDevice) {
    let vmsd = sys::qdev_get_vmsd(device as *mut sys::DeviceState);
    if !vmsd.is_null() {
        sys::vmstate_unregister(device as *mut sys::Object, vmsd, device as *mut c_void);
    }
}

/// Moves a front end with its character device behind it: `to` is then what `from` was, and `from` has no
/// character device.
///
/// Taking it out and putting it back would lose its place among those that share a terminal: up to 7.2,
/// the escape that switches between them would stop at the empty one. So the character device's own
/// pointers to the front end are turned to the new place. Where they lie differs; they are found by what
/// they are.
unsafe fn move_front_end(from: *mut sys::CharFrontend, to: *mut sys::CharFrontend) {
    let chardev = sys::qemu_chr_fe_get_driver(from);
    if chardev.is_null() {
        return;
    }
    ptr::copy_nonoverlapping(from, to, 1);
    ptr::write_bytes(from, 0, 1);
    let words = chardev as *mut *mut sys::CharFrontend;
    for n in 0..sys::instance_size(chardev as *mut sys::Object) / std::mem::size_of::<usize>() {
        if *words.add(n) == from {
            *words.add(n) = to;
        }
    }
}

unsafe fn put_in_place(original: &Place, replacing: &Replacing) -> Result<()> {
    let region = sys::sysbus_mmio_get_region(original.device, 0);
    let region_object = region as *mut sys::Object;
    let mut err = ptr::null_mut();
    let container =
        sys::object_property_get_link(region_object, c_str!("container").as_ptr(), &mut err);
    Error::err_or_unit(err)?;
    if container.is_null() {
        // The board has made it and not mapped it: there is no place to take.
        return Ok(());
    }
    let address = sys::object_property_get_uint(region_object, c_str!("addr").as_ptr(), &mut err);
    Error::err_or_unit(err)?;

    let priority =
        sys::object_property_get_int(region_object, c_str!("priority").as_ptr(), &mut err);
    Error::err_or_unit(err)?;

    let object = sys::object_new(replacing.replacement.as_ptr());
    let device = object as *mut sys::SysBusDevice;
    let name = CString::new(format!(
        "replacement-of-{}",
        original.path.replace('/', "-")
    ))
    .map_err(|_| "the original's path has a NUL")?;
    sys::object_property_try_add_child(sys::qdev_get_machine(), name.as_ptr(), object, &mut err);
    sys::object_unref(object as *mut c_void);
    Error::err_or_unit(err)?;

    let (from, to) = (
        &*(original.device as *const Object),
        &*(object as *const Object),
    );
    for setting in replacing.original.settings() {
        if let Ok(value) = from.property_get_bool(setting) {
            to.property_set_bool(setting, value)?;
        }
    }
    move_front_end(
        (original.device as *mut u8).add(replacing.original.front_end()) as *mut sys::CharFrontend,
        (replacing.front_end)(object),
    );
    // The original's own input stays connected and passes on what the board's clock does.
    let clock = replacing.original.clock().as_ptr();
    sys::clock_set_source(
        sys::qdev_get_clock_in(device as *mut sys::DeviceState, clock),
        sys::qdev_get_clock_in(original.device as *mut sys::DeviceState, clock),
    );
    sys::sysbus_realize(device, &mut err);
    Error::err_or_unit(err)?;
    // On some boards of 5.2, realizing a device maps it and connects its lines somewhere: the lines are
    // connected again, those that led nowhere to nowhere, and the region is seen through an alias.
    let mut line = 0;
    while sys::sysbus_has_irq(original.device, line) {
        sys::sysbus_connect_irq(
            device,
            line,
            sys::sysbus_get_connected_irq(original.device, line),
        );
        line += 1;
    }
    let ours = sys::sysbus_mmio_get_region(device, 0);
    let alias = Box::leak(Box::new(sys::MemoryRegion::ZERO)) as *mut sys::MemoryRegion;
    sys::memory_region_init_alias(
        alias,
        object,
        c_str!("in-place").as_ptr(),
        ours,
        0,
        sys::memory_region_size(region),
    );
    sys::memory_region_add_subregion_overlap(
        container as *mut sys::MemoryRegion,
        address,
        alias,
        priority as c_int + 1,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::by_number;

    #[test]
    fn devices_sort_by_their_numbers() {
        assert!(
            by_number("/machine/unattached/device[9]")
                < by_number("/machine/unattached/device[10]")
        );
        assert!(by_number("/machine/soc/uart0") < by_number("/machine/soc/uart1"));
    }
}
