//! Layouts that no class reveals: two clocks, a region and a device are made, checked, and freed.

use super::{Memory, WORD};
use crate::sys::release::Release;
use crate::sys::{
    clock_set_source, device_hotplugged, memory_region_is_mapped, object_new, object_property_get_bool, object_unref,
    Clock, DeviceState, MemoryRegion,
};
use oldstable_compat::ffi::{c_char, c_void};
use std::mem::size_of;
use std::ptr;

/// A clock has a pointer to its source.
pub(super) fn clocks(release: &Release, memory: &Memory, _: usize) {
    let new = || {
        // SAFETY: the type is registered, and has a name that ends with NUL.
        unsafe { object_new("clock\0".as_ptr() as *const c_char) as *mut Clock }
    };
    let (follower, source) = (new(), new());
    // SAFETY: both clocks are ours alone, and have been made.
    unsafe {
        clock_set_source(follower, source);
        memory.is("Clock.source", source as usize, memory.word(follower as usize + release.clock_source));
        object_unref(follower as *mut c_void);
        object_unref(source as *mut c_void);
    }
}

/// A region is mapped if it has a container. It also counts as mapped if an alias of it is, which is a 32-bit number
/// after that: so only the other half of the pointer is set.
pub(super) fn region(release: &Release, memory: &Memory, _: usize) {
    // A QEMU that does not match its release may have another size, and read beyond it.
    let mut region = [0_usize; 2 * (size_of::<MemoryRegion>() / WORD)];
    let is_mapped = |region: &mut [usize]| {
        // SAFETY: QEMU reads two fields, which are in the array.
        unsafe { usize::from(memory_region_is_mapped(region.as_mut_ptr() as *mut MemoryRegion)) }
    };
    memory.is("MemoryRegion.container of a region that is in none", 0, is_mapped(&mut region));
    region[release.memory_region_container / WORD] = 1 << (8 * WORD / 2);
    memory.is("MemoryRegion.container of a region that is in one", 1, is_mapped(&mut region));
}

/// A device records whether it was made after the machine was built.
pub(super) fn device(release: &Release, memory: &Memory, _: usize) {
    // SAFETY: the type is registered and not abstract, and there are no other references to the device.
    unsafe {
        let device = object_new("pl011\0".as_ptr() as *const c_char);
        let says = || {
            let name = "hotplugged\0".as_ptr() as *const c_char;
            usize::from(object_property_get_bool(device, name, ptr::null_mut()))
        };
        let field = device_hotplugged(device as *mut DeviceState, release);
        let before = *field;
        *field = 0;
        memory.is("DeviceState.hotplugged of a pl011 that was not", 0, says());
        *field = 1;
        memory.is("DeviceState.hotplugged of a pl011 that was", 1, says());
        *field = before;
        object_unref(device as *mut c_void);
    }
}
