//! Putting a device in the place of one that QEMU has built in.
//!
//! It happens once the board is built, before anything runs. The original stays where it is, realized
//! and silent, since the board may hold pointers to it; what it had goes to the replacement: its place
//! in the address space, its lines, its clock, its settings, its character device and its name in the
//! migration stream.

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

/// A device that can take the place of one that QEMU has built in, and what of that one it takes over.
///
/// # Safety
/// [`front_end_of_original`](Self::front_end_of_original) must be right for each instance of the original's
/// class, and both classes must have the clock input.
pub unsafe trait Replacement: IsA<SysBusDevice> {
    /// The class of what it takes the place of. It has one region and as many lines as this one at most.
    const ORIGINAL: &'static CStr;

    /// Boards that have one, for a message to a user whose board has none.
    const BOARDS: &'static str;

    /// The name of the clock input that both have.
    const CLOCK: &'static CStr;

    /// The boolean properties that the user or the machine's version may have set, and that both have.
    /// Releases may lack some.
    const SETTINGS: &'static [&'static str] = &[];

    /// Where the original has its character front end in the running release, in bytes.
    fn front_end_of_original() -> usize;

    /// Its own end of the character device: the original's moves there.
    fn front_end(&self) -> &CharFrontend;
}

/// Which class takes the place of which: what [`Replacement`] says, as data.
pub struct Replacing {
    original: &'static CStr,
    boards: &'static str,
    clock: &'static CStr,
    settings: &'static [&'static str],
    front_end_of_original: fn() -> usize,
    replacement: &'static CStr,
    front_end: unsafe fn(*mut sys::Object) -> *mut sys::CharFrontend,
}

/// What [`plugin!`](macro@crate::plugin) keeps of a replacement.
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
    // SAFETY: the caller vouches for the class.
    let replacement = unsafe { &*(object as *const T) };
    replacement.front_end().as_mut_ptr()
}

/// Replaces what there are replacements for, on a board that is built. Where it has none of that, a line says so.
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

/// A device to be replaced.
struct Original {
    path: String,
    device: Owned<SysBusDevice>,
}

/// Returns how many it has replaced.
fn replace_all(replacing: &Replacing) -> Result<usize> {
    let originals = find_all(replacing.original);
    // All of them give up their names in the migration stream before the first replacement takes one.
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

/// A path as its text and the number at its end, so that `device[10]` comes behind `device[9]`.
fn by_number(path: &str) -> (&str, u64) {
    let path = path.strip_suffix(']').unwrap_or(path);
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (text, number) = path.split_at(path.len() - digits);
    (text, number.parse().unwrap_or(0))
}

/// Finds all devices of a class, in the order in which they were realized.
///
/// QEMU numbers the sections of a migration stream in that order, and boards name their devices by a
/// running number in it.
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

/// Takes the original's name in the migration stream from it.
fn leave_migration(device: &SysBusDevice) {
    // SAFETY: the device is live. QEMU has registered it, if it migrates at all, with its class's
    // description and itself, and takes out what it finds by these two.
    unsafe {
        let vmsd = sys::qdev_get_vmsd(device.as_device_ptr());
        if !vmsd.is_null() {
            let opaque = device.as_device_ptr() as *mut c_void;
            sys::vmstate_unregister(device.as_object_ptr(), vmsd, opaque);
        }
    }
}

/// Makes the replacement, gives it what the original had, and puts it where that is.
fn put_in_place(original: &Original, replacing: &Replacing) -> Result<()> {
    let (from, to) = (&*original.device, make(original, replacing)?);
    for setting in replacing.settings {
        if let Ok(value) = from.property_get_bool(setting) {
            to.property_set_bool(setting, value)?;
        }
    }
    // SAFETY: `Replacement` vouches for where the original's front end lies. That of the replacement, which
    // is of the class that `front_end` is made for and not realized yet, is new.
    unsafe {
        let start = from.as_object_ptr() as *mut u8;
        let front_end = start.add((replacing.front_end_of_original)()) as *mut sys::CharFrontend;
        move_front_end(front_end, (replacing.front_end)(to.as_object_ptr()));
    }
    // SAFETY: `Replacement` vouches that both have the clock.
    unsafe { share_clock(from, &to, replacing.clock) };
    // SAFETY: both are live. The replacement has not been realized, and nothing has asked it yet.
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

/// Moves a front end with its character device behind it: `to` is then what `from` was, and `from` has no
/// character device.
///
/// Taking it out and putting it back would lose its place among those that share a terminal: up to 7.2,
/// the escape that switches between them would stop at the empty one. So the character device's own
/// pointers to the front end are turned to the new place. Where they lie differs; they are found by what
/// they are.
///
/// # Safety
/// `from` is the front end of a live device, which is not used any more. `to` is that of another one, has no
/// character device, and lives as long as QEMU.
unsafe fn move_front_end(from: *mut sys::CharFrontend, to: *mut sys::CharFrontend) {
    // SAFETY: the caller vouches for `from`.
    let chardev = unsafe { sys::qemu_chr_fe_get_driver(from) };
    if chardev.is_null() {
        return;
    }
    // SAFETY: the caller vouches for both, which are two. A front end without a character device is zeros.
    unsafe {
        ptr::copy_nonoverlapping(from, to, 1);
        ptr::write_bytes(from, 0, 1);
    }
    // SAFETY: the character device is live, since a front end has it. Its words are looked at only here meanwhile.
    turn(unsafe { words_of(chardev as *mut sys::Object) }, from, to);
}

/// An object as the words that it is made of.
///
/// # Safety
/// The object is live, and nobody else uses it as long as the words are.
unsafe fn words_of<'a>(object: *mut sys::Object) -> &'a [Cell<*mut sys::CharFrontend>] {
    // SAFETY: as many bytes are the object's, aligned for its first field, a pointer. Any word is a pointer that
    // nobody follows.
    unsafe {
        let count = sys::instance_size(object) / size_of::<usize>();
        std::slice::from_raw_parts(object as *const Cell<*mut sys::CharFrontend>, count)
    }
}

/// Turns the pointers among these words that lead to one front end to another. A word that happens to have the
/// address of a front end is a pointer to it.
fn turn(words: &[Cell<*mut sys::CharFrontend>], from: *mut sys::CharFrontend, to: *mut sys::CharFrontend) {
    for word in words.iter().filter(|word| word.get() == from) {
        word.set(to)
    }
}

/// Lets the replacement's clock follow the original's, which stays connected and passes on what the
/// board's clock does.
///
/// # Safety
/// Both devices have a clock input of this name.
unsafe fn share_clock(from: &SysBusDevice, to: &SysBusDevice, name: &CStr) {
    // SAFETY: both are live and, as the caller vouches, have the clock.
    unsafe {
        sys::clock_set_source(
            sys::qdev_get_clock_in(to.as_device_ptr(), name.as_ptr()),
            sys::qdev_get_clock_in(from.as_device_ptr(), name.as_ptr()),
        )
    }
}

/// Connects the replacement's lines to where the original's lead.
///
/// On some boards of 5.2, realizing a device connects its lines somewhere: so those of the original that
/// lead nowhere count as well.
fn connect_lines(from: &SysBusDevice, to: &SysBusDevice) -> Result<()> {
    let (from, to) = (from.as_sysbus_ptr(), to.as_sysbus_ptr());
    let mut line = 0;
    // SAFETY: both devices are live, and each line is there when it is used. What the original's are
    // connected to is there as long as the board.
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

/// Maps the replacement's region over the original's. One that the board has not mapped is in no place
/// that could be taken.
///
/// On some boards of 5.2, realizing a device maps it somewhere: from there it is taken away.
fn map(from: &SysBusDevice, to: &SysBusDevice) -> Result<()> {
    let (original, region) = (region(from)?, region(to)?);
    // SAFETY: a region is an object, which is live as long as the device.
    let (place, own) = unsafe { (&*(original as *const Object), &*(region as *const Object)) };
    if let Some(elsewhere) = own.property_get_link("container")? {
        // SAFETY: what a region's link `container` leads to is a region, and this one is in it.
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

/// The first region of a device.
fn region(device: &SysBusDevice) -> Result<*mut sys::MemoryRegion> {
    // SAFETY: the device is live, and the region is there when it is asked for.
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
