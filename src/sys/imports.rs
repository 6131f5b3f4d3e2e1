// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Functions and variables of the running QEMU, looked up by name.

use oldstable_compat::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// The known releases that export a symbol: bit N stands for `RELEASES[N]`.
pub type Exporters = u8;

/// 5.2, 7.2, 10.0 and 11.1.
#[cfg(target_pointer_width = "64")]
mod exporters {
    use super::Exporters;

    pub const ONLY_5_2: Exporters = 0b0001;
    pub const UP_TO_7_2: Exporters = 0b0011;
    pub const SINCE_7_2: Exporters = 0b1110;
    pub const SINCE_10_0: Exporters = 0b1100;
    pub const ALL: Exporters = 0b1111;
}

/// 5.2 and 10.2.
#[cfg(target_pointer_width = "32")]
mod exporters {
    use super::Exporters;

    pub const ONLY_5_2: Exporters = 0b01;
    pub const UP_TO_7_2: Exporters = 0b01;
    pub const SINCE_7_2: Exporters = 0b10;
    pub const SINCE_10_0: Exporters = 0b10;
    pub const ALL: Exporters = 0b11;
}

pub use self::exporters::{ALL, ONLY_5_2, SINCE_10_0, SINCE_7_2, UP_TO_7_2};

/// Symbols of QEMU's executable, and their addresses once these are known.
///
/// The names are one string, and the addresses one array: an object is read from disk and relocated each time QEMU
/// starts, and a reference for each name would make it much larger.
pub struct Imports {
    /// The names, each with the closing NUL that `dlsym` needs.
    pub names: &'static str,
    pub exporters: &'static [Exporters],
    pub addresses: &'static [AtomicPtr<c_void>],
}

/// One symbol.
pub struct Import {
    /// Its name, with the closing NUL.
    pub name: &'static str,
    pub exporters: Exporters,
    address: &'static AtomicPtr<c_void>,
}

impl Imports {
    pub fn iter(&self) -> impl Iterator<Item = Import> {
        let mut names = self.names;
        let addresses = self.addresses.iter();
        self.exporters.iter().zip(addresses).map(move |(&exporters, address)| {
            let (name, rest) = names.split_at(names.find('\0').map_or(names.len(), |nul| nul + 1));
            names = rest;
            Import { name, exporters, address }
        })
    }
}

impl Imports {
    /// Looks up a release's exports; returns the name of the first missing symbol.
    pub fn resolve(&self, exporter: Exporters) -> Option<&'static str> {
        let wanted = self.iter().filter(|import| import.exporters & exporter != 0);
        let mut missing = wanted.filter(|import| {
            let address = lookup(import.name);
            if !address.is_null() {
                import.address.store(address, Ordering::Relaxed);
            }
            address.is_null()
        });
        missing.next().map(|import| import.name)
    }
}

/// Returns the address of a symbol that the executable exports, or NULL. `name` ends with a NUL.
pub fn lookup(name: &'static str) -> *mut c_void {
    extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    debug_assert!(name.ends_with('\0'));
    // SAFETY: NULL is RTLD_DEFAULT on Linux, and the name is NUL-terminated.
    unsafe { dlsym(std::ptr::null_mut(), name.as_ptr() as *const c_char) }
}

/// The target of every slot before [`load`](super::load), so that a call before that, or of a function that this
/// release lacks, ends with a message instead of a jump to NULL.
pub extern "C" fn absent() -> ! {
    crate::report::die(
        &"a function of QEMU was called that this process does not have; \
          load the object into a QEMU (-plugin, LD_PRELOAD), not into another program",
    )
}

/// Declares functions and variables of QEMU, and the table `IMPORTS` with all their names.
///
/// A function becomes an `unsafe fn` of the same name; `...` before the last arguments makes the C
/// function variadic, called with just those. A `static` becomes a function that returns its address.
macro_rules! imports {
    ($(in $exporters:ident { $($body:tt)* })*) => {
        imports!{@table [] $($exporters { $($body)* })*}
        $(imports!{@functions $($body)*})*
    };

    (@table [$($name:ident $exporters:ident $initial:expr,)*]) => {
        /// The index of each address in the array.
        #[allow(non_camel_case_types)]
        enum Slot {
            $($name,)*
        }

        static ADDRESSES: [::std::sync::atomic::AtomicPtr<::oldstable_compat::ffi::c_void>;
            [$(stringify!($name)),*].len()] = [$(::std::sync::atomic::AtomicPtr::new($initial)),*];

        pub(super) static IMPORTS: $crate::sys::imports::Imports = $crate::sys::imports::Imports {
            names: concat!($(stringify!($name), "\0"),*),
            exporters: &[$($crate::sys::imports::$exporters),*],
            addresses: &ADDRESSES,
        };
    };
    (@table [$($done:tt)*] $exporters:ident {} $($rest:tt)*) => {
        imports!{@table [$($done)*] $($rest)*}
    };
    (@table [$($done:tt)*] $exporters:ident {
        fn $name:ident($($args:tt)*) $(-> $result:ty)?; $($more:tt)*
    } $($rest:tt)*) => {
        imports!{
            @table [$($done)* $name $exporters $crate::sys::imports::absent as *mut _,]
            $exporters { $($more)* } $($rest)*
        }
    };
    (@table [$($done:tt)*] $exporters:ident {
        static $name:ident: $type:ty; $($more:tt)*
    } $($rest:tt)*) => {
        imports!{
            @table [$($done)* $name $exporters ::std::ptr::null_mut(),]
            $exporters { $($more)* } $($rest)*
        }
    };

    (@functions) => {};
    (@functions fn $name:ident(
        $($arg:ident: $type:ty),*; ... $($extra:ident: $extra_type:ty),+
    ) $(-> $result:ty)?; $($rest:tt)*) => {
        /// QEMU's function of this name.
        ///
        /// # Safety
        /// The conditions in QEMU's header.
        #[inline]
        #[allow(clippy::too_many_arguments)]
        pub unsafe fn $name($($arg: $type,)* $($extra: $extra_type),+) $(-> $result)? {
            let address = ADDRESSES[Slot::$name as usize].load(::std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the address is `absent` or that of the C function of this name, whose
            // signature in every release that exports it is this one. The caller guarantees the rest.
            unsafe {
                let function = ::std::mem::transmute::<
                    *mut ::oldstable_compat::ffi::c_void,
                    unsafe extern "C" fn($($type,)* ...) $(-> $result)?,
                >(address);
                function($($arg,)* $($extra),+)
            }
        }
        imports!{@functions $($rest)*}
    };
    (@functions fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?; $($rest:tt)*) => {
        /// QEMU's function of this name.
        ///
        /// # Safety
        /// The conditions in QEMU's header.
        #[inline]
        #[allow(clippy::too_many_arguments)]
        pub unsafe fn $name($($arg: $type),*) $(-> $result)? {
            let address = ADDRESSES[Slot::$name as usize].load(::std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the address is `absent` or that of the C function of this name, whose
            // signature in every release that exports it is this one. The caller guarantees the rest.
            unsafe {
                let function = ::std::mem::transmute::<
                    *mut ::oldstable_compat::ffi::c_void,
                    unsafe extern "C" fn($($type),*) $(-> $result)?,
                >(address);
                function($($arg),*)
            }
        }
        imports!{@functions $($rest)*}
    };
    (@functions static $name:ident: $type:ty; $($rest:tt)*) => {
        /// Returns the variable's address; NULL if the running release does not export it.
        #[inline]
        pub fn $name() -> *mut $type {
            ADDRESSES[Slot::$name as usize].load(::std::sync::atomic::Ordering::Relaxed) as *mut $type
        }
        imports!{@functions $($rest)*}
    };
}
