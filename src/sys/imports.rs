//! Functions and variables of the running QEMU, looked up by name.

use oldstable_compat::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Which of the known releases export a symbol: bit N stands for `RELEASES[N]`.
pub type Exporters = u8;

pub const ONLY_5_2: Exporters = 0b0001;
pub const UP_TO_7_2: Exporters = 0b0011;
pub const SINCE_7_2: Exporters = 0b1110;
pub const SINCE_10_0: Exporters = 0b1100;
pub const ALL: Exporters = 0b1111;

/// A symbol of QEMU's executable, and where its address is kept once it is known.
pub struct Import {
    /// With the closing NUL that `dlsym` wants.
    pub name: &'static str,
    pub exporters: Exporters,
    pub address: &'static AtomicPtr<c_void>,
}

impl Import {
    /// Looks the symbol up in the process; false if it is not there.
    pub fn resolve(&self) -> bool {
        let address = lookup(self.name);
        if address.is_null() {
            return false;
        }
        self.address.store(address, Ordering::Relaxed);
        true
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
    eprintln!(
        "oldstable: a function of QEMU was called that this process does not have; \
         load the object into a QEMU (-plugin, LD_PRELOAD), not into another program"
    );
    std::process::abort()
}

/// Declares functions and variables of QEMU and the table `IMPORTS` that names them all.
///
/// A function becomes an `unsafe fn` of the same name; `...` before the last arguments makes the C
/// function variadic, called with just those. A `static` becomes a function that returns its address.
macro_rules! imports {
    ($(in $exporters:ident { $($body:tt)* })*) => {
        #[allow(non_upper_case_globals)]
        mod slots {
            $(imports!{@slots $($body)*})*
        }
        imports!{@table [] $($exporters { $($body)* })*}
        $(imports!{@functions $($body)*})*
    };

    (@slots) => {};
    (@slots fn $name:ident($($args:tt)*) $(-> $result:ty)?; $($rest:tt)*) => {
        pub static $name: ::std::sync::atomic::AtomicPtr<::oldstable_compat::ffi::c_void> =
            ::std::sync::atomic::AtomicPtr::new($crate::sys::imports::absent as *mut _);
        imports!{@slots $($rest)*}
    };
    (@slots static $name:ident: $type:ty; $($rest:tt)*) => {
        pub static $name: ::std::sync::atomic::AtomicPtr<::oldstable_compat::ffi::c_void> =
            ::std::sync::atomic::AtomicPtr::new(::std::ptr::null_mut());
        imports!{@slots $($rest)*}
    };

    (@table [$($done:tt)*]) => {
        pub(super) static IMPORTS: &[$crate::sys::imports::Import] = &[$($done)*];
    };
    (@table [$($done:tt)*] $exporters:ident {} $($rest:tt)*) => {
        imports!{@table [$($done)*] $($rest)*}
    };
    (@table [$($done:tt)*] $exporters:ident {
        fn $name:ident($($args:tt)*) $(-> $result:ty)?; $($more:tt)*
    } $($rest:tt)*) => {
        imports!{@table [$($done)* imports!{@import $name $exporters},] $exporters { $($more)* } $($rest)*}
    };
    (@table [$($done:tt)*] $exporters:ident {
        static $name:ident: $type:ty; $($more:tt)*
    } $($rest:tt)*) => {
        imports!{@table [$($done)* imports!{@import $name $exporters},] $exporters { $($more)* } $($rest)*}
    };
    (@import $name:ident $exporters:ident) => {
        $crate::sys::imports::Import {
            name: concat!(stringify!($name), "\0"),
            exporters: $crate::sys::imports::$exporters,
            address: &slots::$name,
        }
    };

    (@functions) => {};
    (@functions fn $name:ident(
        $($arg:ident: $type:ty),*; ... $($extra:ident: $extra_type:ty),+
    ) $(-> $result:ty)?; $($rest:tt)*) => {
        #[inline]
        #[allow(clippy::too_many_arguments, clippy::missing_safety_doc)]
        pub unsafe fn $name($($arg: $type,)* $($extra: $extra_type),+) $(-> $result)? {
            let address = slots::$name.load(::std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the address is `absent` or that of the C function of this name, whose
            // signature in every release that exports it is this one.
            let function = ::std::mem::transmute::<
                *mut ::oldstable_compat::ffi::c_void,
                unsafe extern "C" fn($($type,)* ...) $(-> $result)?,
            >(address);
            function($($arg,)* $($extra),+)
        }
        imports!{@functions $($rest)*}
    };
    (@functions fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?; $($rest:tt)*) => {
        #[inline]
        #[allow(clippy::too_many_arguments, clippy::missing_safety_doc)]
        pub unsafe fn $name($($arg: $type),*) $(-> $result)? {
            let address = slots::$name.load(::std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the address is `absent` or that of the C function of this name, whose
            // signature in every release that exports it is this one.
            let function = ::std::mem::transmute::<
                *mut ::oldstable_compat::ffi::c_void,
                unsafe extern "C" fn($($type),*) $(-> $result)?,
            >(address);
            function($($arg),*)
        }
        imports!{@functions $($rest)*}
    };
    (@functions static $name:ident: $type:ty; $($rest:tt)*) => {
        /// The variable's address; NULL where the running release does not export it.
        #[inline]
        pub fn $name() -> *mut $type {
            slots::$name.load(::std::sync::atomic::Ordering::Relaxed) as *mut $type
        }
        imports!{@functions $($rest)*}
    };
}
