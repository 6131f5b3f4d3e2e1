//! Tables of what migrates.

use super::{release, Object, Timer};
use oldstable_compat::ffi::{c_char, c_int, c_void};

/// A section of the stream; laid out by [`vmstate_description`], since the releases differ.
#[repr(C)]
pub struct VmStateDescription {
    _opaque: [u8; 0],
}

/// The stream; only QEMU looks inside.
#[repr(C)]
pub struct QemuFile {
    _opaque: [u8; 0],
}

/// How one value is saved and loaded. 11.1 has two more functions, tries them first, and takes NULL.
#[repr(C)]
pub struct VmStateInfo {
    /// What messages call it.
    pub name: *const c_char,
    /// Reads a value from the stream; 0, or a negative number for an error.
    pub get: Option<unsafe extern "C" fn(*mut QemuFile, *mut c_void, usize, field: *const c_void) -> c_int>,
    /// Writes a value to the stream; 0, or a negative number for an error.
    pub put: Option<
        unsafe extern "C" fn(*mut QemuFile, *mut c_void, usize, field: *const c_void, json: *mut c_void) -> c_int,
    >,
    /// NULL: QEMU takes `get`.
    pub load: *const c_void,
    /// NULL: QEMU takes `put`.
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
/// A struct that a description describes.
pub const VMS_STRUCT: c_int = 0x8;
/// `size` bytes as they are.
pub const VMS_BUFFER: c_int = 0x20;

/// Whether a stream of this version has a field of the struct that is given.
pub type FieldExists = Option<unsafe extern "C" fn(*mut c_void, version: c_int) -> bool>;

/// A field in the terms of all releases.
pub struct VmStateField {
    /// What messages and the description of a stream call it.
    pub name: *const c_char,
    /// Where it lies in the struct, in bytes.
    pub offset: usize,
    /// How many bytes a value has.
    pub size: usize,
    /// How many, for an array.
    pub count: usize,
    /// `VMS_…`.
    pub flags: c_int,
    /// NULL for a struct.
    pub info: *const VmStateInfo,
    /// NULL for what is not a struct.
    pub description: *const VmStateDescription,
    /// The version of the section that has brought it.
    pub version: u32,
    /// None if `version` says all.
    pub exists: FieldExists,
}

/// A section in the terms of all releases.
pub struct VmStateSection {
    /// The name of the section in the stream.
    pub name: *const c_char,
    /// The version that is written.
    pub version: u32,
    /// The oldest version that can be read.
    pub minimum_version: u32,
    /// Called before the fields are read; not 0 for an error.
    pub pre_load: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    /// Called when they have been read, with the version of the stream; not 0 for an error.
    pub post_load: Option<unsafe extern "C" fn(*mut c_void, version: c_int) -> c_int>,
    /// Called before the fields are written; not 0 for an error.
    pub pre_save: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    /// Whether a subsection is written; None for always.
    pub needed: Option<unsafe extern "C" fn(*mut c_void) -> bool>,
    /// What is in it, in the order of the stream.
    pub fields: Vec<VmStateField>,
    /// What follows the fields if it is needed.
    pub subsections: Vec<*const VmStateDescription>,
}

/// Memory of the process's lifetime that is all zero.
fn leak_zeroed(bytes: usize) -> *mut u8 {
    let words = (bytes + std::mem::size_of::<usize>() - 1) / std::mem::size_of::<usize>();
    Box::leak(vec![0_usize; words].into_boxed_slice()).as_mut_ptr() as *mut u8
}

/// Writes one field of a C struct.
///
/// # Safety
/// The struct is at `start`, has such a field at the offset, and can be written.
unsafe fn put<T>(start: *mut u8, offset: usize, value: T) {
    // SAFETY: the caller vouches for the struct and the offset.
    unsafe { (start.add(offset) as *mut T).write(value) }
}

/// The section in the layout of the running release. It lives as long as the process: a class keeps it,
/// and is never freed.
///
/// # Safety
/// The fields are where the section says in every object that it will be used for, and the functions
/// are made for that object.
pub unsafe fn vmstate_description(section: &VmStateSection) -> *const VmStateDescription {
    let layout = &release().vmstate_description;
    let description = leak_zeroed(layout.size);
    // SAFETY: the description and the list are as large as this release has them.
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

/// The table of fields, in the layout of the running release.
fn fields(fields: &[VmStateField]) -> *mut u8 {
    let layout = &release().vmstate_field;
    let table = leak_zeroed((fields.len() + 1) * layout.size);
    for (n, field) in fields.iter().enumerate() {
        // SAFETY: the table has room for one entry more than there are fields, as this release has them.
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
