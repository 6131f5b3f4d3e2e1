// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Layouts that no class reveals: two clocks, two regions and a device are made, checked, and freed.

use super::{Memory, WORD};
use crate::sys::release::Release;
use crate::sys::{
    clock_set_source, device_hotplugged, memory_region_add_subregion_overlap, memory_region_del_subregion, object_new,
    object_property_get_bool, object_unref, Clock, DeviceState, MemoryRegion,
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

/// A region stores its container. The region is not enabled, so that QEMU updates no address space: there may be none yet.
pub(super) fn region(release: &Release, memory: &Memory, class: usize) {
    // A QEMU that does not match its release may have another size, and access memory beyond it.
    let mut region = [0_usize; 2 * (size_of::<MemoryRegion>() / WORD)];
    // The type has another name in 5.2.
    let name = memory.pointer(memory.pointer(class)) as *const c_char;
    let place = region.as_mut_ptr() as *mut MemoryRegion;
    // SAFETY: the type is registered, and its name ends with NUL. Bytes that are all zero are a region without an owner that
    // is not enabled, and QEMU accesses nothing else in it. Types are checked with the big lock held.
    let container = unsafe {
        let container = object_new(name) as *mut MemoryRegion;
        memory_region_add_subregion_overlap(container, 0, place, 0);
        container
    };
    let found = memory.word(place as usize + release.memory_region_container);
    memory.is("MemoryRegion.container", container as usize, found);
    // SAFETY: the region is in the container, and there are no other references to either.
    unsafe {
        memory_region_del_subregion(container, place);
        object_unref(container as *mut c_void);
    }
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
