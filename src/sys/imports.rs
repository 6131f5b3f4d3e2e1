//! Functions and variables of the running QEMU, looked up by name.

use oldstable_compat::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Which of the known releases export a symbol: bit N stands for `RELEASES[N]`.
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

/// Symbols of QEMU's executable, and where their addresses are kept once they are known.
///
/// The names are one text, and the addresses one array: an object is read from disk and relocated each
/// time QEMU starts, and a reference a name would make it a good deal larger.
pub struct Imports {
    /// Each with the closing NUL that `dlsym` wants.
    pub names: &'static str,
    pub exporters: &'static [Exporters],
    pub addresses: &'static [AtomicPtr<c_void>],
}

/// One of them.
pub struct Import {
    /// With its closing NUL.
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
    /// Looks up what a release exports; the name of the first symbol that is not there.
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

/// The address of a symbol that the executable exports, or NULL. `name` ends with a NUL.
pub fn lookup(name: &'static str) -> *mut c_void {
    extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    debug_assert!(name.ends_with('\0'));
    // SAFETY: NULL is RTLD_DEFAULT on Linux, and the name is NUL-terminated.
    unsafe { dlsym(std::ptr::null_mut(), name.as_ptr() as *const c_char) }
}

/// What every slot points to before [`load`](super::load), so that a call before it, or a call of
/// what this release lacks, is a message and not a jump to NULL.
pub extern "C" fn absent() -> ! {
    crate::report::die(
        &"a function of QEMU was called that this process does not have; \
          load the object into a QEMU (-plugin, LD_PRELOAD), not into another program",
    )
}

/// Declares functions and variables of QEMU and the table `IMPORTS` that names them all.
///
/// A function becomes an `unsafe fn` of the same name; `...` before the last arguments makes the C
/// function variadic, called with just those. A `static` becomes a function that returns its address.
macro_rules! imports {
    ($(in $exporters:ident { $($body:tt)* })*) => {
        imports!{@table [] $($exporters { $($body)* })*}
        $(imports!{@functions $($body)*})*
    };

    (@table [$($name:ident $exporters:ident $initial:expr,)*]) => {
        /// The place of each address in the array of them.
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
        /// What QEMU's header asks of a caller.
        #[inline]
        #[allow(clippy::too_many_arguments)]
        pub unsafe fn $name($($arg: $type,)* $($extra: $extra_type),+) $(-> $result)? {
            let address = ADDRESSES[Slot::$name as usize].load(::std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the address is `absent` or that of the C function of this name, whose
            // signature in every release that exports it is this one. The caller vouches for the rest.
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
        /// What QEMU's header asks of a caller.
        #[inline]
        #[allow(clippy::too_many_arguments)]
        pub unsafe fn $name($($arg: $type),*) $(-> $result)? {
            let address = ADDRESSES[Slot::$name as usize].load(::std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the address is `absent` or that of the C function of this name, whose
            // signature in every release that exports it is this one. The caller vouches for the rest.
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
        /// The variable's address; NULL where the running release does not export it.
        #[inline]
        pub fn $name() -> *mut $type {
            ADDRESSES[Slot::$name as usize].load(::std::sync::atomic::Ordering::Relaxed) as *mut $type
        }
        imports!{@functions $($rest)*}
    };
}
