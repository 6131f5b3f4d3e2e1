// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Memory regions and address spaces.

use super::{release, Error, Object};
use oldstable_compat::ffi::{c_char, c_int, c_uint, c_void};

/// `MemoryRegion`: 240 bytes in 5.2, 272 since 7.2.
#[repr(C)]
#[cfg_attr(target_pointer_width = "64", repr(align(16)))]
pub struct MemoryRegion {
    #[cfg(target_pointer_width = "64")]
    words: [usize; 272 / 8],
    #[cfg(target_pointer_width = "32")]
    words: [usize; 160 / 4],
}

impl MemoryRegion {
    /// All zero, as before QEMU initialises a region.
    pub const ZERO: Self = MemoryRegion {
        #[cfg(target_pointer_width = "64")]
        words: [0; 272 / 8],
        #[cfg(target_pointer_width = "32")]
        words: [0; 160 / 4],
    };
}

/// An address space; only QEMU uses its contents.
#[repr(C)]
pub struct AddressSpace {
    _opaque: [u8; 0],
}

/// `MemTxAttrs` is passed by value: on 64 bits in a register, on 32 bits on the stack. 5.2 and 7.2 only have its first
/// 32 bits. As the last argument this type works for all releases, since the callee ignores the rest.
pub type MemTxAttrs = u64;
/// The result of an access (include/exec/memattrs.h).
pub type MemTxResult = u32;

/// The attributes of an access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// The access has no attributes.
    pub unspecified: bool,
    /// The access is to the secure side of an ARM board.
    pub secure: bool,
    /// The access comes from an unprivileged program.
    pub user: bool,
    /// The device that makes the access: on PCI, bus, device and function.
    pub requester_id: u16,
}

impl Attributes {
    /// The attributes of an access without any.
    pub const UNSPECIFIED: Self = Attributes { unspecified: true, secure: false, user: false, requester_id: 0 };

    /// Converts them to the running release's form.
    pub(crate) fn encode(self) -> MemTxAttrs {
        let bits = &release().mem_tx_attrs;
        u64::from(self.unspecified) << bits.unspecified
            | u64::from(self.secure) << bits.secure
            | u64::from(self.user) << bits.user
            | u64::from(self.requester_id) << bits.requester_id
    }

    /// Converts them from the running release's form.
    pub(crate) fn decode(attrs: MemTxAttrs) -> Self {
        let bits = &release().mem_tx_attrs;
        Attributes {
            unspecified: attrs >> bits.unspecified & 1 != 0,
            secure: attrs >> bits.secure & 1 != 0,
            user: attrs >> bits.user & 1 != 0,
            requester_id: (attrs >> bits.requester_id) as u16,
        }
    }
}

/// The access succeeded.
pub const MEMTX_OK: MemTxResult = 0;
/// The device has refused it.
pub const MEMTX_ERROR: MemTxResult = 1;
/// There is nothing at the address.
pub const MEMTX_DECODE_ERROR: MemTxResult = 2;

/// The most significant byte of a register comes first, whatever the machine.
pub const DEVICE_BIG_ENDIAN: c_int = 1;
/// The least significant byte of a register comes first, whatever the machine.
pub const DEVICE_LITTLE_ENDIAN: c_int = 2;

/// The accesses of a guest that reach the device: `valid` of `MemoryRegionOps`.
#[repr(C)]
pub struct AccessValidity {
    /// The fewest bytes; 0 stands for 1.
    pub min_access_size: c_uint,
    /// The most bytes; 0 stands for 4.
    pub max_access_size: c_uint,
    /// Whether addresses that are not multiples of the size are allowed.
    pub unaligned: bool,
    /// The device's own check of each access; None if the sizes suffice.
    pub accepts: Option<unsafe extern "C" fn(*mut c_void, u64, c_uint, bool, MemTxAttrs) -> bool>,
}

/// The accesses that the functions support, into which QEMU converts the others: `impl` of `MemoryRegionOps`.
#[repr(C)]
pub struct AccessImplementation {
    /// The fewest bytes; 0 stands for 1.
    pub min_access_size: c_uint,
    /// The most bytes; 0 stands for 4.
    pub max_access_size: c_uint,
    /// Whether addresses that are not multiples of the size are allowed.
    pub unaligned: bool,
}

/// `MemoryRegionOps`, the same in all releases (include/exec/memory.h). Each function takes the region's opaque
/// pointer, an offset in bytes, and the size of the access in bytes.
#[repr(C)]
pub struct MemoryRegionOps {
    /// Returns the value read.
    pub read: Option<unsafe extern "C" fn(*mut c_void, u64, c_uint) -> u64>,
    /// Takes the value to write after the offset.
    pub write: Option<unsafe extern "C" fn(*mut c_void, u64, u64, c_uint)>,
    /// Replaces `read`, which must be None then; stores the value at the pointer.
    pub read_with_attrs: Option<unsafe extern "C" fn(*mut c_void, u64, *mut u64, c_uint, MemTxAttrs) -> MemTxResult>,
    /// Replaces `write`, which must be None then.
    pub write_with_attrs: Option<unsafe extern "C" fn(*mut c_void, u64, u64, c_uint, MemTxAttrs) -> MemTxResult>,
    /// [`DEVICE_LITTLE_ENDIAN`] or [`DEVICE_BIG_ENDIAN`].
    pub endianness: c_int,
    /// The accesses that a guest may make.
    pub valid: AccessValidity,
    /// The accesses that the functions support.
    pub implementation: AccessImplementation,
}

/// Returns one of the flags after the object, which have the same order in all releases.
///
/// # Safety
/// The region is made.
unsafe fn flag(region: *mut MemoryRegion, number: usize) -> bool {
    // SAFETY: a region has its flags there, which are valid once it is made.
    unsafe { *((region as *const u8).add(std::mem::size_of::<Object>() + number) as *const bool) }
}

/// Returns whether the region is a ROM device: reads go to memory, writes to the device.
///
/// # Safety
/// The region is made.
pub unsafe fn memory_region_is_rom_device(region: *mut MemoryRegion) -> bool {
    // SAFETY: the caller guarantees the region.
    unsafe { flag(region, 5) }
}

/// Returns the address of the bytes of memory or a ROM; NULL for any other region.
///
/// # Safety
/// The region is made.
pub unsafe fn memory_region_ram(region: *mut MemoryRegion) -> *mut u8 {
    // SAFETY: the caller guarantees the region, which has bytes if it is one of these.
    unsafe {
        let is_ram = flag(region, 1);
        if is_ram || memory_region_is_rom_device(region) {
            memory_region_get_ram_ptr(region) as *mut u8
        } else {
            std::ptr::null_mut()
        }
    }
}

/// Returns the region's container, or NULL.
///
/// # Safety
/// The region is made.
pub unsafe fn memory_region_container(region: *mut MemoryRegion) -> *mut MemoryRegion {
    // SAFETY: the running release has it there in a region.
    unsafe {
        let place = (region as *const u8).add(release().memory_region_container);
        *(place as *const *mut MemoryRegion)
    }
}

/// Reads or writes bytes of an address space, with the attributes in the running release's form.
///
/// # Safety
/// `space` is live, and `data` is readable for `size` bytes, for a read writable.
pub unsafe fn address_space_access(
    space: *mut AddressSpace,
    address: u64,
    attributes: Attributes,
    data: *mut c_void,
    size: u64,
    write: bool,
) -> MemTxResult {
    let attrs = attributes.encode();
    #[cfg(target_pointer_width = "32")]
    {
        // If the attributes are 32 bits, they take one word of the stack, so the next arguments are elsewhere.
        type Narrow = unsafe extern "C" fn(*mut AddressSpace, u64, u32, *mut c_void, u64, bool) -> MemTxResult;
        if release().mem_tx_attrs.size == 4 {
            let function = ADDRESSES[Slot::address_space_rw as usize].load(std::sync::atomic::Ordering::Relaxed);
            // SAFETY: such a release has the function in this form, and the caller guarantees the arguments.
            return unsafe {
                let function = std::mem::transmute::<*mut c_void, Narrow>(function);
                function(space, address, attrs as u32, data, size, write)
            };
        }
    }
    // SAFETY: the caller guarantees the arguments.
    unsafe { address_space_rw(space, address, attrs, data, size, write) }
}

imports! {
    in ALL {
        fn memory_region_init(region: *mut MemoryRegion, owner: *mut Object, name: *const c_char, size: u64);
        fn memory_region_init_io(
            region: *mut MemoryRegion, owner: *mut Object, ops: *const MemoryRegionOps,
            opaque: *mut c_void, name: *const c_char, size: u64
        );
        fn memory_region_init_alias(
            region: *mut MemoryRegion, owner: *mut Object, name: *const c_char,
            original: *mut MemoryRegion, offset: u64, size: u64
        );
        fn memory_region_init_ram(
            region: *mut MemoryRegion, owner: *mut Object, name: *const c_char, size: u64,
            errp: *mut *mut Error
        );
        fn memory_region_init_rom(
            region: *mut MemoryRegion, owner: *mut Object, name: *const c_char, size: u64,
            errp: *mut *mut Error
        );
        fn memory_region_init_rom_device(
            region: *mut MemoryRegion, owner: *mut Object, ops: *const MemoryRegionOps,
            opaque: *mut c_void, name: *const c_char, size: u64, errp: *mut *mut Error
        );
        fn memory_region_rom_device_set_romd(region: *mut MemoryRegion, reads_memory: bool);
        fn memory_region_get_ram_ptr(region: *mut MemoryRegion) -> *mut c_void;
        fn memory_region_set_dirty(region: *mut MemoryRegion, offset: u64, size: u64);
        fn memory_region_add_subregion_overlap(
            region: *mut MemoryRegion, offset: u64, subregion: *mut MemoryRegion, priority: c_int
        );
        fn memory_region_del_subregion(region: *mut MemoryRegion, subregion: *mut MemoryRegion);
        fn get_system_memory() -> *mut MemoryRegion;
        fn memory_region_set_enabled(region: *mut MemoryRegion, enabled: bool);
        fn memory_region_is_mapped(region: *mut MemoryRegion) -> bool;
        fn memory_region_size(region: *mut MemoryRegion) -> u64;
        fn address_space_rw(
            space: *mut AddressSpace, address: u64, attrs: MemTxAttrs, data: *mut c_void, size: u64,
            write: bool
        ) -> MemTxResult;
        fn address_space_access_valid(
            space: *mut AddressSpace, address: u64, size: u64, write: bool, attrs: MemTxAttrs
        ) -> bool;
        fn address_space_map(
            space: *mut AddressSpace, address: u64, length: *mut u64, write: bool, attrs: MemTxAttrs
        ) -> *mut c_void;
        fn address_space_unmap(
            space: *mut AddressSpace, bytes: *mut c_void, length: u64, write: bool, accessed: u64
        );
        fn memory_region_from_host(bytes: *mut c_void, offset: *mut usize) -> *mut MemoryRegion;
        static address_space_memory: AddressSpace;
    }
}
