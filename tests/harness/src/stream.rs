//! Saves and loads one device, without the rest of the machine.

use oldstable::compat::ffi::{c_char, c_int, c_void, CString};
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qom::IsA;
use oldstable::sys;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

// The same in all releases, but for an `Error **` that 11.1 has behind the arguments.
extern "C" {
    pub fn qio_channel_file_new_path(
        path: *const c_char,
        flags: c_int,
        mode: u32,
        errp: *mut *mut sys::Error,
    ) -> *mut c_void;
    fn qemu_fclose(file: *mut c_void) -> c_int;
    fn vmstate_save_state(
        file: *mut c_void,
        description: *const sys::VmStateDescription,
        opaque: *mut c_void,
        json: *mut c_void,
        errp: *mut *mut sys::Error,
    ) -> c_int;
    fn vmstate_load_state(
        file: *mut c_void,
        description: *const sys::VmStateDescription,
        opaque: *mut c_void,
        version: c_int,
        errp: *mut *mut sys::Error,
    ) -> c_int;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// A stream to or from a file, by the function that the running release has for it.
unsafe fn open(path: &Path, flags: c_int, names: [&str; 2]) -> *mut c_void {
    let path = CString::new(path.to_str().unwrap()).unwrap();
    let channel = qio_channel_file_new_path(path.as_ptr(), flags, 0o600, std::ptr::null_mut());
    assert!(!channel.is_null());
    let function = names
        .iter()
        .map(|name| CString::new(*name).unwrap())
        .map(|name| dlsym(std::ptr::null_mut(), name.as_ptr()))
        .find(|function| !function.is_null())
        .expect("a function that opens a stream");
    let function: unsafe extern "C" fn(*mut c_void) -> *mut c_void = std::mem::transmute(function);
    // The stream has a reference of its own.
    let stream = function(channel);
    sys::object_unref(channel);
    stream
}

fn file() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("oldstable-harness-{}-{}", std::process::id(), number))
}

/// What is saved of a device: its fields and subsections. An errno if it refuses.
pub fn save<T: IsA<DeviceState>>(device: &T) -> Result<Vec<u8>, c_int> {
    const WRITE_CREATE: c_int = 0o1 | 0o100;
    let path = file();
    // SAFETY: the device is live, and its class describes it.
    let status = unsafe {
        let stream = open(&path, WRITE_CREATE, ["qemu_file_new_output", "qemu_fopen_channel_output"]);
        let device = device.as_device_ptr();
        let status = vmstate_save_state(
            stream,
            sys::qdev_get_vmsd(device),
            device as *mut c_void,
            std::ptr::null_mut(),
            &mut std::ptr::null_mut(),
        );
        qemu_fclose(stream);
        status
    };
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    if status == 0 {
        Ok(bytes)
    } else {
        Err(status)
    }
}

/// Loads what `save` has returned, or something else; an errno if it is refused.
pub fn load<T: IsA<DeviceState>>(device: &T, bytes: &[u8], version: c_int) -> Result<(), c_int> {
    const READ: c_int = 0;
    let path = file();
    std::fs::write(&path, bytes).unwrap();
    // SAFETY: as in `save`.
    let status = unsafe {
        let stream = open(&path, READ, ["qemu_file_new_input", "qemu_fopen_channel_input"]);
        let device = device.as_device_ptr();
        let status = vmstate_load_state(
            stream,
            sys::qdev_get_vmsd(device),
            device as *mut c_void,
            version,
            &mut std::ptr::null_mut(),
        );
        qemu_fclose(stream);
        status
    };
    std::fs::remove_file(&path).unwrap();
    if status == 0 {
        Ok(())
    } else {
        Err(status)
    }
}
