//! Memory regions.

use super::Object;
use oldstable_compat::ffi::{c_char, c_int, c_uint, c_void};

/// `MemoryRegion`: 240 bytes in 5.2, 272 since 7.2.
#[repr(C)]
#[cfg_attr(target_pointer_width = "64", repr(align(16)))]
pub struct MemoryRegion {
    #[cfg(target_pointer_width = "64")]
    words: [usize; 272 / 8],
    #[cfg(target_pointer_width = "32")]
    words: [usize; 148 / 4],
}

impl MemoryRegion {
    pub const ZERO: Self = MemoryRegion {
        #[cfg(target_pointer_width = "64")]
        words: [0; 272 / 8],
        #[cfg(target_pointer_width = "32")]
        words: [0; 148 / 4],
    };
}

/// `MemTxAttrs` travels by value in one integer register or one slot of the stack; its first 32 bits
/// are all that 5.2 and 7.2 have.
pub type MemTxAttrs = usize;
pub type MemTxResult = u32;

pub const DEVICE_BIG_ENDIAN: c_int = 1;
pub const DEVICE_LITTLE_ENDIAN: c_int = 2;

#[repr(C)]
pub struct AccessValidity {
    pub min_access_size: c_uint,
    pub max_access_size: c_uint,
    pub unaligned: bool,
    pub accepts:
        Option<unsafe extern "C" fn(*mut c_void, u64, c_uint, bool, MemTxAttrs) -> bool>,
}

#[repr(C)]
pub struct AccessImplementation {
    pub min_access_size: c_uint,
    pub max_access_size: c_uint,
    pub unaligned: bool,
}

#[repr(C)]
pub struct MemoryRegionOps {
    pub read: Option<unsafe extern "C" fn(*mut c_void, u64, c_uint) -> u64>,
    pub write: Option<unsafe extern "C" fn(*mut c_void, u64, u64, c_uint)>,
    pub read_with_attrs: Option<
        unsafe extern "C" fn(*mut c_void, u64, *mut u64, c_uint, MemTxAttrs) -> MemTxResult,
    >,
    pub write_with_attrs:
        Option<unsafe extern "C" fn(*mut c_void, u64, u64, c_uint, MemTxAttrs) -> MemTxResult>,
    pub endianness: c_int,
    pub valid: AccessValidity,
    pub implementation: AccessImplementation,
}

imports! {
    in ALL {
        fn memory_region_init_io(
            region: *mut MemoryRegion, owner: *mut Object, ops: *const MemoryRegionOps,
            opaque: *mut c_void, name: *const c_char, size: u64
        );
        fn memory_region_init_alias(
            region: *mut MemoryRegion, owner: *mut Object, name: *const c_char,
            original: *mut MemoryRegion, offset: u64, size: u64
        );
        fn memory_region_add_subregion_overlap(
            region: *mut MemoryRegion, offset: u64, subregion: *mut MemoryRegion, priority: c_int
        );
        fn memory_region_size(region: *mut MemoryRegion) -> u64;
    }
}
