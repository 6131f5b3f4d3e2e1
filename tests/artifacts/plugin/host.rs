// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A program that poses as a QEMU of any release, for plugin.rs.
//! `host MAJOR.MINOR PLUGIN ARGUMENT…` opens the plugin like QEMU and prints the result.

use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_void};
use std::ptr;

#[repr(C)]
pub struct VersionInfo {
    qemu: *mut [i64; 3],
    package: *mut c_char,
}

extern "C" {
    fn dlopen(file: *const c_char, mode: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

#[no_mangle]
pub extern "C" fn qmp_query_version(_errp: *mut c_void) -> *mut VersionInfo {
    let version = std::env::args().nth(1).expect("a version");
    let mut parts = version.split('.').map(|part| part.parse().expect("a number"));
    let triple = [parts.next().unwrap(), parts.next().unwrap(), 0];
    Box::into_raw(Box::new(VersionInfo {
        qemu: Box::into_raw(Box::new(triple)),
        package: ptr::null_mut(),
    }))
}

#[no_mangle]
pub unsafe extern "C" fn qapi_free_VersionInfo(info: *mut VersionInfo) {
    let info = Box::from_raw(info);
    drop(Box::from_raw(info.qemu));
}

#[no_mangle]
pub extern "C" fn register_module_init(_init: *mut c_void, stage: u32) {
    println!("register_module_init {}", stage);
}

#[no_mangle]
pub extern "C" fn type_register_static(_info: *mut c_void) -> *mut c_void {
    println!("type_register_static");
    ptr::null_mut()
}

fn main() {
    let file = CString::new(std::env::args().nth(2).expect("a plugin")).unwrap();
    let arguments: Vec<CString> = std::env::args()
        .skip(3)
        .map(|argument| CString::new(argument).unwrap())
        .collect();
    let mut argv: Vec<*const c_char> = arguments.iter().map(|a| a.as_ptr()).collect();
    // SAFETY: the function has the signature that QEMU calls it with.
    unsafe {
        const RTLD_NOW: c_int = 2;
        let library = dlopen(file.as_ptr(), RTLD_NOW);
        assert!(!library.is_null(), "the plugin does not open");
        let install = dlsym(library, "qemu_plugin_install\0".as_ptr() as *const c_char);
        assert!(!install.is_null(), "the plugin has no qemu_plugin_install");
        let install: unsafe extern "C" fn(u64, *const c_void, c_int, *mut *const c_char) -> c_int =
            std::mem::transmute(install);
        let status = install(1, ptr::null(), argv.len() as c_int, argv.as_mut_ptr());
        println!("installed {}", status);
    }
}
