// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Tables of migrated fields.

use super::{release, Object, Timer};
use oldstable_compat::ffi::{c_char, c_int, c_void};

/// A section of the stream; laid out by [`vmstate_description`], since the releases differ.
#[repr(C)]
pub struct VmStateDescription {
    _opaque: [u8; 0],
}

/// The stream; only QEMU uses its contents.
#[repr(C)]
pub struct QemuFile {
    _opaque: [u8; 0],
}

/// How one value is saved and loaded. 11.1 has two more functions, which it tries first, and which may be NULL.
#[repr(C)]
pub struct VmStateInfo {
    /// The name in messages.
    pub name: *const c_char,
    /// Reads a value from the stream; returns 0, or a negative number for an error.
    pub get: Option<unsafe extern "C" fn(*mut QemuFile, *mut c_void, usize, field: *const c_void) -> c_int>,
    /// Writes a value to the stream; returns 0, or a negative number for an error.
    pub put: Option<
        unsafe extern "C" fn(*mut QemuFile, *mut c_void, usize, field: *const c_void, json: *mut c_void) -> c_int,
    >,
    /// NULL: QEMU uses `get`.
    pub load: *const c_void,
    /// NULL: QEMU uses `put`.
    pub save: *const c_void,
}

// SAFETY: it is never written, and its strings are constant.
unsafe impl Sync for VmStateInfo {}

/// One value.
pub const VMS_SINGLE: c_int = 0x1;
/// The field is the value's address.
pub const VMS_POINTER: c_int = 0x2;
/// `count` values.
pub const VMS_ARRAY: c_int = 0x4;
/// A struct with a description.
pub const VMS_STRUCT: c_int = 0x8;
/// `size` bytes as they are.
pub const VMS_BUFFER: c_int = 0x20;

/// Returns whether a stream of this version has a field of the struct.
pub type FieldExists = Option<unsafe extern "C" fn(*mut c_void, version: c_int) -> bool>;

/// A field in a format for all releases.
pub struct VmStateField {
    /// The name in messages and in the description of a stream.
    pub name: *const c_char,
    /// The offset in the struct, in bytes.
    pub offset: usize,
    /// The size of a value in bytes.
    pub size: usize,
    /// The number of values, for an array.
    pub count: usize,
    /// The flags, `VMS_…`.
    pub flags: c_int,
    /// NULL for a struct.
    pub info: *const VmStateInfo,
    /// The description of a struct, else NULL.
    pub description: *const VmStateDescription,
    /// The version of the section that introduced it.
    pub version: u32,
    /// None if `version` suffices.
    pub exists: FieldExists,
}

/// A section in a format for all releases.
pub struct VmStateSection {
    /// The name of the section in the stream.
    pub name: *const c_char,
    /// The version that is written.
    pub version: u32,
    /// The oldest version that can be read.
    pub minimum_version: u32,
    /// Called before the fields are read; returns non-zero for an error.
    pub pre_load: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    /// Called after they have been read, with the version of the stream; returns non-zero for an error.
    pub post_load: Option<unsafe extern "C" fn(*mut c_void, version: c_int) -> c_int>,
    /// Called before the fields are written; returns non-zero for an error.
    pub pre_save: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    /// Returns whether to write the subsection; None for always.
    pub needed: Option<unsafe extern "C" fn(*mut c_void) -> bool>,
    /// The fields, in the order of the stream.
    pub fields: Vec<VmStateField>,
    /// The subsections after the fields.
    pub subsections: Vec<*const VmStateDescription>,
}

/// Allocates zeroed memory that lives as long as the process.
fn leak_zeroed(bytes: usize) -> *mut u8 {
    let words = (bytes + std::mem::size_of::<usize>() - 1) / std::mem::size_of::<usize>();
    Box::leak(vec![0_usize; words].into_boxed_slice()).as_mut_ptr() as *mut u8
}

/// Writes one field of a C struct.
///
/// # Safety
/// The struct is at `start`, has such a field at the offset, and can be written.
unsafe fn put<T>(start: *mut u8, offset: usize, value: T) {
    // SAFETY: the caller guarantees the struct and the offset.
    unsafe { (start.add(offset) as *mut T).write(value) }
}

/// Builds the section in the layout of the running release. It lives as long as the process, since classes keep it and
/// are never freed.
///
/// # Safety
/// The fields are at these offsets in every object that the section is used for, and the functions are made for these
/// objects.
pub unsafe fn vmstate_description(section: &VmStateSection) -> *const VmStateDescription {
    let layout = &release().vmstate_description;
    let description = leak_zeroed(layout.size);
    // SAFETY: the description and the list have this release's sizes.
    unsafe {
        put(description, layout.name, section.name);
        put(description, layout.version_id, section.version as c_int);
        put(description, layout.minimum_version_id, section.minimum_version as c_int);
        put(description, layout.pre_load, section.pre_load);
        put(description, layout.post_load, section.post_load);
        put(description, layout.pre_save, section.pre_save);
        put(description, layout.needed, section.needed);
        put(description, layout.fields, fields(&section.fields));
        if !section.subsections.is_empty() {
            // The list ends with NULL.
            let list = leak_zeroed((section.subsections.len() + 1) * std::mem::size_of::<usize>());
            for (n, subsection) in section.subsections.iter().enumerate() {
                put(list, n * std::mem::size_of::<usize>(), *subsection);
            }
            put(description, layout.subsections, list);
        }
    }
    description as *const VmStateDescription
}

/// Builds the table of fields, in the layout of the running release.
fn fields(fields: &[VmStateField]) -> *mut u8 {
    let layout = &release().vmstate_field;
    let table = leak_zeroed((fields.len() + 1) * layout.size);
    for (n, field) in fields.iter().enumerate() {
        // SAFETY: the table has room for one more entry of this release than there are fields.
        unsafe {
            let entry = table.add(n * layout.size);
            put(entry, layout.name, field.name);
            put(entry, layout.offset, field.offset);
            put(entry, layout.size_, field.size);
            put(entry, layout.num, field.count as c_int);
            put(entry, layout.info, field.info);
            put(entry, layout.flags, field.flags);
            put(entry, layout.vmsd, field.description);
            put(entry, layout.version_id, field.version as c_int);
            put(entry, layout.field_exists, field.exists);
        }
    }
    // SAFETY: the last entry closes the table.
    unsafe { put(table.add(fields.len() * layout.size), layout.flags, layout.end_flags) };
    table
}

imports! {
    in ALL {
        fn vmstate_unregister(
            object: *mut Object, description: *const VmStateDescription, opaque: *mut c_void
        );
        fn unregister_savevm(object: *mut Object, section: *const c_char, opaque: *mut c_void);
        fn timer_get(file: *mut QemuFile, timer: *mut Timer);
        fn timer_put(file: *mut QemuFile, timer: *mut Timer);
        static vmstate_info_bool: VmStateInfo;
        static vmstate_info_int8: VmStateInfo;
        static vmstate_info_int16: VmStateInfo;
        static vmstate_info_int32: VmStateInfo;
        static vmstate_info_int64: VmStateInfo;
        static vmstate_info_uint8: VmStateInfo;
        static vmstate_info_uint16: VmStateInfo;
        static vmstate_info_uint32: VmStateInfo;
        static vmstate_info_uint64: VmStateInfo;
        static vmstate_info_unused_buffer: VmStateInfo;
    }
}
