//! Memory regions: what a guest reads and writes.

use crate::callback::guard;
use crate::qom::{expect_field_of, IsA, Object, ObjectCast, ObjectType};
use crate::sys::{self, Opaque};
use oldstable_compat::ffi::{c_uint, c_void, CString};
use std::marker::PhantomData;

/// The order of the bytes of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endianness {
    Little,
    Big,
}

/// Sizes of accesses, in bytes; 0 stands for QEMU's default (from 1, to 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccessSizes {
    pub min: u32,
    pub max: u32,
    /// Whether an address need not be a multiple of the size.
    pub unaligned: bool,
}

impl AccessSizes {
    /// QEMU's defaults.
    pub const DEFAULT: Self = AccessSizes {
        min: 0,
        max: 0,
        unaligned: false,
    };

    /// Aligned accesses from `min` to `max` bytes.
    pub const fn aligned(min: u32, max: u32) -> Self {
        AccessSizes {
            min,
            max,
            unaligned: false,
        }
    }
}

/// What a device does when the guest reads or writes one of its regions.
///
/// A device with several regions implements it once for each, with types of its own as `Region`.
pub trait MemoryRegionOps<Region = ()>: ObjectType {
    /// Reads `size` bytes at an offset into the region.
    const READ: fn(&Self, offset: u64, size: u32) -> u64;

    /// Writes `size` bytes at an offset into the region.
    const WRITE: fn(&Self, offset: u64, value: u64, size: u32);

    /// The order of the bytes of the registers.
    const ENDIANNESS: Endianness = Endianness::Little;

    /// What the guest may do; anything else is an error of its bus.
    const VALID: AccessSizes = AccessSizes::DEFAULT;

    /// What [`READ`](Self::READ) and [`WRITE`](Self::WRITE) are called with; QEMU splits and joins.
    const IMPLEMENTED: AccessSizes = AccessSizes::DEFAULT;
}

/// The C struct for one implementation of [`MemoryRegionOps`].
struct Table<T, Region>(PhantomData<(T, Region)>);

impl<T: MemoryRegionOps<Region>, Region> Table<T, Region> {
    const OPS: &'static sys::MemoryRegionOps = &sys::MemoryRegionOps {
        read: Some(read::<T, Region>),
        write: Some(write::<T, Region>),
        read_with_attrs: None,
        write_with_attrs: None,
        endianness: match T::ENDIANNESS {
            Endianness::Little => sys::DEVICE_LITTLE_ENDIAN,
            Endianness::Big => sys::DEVICE_BIG_ENDIAN,
        },
        valid: sys::AccessValidity {
            min_access_size: T::VALID.min,
            max_access_size: T::VALID.max,
            unaligned: T::VALID.unaligned,
            accepts: None,
        },
        implementation: sys::AccessImplementation {
            min_access_size: T::IMPLEMENTED.min,
            max_access_size: T::IMPLEMENTED.max,
            unaligned: T::IMPLEMENTED.unaligned,
        },
    };
}

unsafe extern "C" fn read<T: MemoryRegionOps<Region>, Region>(
    opaque: *mut c_void,
    offset: u64,
    size: c_uint,
) -> u64 {
    guard("a memory region's read", || {
        // SAFETY: `init_io` gave QEMU its owner, which outlives the region inside it.
        (T::READ)(&*(opaque as *const T), offset, size)
    })
}

unsafe extern "C" fn write<T: MemoryRegionOps<Region>, Region>(
    opaque: *mut c_void,
    offset: u64,
    value: u64,
    size: c_uint,
) {
    guard("a memory region's write", || {
        // SAFETY: as in `read`.
        (T::WRITE)(&*(opaque as *const T), offset, value, size)
    })
}

/// A region of an address space: a field of the device that serves it.
#[repr(transparent)]
pub struct MemoryRegion(Opaque<sys::MemoryRegion>);

impl Default for MemoryRegion {
    fn default() -> Self {
        MemoryRegion(Opaque::zeroed())
    }
}

impl MemoryRegion {
    /// Makes the region call the device's [`MemoryRegionOps`] for `Region`.
    ///
    /// # Panics
    /// If the region is not a field of `owner`, has been made already, or `name` has a NUL.
    pub fn init_io<T, Region>(&self, owner: &T, name: &str, size: u64)
    where
        T: MemoryRegionOps<Region> + IsA<Object>,
    {
        let name = self.expect_new_field_of(owner, name);
        // SAFETY: the region is a new field of the owner and so lives as long; the table is constant,
        // and QEMU copies the name.
        unsafe {
            sys::memory_region_init_io(
                self.as_mut_ptr(),
                owner.as_object_ptr(),
                Table::<T, Region>::OPS,
                owner as *const T as *mut c_void,
                name.as_ptr(),
                size,
            )
        }
    }

    /// Where the region lies, for QEMU.
    pub(crate) fn as_mut_ptr(&self) -> *mut sys::MemoryRegion {
        self.0.as_mut_ptr()
    }

    fn expect_new_field_of<T: IsA<Object>>(&self, owner: &T, name: &str) -> CString {
        expect_field_of(owner, self);
        // SAFETY: the first word of every object is its class, which QEMU sets when it makes the object.
        let class = unsafe { *(self.as_mut_ptr() as *const *const c_void) };
        assert!(class.is_null(), "memory region {} has been made already", name);
        CString::new(name).expect("a memory region's name has no NUL")
    }
}
