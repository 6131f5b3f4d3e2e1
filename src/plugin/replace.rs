// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Replacing a device of QEMU's.
//!
//! This happens once the board is built, before anything runs. The original stays realized but unused, since the board
//! may hold pointers to it. The replacement gets its place in the address space, its lines, its clock, its settings,
//! its character device and its name in the migration stream.

use crate::chardev::CharFrontend;
use crate::qdev::DeviceMethods;
use crate::qom::{for_each_child, IsA, Object, ObjectCast, ObjectClassMethods, ObjectMethods, Owned};
use crate::report::warn;
use crate::sys;
use crate::sysbus::{SysBusDevice, SysBusDeviceMethods};
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, c_void, CStr};
use std::cell::Cell;
use std::mem::size_of;
use std::ptr;

/// A device that can replace one of QEMU's, and what it takes over from that.
///
/// # Safety
/// [`front_end_of_original`](Self::front_end_of_original) must be right for each instance of the original's
/// class, and both classes must have the clock input.
pub unsafe trait Replacement: IsA<SysBusDevice> {
    /// The class that it replaces, which has one region and at most as many lines as this one.
    const ORIGINAL: &'static CStr;

    /// Boards that have the original, for the message on a board without one.
    const BOARDS: &'static str;

    /// The name of both devices' clock input.
    const CLOCK: &'static CStr;

    /// Boolean properties of both devices, which the user or the machine's version may have set. Some releases may lack
    /// some.
    const SETTINGS: &'static [&'static str] = &[];

    /// Returns the offset of the original's character front end in the running release, in bytes.
    fn front_end_of_original() -> usize;

    /// Returns the replacement's front end, to which the original's character device moves.
    fn front_end(&self) -> &CharFrontend;
}

/// A [`Replacement`] as data.
pub struct Replacing {
    original: &'static CStr,
    boards: &'static str,
    clock: &'static CStr,
    settings: &'static [&'static str],
    front_end_of_original: fn() -> usize,
    replacement: &'static CStr,
    front_end: unsafe fn(*mut sys::Object) -> *mut sys::CharFrontend,
}

/// Returns the data of a replacement, for [`plugin!`](macro@crate::plugin).
pub fn replacing<T: Replacement>() -> Replacing {
    Replacing {
        original: T::ORIGINAL,
        boards: T::BOARDS,
        clock: T::CLOCK,
        settings: T::SETTINGS,
        front_end_of_original: T::front_end_of_original,
        replacement: T::TYPE,
        front_end: front_end::<T>,
    }
}

/// # Safety
/// `object` is an instance of `T`.
unsafe fn front_end<T: Replacement>(object: *mut sys::Object) -> *mut sys::CharFrontend {
    // SAFETY: the caller guarantees the class.
    let replacement = unsafe { &*(object as *const T) };
    replacement.front_end().as_mut_ptr()
}

/// Replaces all devices that have a replacement, on a complete board. If it has none of them, prints a line that says
/// so.
pub(super) fn replace_each(replacements: &[fn() -> Replacing]) -> Result<()> {
    let mut count = 0;
    for replacement in replacements {
        count += replace_all(&replacement())?;
    }
    if count == 0 {
        let known = replacements.iter().map(|replacement| {
            let replacing = replacement();
            let name = replacing.original.to_string_lossy();
            format!("{} (there is one on {})", name, replacing.boards)
        });
        let known: Vec<String> = known.collect();
        warn(&format_args!(
            "replace=on: this board has nothing that the plugin replaces, which is {}",
            known.join(" and ")
        ));
    }
    Ok(())
}

/// A device to replace.
struct Original {
    path: String,
    device: Owned<SysBusDevice>,
}

/// Replaces all devices of a class, and returns how many.
fn replace_all(replacing: &Replacing) -> Result<usize> {
    let originals = find_all(replacing.original);
    // All originals give up their names in the migration stream before the first replacement takes one.
    for original in &originals {
        leave_migration(&original.device);
    }
    for original in &originals {
        put_in_place(original, replacing).map_err(|error| {
            Error::with_error(
                format!("{} could not take the place of {}", replacing.replacement.to_string_lossy(), original.path),
                error,
            )
        })?;
    }
    Ok(originals.len())
}

/// Splits a path into its text and the number at its end, so that `device[10]` sorts after `device[9]`.
fn by_number(path: &str) -> (&str, u64) {
    let path = path.strip_suffix(']').unwrap_or(path);
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (text, number) = path.split_at(path.len() - digits);
    (text, number.parse().unwrap_or(0))
}

/// Finds all devices of a class, in the order in which they were realized.
///
/// QEMU numbers the sections of a migration stream in that order, and boards number their devices in it.
fn find_all(class: &CStr) -> Vec<Original> {
    let mut found: Vec<Original> = Vec::new();
    for_each_child(&Object::root(), sys::object_child_foreach_recursive, |object| {
        let device = object.dynamic_cast::<SysBusDevice>();
        if let Some(device) = device.filter(|_| object.typename() == class.to_string_lossy()) {
            let path = object.canonical_path().unwrap_or_default();
            let later = |other: &Original| by_number(&path) < by_number(&other.path);
            let at = found.iter().position(later).unwrap_or(found.len());
            let device = Owned::from(device);
            found.insert(at, Original { path, device });
        }
    });
    found
}

/// Removes the original from the migration stream.
fn leave_migration(device: &SysBusDevice) {
    // SAFETY: the device is live. If it migrates, QEMU has registered it with its class's description and its address,
    // and removes the entry that matches both.
    unsafe {
        let vmsd = sys::qdev_get_vmsd(device.as_device_ptr());
        if !vmsd.is_null() {
            let opaque = device.as_device_ptr() as *mut c_void;
            sys::vmstate_unregister(device.as_object_ptr(), vmsd, opaque);
        }
    }
}

/// Makes the replacement, gives it the original's settings and connections, and maps it in the original's place.
fn put_in_place(original: &Original, replacing: &Replacing) -> Result<()> {
    let (from, to) = (&*original.device, make(original, replacing)?);
    for setting in replacing.settings {
        if let Ok(value) = from.property_get_bool(setting) {
            to.property_set_bool(setting, value)?;
        }
    }
    // SAFETY: `Replacement` guarantees the offset of the original's front end. The replacement is of the class that
    // `front_end` is made for; it is not realized yet, and its front end is new.
    unsafe {
        let start = from.as_object_ptr() as *mut u8;
        let front_end = start.add((replacing.front_end_of_original)()) as *mut sys::CharFrontend;
        move_front_end(front_end, (replacing.front_end)(to.as_object_ptr()));
    }
    // SAFETY: `Replacement` guarantees that both have the clock.
    unsafe { share_clock(from, &to, replacing.clock) };
    // SAFETY: both are live. The replacement has not been realized, and nothing has used it yet.
    unsafe {
        sys::device_set_id_if_none(from.as_device_ptr(), c_str!("replaced"));
        sys::device_clear_hotplugged(to.as_device_ptr());
    }
    to.sysbus_realize()?;
    connect_lines(from, &to)?;
    map(from, &to)
}

/// Makes the replacement, as a child of the machine.
fn make(original: &Original, replacing: &Replacing) -> Result<Owned<SysBusDevice>> {
    let device = SysBusDevice::new_by_name(&replacing.replacement.to_string_lossy())?;
    let name = format!("replacement-of-{}", original.path.replace('/', "-"));
    // SAFETY: the machine lives as long as QEMU.
    let machine = unsafe { &*(sys::qdev_get_machine() as *const Object) };
    machine.property_add_child(&name, device.clone())?;
    Ok(device)
}

/// Moves a front end with its character device from `from` to `to`; afterwards `from` has no character device.
///
/// To disconnect and connect it again would lose its place among those that share a terminal: up to 7.2, the escape
/// sequence that switches between them would stop at the empty one. So the character device's own pointers to the front
/// end are redirected. Their offsets differ between releases, so they are found by their value.
///
/// # Safety
/// `from` is the front end of a live device, which is not used any more. `to` is the front end of another device, has
/// no character device, and lives as long as QEMU.
unsafe fn move_front_end(from: *mut sys::CharFrontend, to: *mut sys::CharFrontend) {
    // SAFETY: the caller guarantees `from`.
    let chardev = unsafe { sys::qemu_chr_fe_get_driver(from) };
    if chardev.is_null() {
        return;
    }
    // SAFETY: the caller guarantees both, which are distinct. A front end without a character device is zeros.
    unsafe {
        ptr::copy_nonoverlapping(from, to, 1);
        ptr::write_bytes(from, 0, 1);
    }
    // SAFETY: the character device is live, since a front end has it. Only this code accesses its words meanwhile.
    turn(unsafe { words_of(chardev as *mut sys::Object) }, from, to);
}

/// Returns an object as the words that it consists of.
///
/// # Safety
/// The object is live, and nothing else uses it as long as the words are in use.
unsafe fn words_of<'a>(object: *mut sys::Object) -> &'a [Cell<*mut sys::CharFrontend>] {
    // SAFETY: the object has that many bytes, aligned for its first field, a pointer. Any word is a valid pointer if it
    // is not dereferenced.
    unsafe {
        let count = sys::instance_size(object) / size_of::<usize>();
        std::slice::from_raw_parts(object as *const Cell<*mut sys::CharFrontend>, count)
    }
}

/// Redirects those of the words that point to one front end to another. Any word with the address of a front end is a
/// pointer to it.
fn turn(words: &[Cell<*mut sys::CharFrontend>], from: *mut sys::CharFrontend, to: *mut sys::CharFrontend) {
    for word in words.iter().filter(|word| word.get() == from) {
        word.set(to)
    }
}

/// Connects the replacement's clock to the original's, which stays connected to the board's and passes on its changes.
///
/// # Safety
/// Both devices have a clock input of this name.
unsafe fn share_clock(from: &SysBusDevice, to: &SysBusDevice, name: &CStr) {
    // SAFETY: both are live, and the caller guarantees that they have the clock.
    unsafe {
        sys::clock_set_source(
            sys::qdev_get_clock_in(to.as_device_ptr(), name.as_ptr()),
            sys::qdev_get_clock_in(from.as_device_ptr(), name.as_ptr()),
        )
    }
}

/// Connects the replacement's lines to the targets of the original's.
///
/// On some boards of 5.2, realizing a device connects its lines: so the original's unconnected lines are copied as
/// well.
fn connect_lines(from: &SysBusDevice, to: &SysBusDevice) -> Result<()> {
    let (from, to) = (from.as_sysbus_ptr(), to.as_sysbus_ptr());
    let mut line = 0;
    // SAFETY: both devices are live, and each line exists when it is used. The targets of the original's lines live as
    // long as the board.
    unsafe {
        while sys::sysbus_has_irq(from, line) {
            if !sys::sysbus_has_irq(to, line) {
                return Err(format!("it has no line {}", line).into());
            }
            sys::sysbus_connect_irq(to, line, sys::sysbus_get_connected_irq(from, line));
            line += 1;
        }
    }
    Ok(())
}

/// Maps the replacement's region over the original's. Does nothing if the board has not mapped that.
///
/// On some boards of 5.2, realizing a device maps it: that mapping is removed.
fn map(from: &SysBusDevice, to: &SysBusDevice) -> Result<()> {
    let (original, region) = (region(from)?, region(to)?);
    // SAFETY: a region is an object, which is live as long as the device.
    let (place, own) = unsafe { (&*(original as *const Object), &*(region as *const Object)) };
    if let Some(elsewhere) = own.property_get_link("container")? {
        // SAFETY: the target of a region's link `container` is a region, which contains this one.
        unsafe {
            sys::memory_region_del_subregion(elsewhere.as_object_ptr() as *mut sys::MemoryRegion, region);
        }
    }
    let container = match place.property_get_link("container")? {
        Some(container) => container,
        None => return Ok(()),
    };
    let address = place.property_get_uint("addr")?;
    let priority = place.property_get_int("priority")?;
    // SAFETY: the replacement lives as long as QEMU, and its region is in no other one.
    unsafe {
        let container = container.as_object_ptr() as *mut sys::MemoryRegion;
        sys::memory_region_add_subregion_overlap(container, address, region, priority as c_int + 1);
    }
    Ok(())
}

/// Returns the first region of a device.
fn region(device: &SysBusDevice) -> Result<*mut sys::MemoryRegion> {
    // SAFETY: the device is live, and the region exists when it is used.
    unsafe {
        if !sys::sysbus_has_mmio(device.as_sysbus_ptr(), 0) {
            return Err(format!("{} has no region", device.typename()).into());
        }
        Ok(sys::sysbus_mmio_get_region(device.as_sysbus_ptr(), 0))
    }
}

#[cfg(test)]
mod tests {
    use super::{by_number, turn};
    use std::cell::Cell;
    use std::ptr::null_mut;

    #[test]
    fn devices_sort_by_their_numbers() {
        assert!(by_number("/machine/unattached/device[9]") < by_number("/machine/unattached/device[10]"));
        assert!(by_number("/machine/soc/uart0") < by_number("/machine/soc/uart1"));
    }

    #[test]
    fn only_the_pointers_to_the_front_end_are_turned() {
        let (from, to) = (64 as *mut _, 128 as *mut _);
        let words = [Cell::new(null_mut()), Cell::new(from), Cell::new(to), Cell::new(65 as *mut _), Cell::new(from)];
        turn(&words, from, to);
        let words: Vec<usize> = words.iter().map(|word| word.get() as usize).collect();
        assert_eq!(words, [0, 128, 128, 65, 128]);
    }
}
