// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Saving a device's state, and loading it.

use super::qemu;
use crate::qdev::{DeviceMethods, DeviceState};
use crate::qom::IsA;
use crate::sys;
use oldstable_compat::ffi::{c_int, c_void, CString};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Opens a stream to or from a file, by the running release's function for it.
///
/// # Safety
/// The names are of functions that make a stream of a channel.
unsafe fn open(path: &Path, flags: c_int, names: [&'static str; 2]) -> *mut c_void {
    let path = CString::new(path.to_str().expect("the path is text")).expect("a path has no NUL");
    // SAFETY: the path is a string, and NULL ignores errors.
    let channel = unsafe { qemu::qio_channel_file_new_path(path.as_ptr(), flags, 0o600, std::ptr::null_mut()) };
    assert!(!channel.is_null());
    let function = names
        .iter()
        .map(|name| sys::lookup(name))
        .find(|function| !function.is_null())
        .expect("a function that opens a stream");
    // SAFETY: the caller guarantees the function. The stream that it makes has a reference of its own.
    unsafe {
        let function: unsafe extern "C" fn(*mut c_void) -> *mut c_void = std::mem::transmute(function);
        let stream = function(channel);
        sys::object_unref(channel);
        stream
    }
}

fn file() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("oldstable-testing-{}-{}", std::process::id(), number))
}

/// Saves a device, through a file, and returns its fields and subsections in the format of the migration stream.
///
/// # Errors
/// The errno of the failure.
///
/// # Panics
/// If its class does not migrate.
#[track_caller]
pub fn save<T: IsA<DeviceState>>(device: &T) -> Result<Vec<u8>, c_int> {
    const WRITE_CREATE: c_int = 0o1 | 0o100;
    let path = file();
    // SAFETY: the device is live, and its class describes it.
    let status = unsafe {
        let stream = open(&path, WRITE_CREATE, ["qemu_file_new_output\0", "qemu_fopen_channel_output\0"]);
        let device = device.as_device_ptr();
        assert!(!sys::qdev_get_vmsd(device).is_null(), "its class has no VMSTATE");
        let status = qemu::vmstate_save_state(
            stream,
            sys::qdev_get_vmsd(device),
            device as *mut c_void,
            std::ptr::null_mut(),
            &mut std::ptr::null_mut(),
        );
        qemu::qemu_fclose(stream);
        status
    };
    let bytes = std::fs::read(&path).expect("what was written");
    std::fs::remove_file(&path).expect("the file goes");
    if status == 0 {
        Ok(bytes)
    } else {
        Err(status)
    }
}

/// Loads a result of [`save`], or other bytes, of a given version of the class's section.
///
/// An I²C bus is not loaded with its device, and may consider it the target of a transfer: make another transfer before
/// the device is freed.
///
/// # Errors
/// The errno of the failure.
///
/// # Panics
/// If its class does not migrate.
#[track_caller]
pub fn load<T: IsA<DeviceState>>(device: &T, bytes: &[u8], version: c_int) -> Result<(), c_int> {
    const READ: c_int = 0;
    let path = file();
    // In a stream a footer follows the device. QEMU looks at its first byte after each struct, for a subsection.
    const FOOTER: u8 = 0x7e;
    std::fs::write(&path, [bytes, &[FOOTER]].concat()).expect("the file is written");
    // SAFETY: as in `save`.
    let status = unsafe {
        let stream = open(&path, READ, ["qemu_file_new_input\0", "qemu_fopen_channel_input\0"]);
        let device = device.as_device_ptr();
        assert!(!sys::qdev_get_vmsd(device).is_null(), "its class has no VMSTATE");
        let status = qemu::vmstate_load_state(
            stream,
            sys::qdev_get_vmsd(device),
            device as *mut c_void,
            version,
            &mut std::ptr::null_mut(),
        );
        qemu::qemu_fclose(stream);
        status
    };
    std::fs::remove_file(&path).expect("the file goes");
    if status == 0 {
        Ok(())
    } else {
        Err(status)
    }
}
