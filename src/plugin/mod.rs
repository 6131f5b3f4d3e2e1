//! How a shared object gets into a QEMU that knows nothing of it.
//!
//! [`plugin!`](crate::plugin) makes a `cdylib` into such an object. There are two ways in:
//!
//! - QEMU 7.2 and later: `-plugin ./libmine.so,replace=on`. QEMU opens the object when its own types
//!   exist and the board does not.
//! - QEMU 5.2, which Debian builds without plugins: `LD_PRELOAD=./libmine.so`, with the arguments in
//!   `OLDSTABLE_PLUGIN=replace=on`. Set it for the QEMU process alone.
//!
//! The one argument is `replace=on`: once the board is built, each device of it that the plugin has a
//! [`Replacement`] for is replaced.
//!
//! In a QEMU whose ABI is not known, one line says which are, and nothing is touched.

mod replace;

pub use self::replace::{replacing, Original, Replacement, Replacing};

use crate::sys;
use oldstable_compat::ffi::{c_char, c_int, c_void, CStr};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// What a plugin brings along. [`plugin!`](crate::plugin) makes one.
pub struct Plugin {
    pub register: fn(),
    pub replacements: &'static [fn() -> Replacing],
    /// Whether the types have been registered: an object that is preloaded can be opened as a plugin
    /// as well.
    pub registered: AtomicBool,
}

/// The arguments of a plugin.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    replace: bool,
}

impl Arguments {
    /// Takes one `key=value`.
    fn take(&mut self, argument: &str) -> Result<(), String> {
        self.replace = match argument {
            "" => self.replace,
            // QEMU passes a key without a value as `key=on`.
            "replace=on" | "replace=true" | "replace=yes" => true,
            "replace=off" | "replace=false" | "replace=no" => false,
            _ => {
                return Err(format!(
                    "the plugin does not know the argument '{}': it takes replace=on and replace=off",
                    argument
                ))
            }
        };
        Ok(())
    }
}

fn complain(what: &dyn std::fmt::Display) {
    eprintln!("oldstable: {}", what);
}

/// What the object does when it is mapped into any process.
///
/// In a QEMU that is known, it says which version of the plugin interface it is made for, and asks to be
/// called when types can be registered. In any other program it does nothing.
pub fn constructor(version: &AtomicI32, init: unsafe extern "C" fn()) {
    crate::callback::guard("the plugin's constructor", || {
        match sys::load() {
            Ok(release) => {
                if let Some(number) = release.plugin_version {
                    version.store(number, Ordering::Relaxed);
                }
                // SAFETY: the function lives as long as the object, which QEMU does not unload while it
                // runs. The list that it goes into is there before any constructor.
                unsafe { sys::register_module_init(Some(init), release.module_init) }
            }
            // Whatever the process starts is handed the object as well.
            Err(sys::LoadError::NotQemu) => {}
            Err(error) => complain(&error),
        }
    })
}

/// What the object does when it is preloaded and QEMU registers its own types.
pub fn init(plugin: &'static Plugin) {
    crate::callback::guard("the plugin's initialisation", || {
        let mut arguments = Arguments::default();
        let given = std::env::var("OLDSTABLE_PLUGIN").unwrap_or_default();
        for argument in given.split(',') {
            if let Err(error) = arguments.take(argument) {
                complain(&error);
                std::process::exit(1);
            }
        }
        start(plugin, &arguments);
    })
}

/// What the object does when QEMU installs it as a plugin; 0 if that went well.
///
/// # Safety
/// `argv` holds `argc` strings.
pub unsafe fn install(plugin: &'static Plugin, argc: c_int, argv: *const *const c_char) -> c_int {
    crate::callback::guard("the plugin's installation", || {
        // The constructor has said what is wrong.
        if sys::load().is_err() {
            return 1;
        }
        let mut arguments = Arguments::default();
        for n in 0..argc as usize {
            // SAFETY: QEMU passes that many strings.
            let argument = CStr::from_ptr(*argv.add(n));
            if let Err(error) = arguments.take(&argument.to_string_lossy()) {
                complain(&error);
                return 1;
            }
        }
        start(plugin, &arguments);
        0
    })
}

fn start(plugin: &'static Plugin, arguments: &Arguments) {
    if plugin.registered.swap(true, Ordering::Relaxed) {
        return;
    }
    (plugin.register)();
    if arguments.replace {
        replace::when_the_machine_is_built(plugin);
    }
}

/// The function that QEMU calls for an opaque pointer's sake: it is here so that the macro needs to name
/// no C type of its own.
#[doc(hidden)]
pub type Info = c_void;

/// Makes a `cdylib` into an object that a stock QEMU loads, with these classes.
///
/// ```ignore
/// oldstable::plugin!(Timer, Watchdog);
/// ```
///
/// Classes that can take the place of a device that QEMU has built in are named once more, and
/// `replace=on` then does it:
///
/// ```ignore
/// oldstable::plugin!(Pl011; replace Pl011);
/// ```
///
/// And a function can be called when the classes are registered, before the board is built:
///
/// ```ignore
/// oldstable::plugin!(Timer; start look_around);
/// ```
#[macro_export]
macro_rules! plugin {
    ($($Type:ty),+ $(,)? $(; replace $($Replacement:ty),+ $(,)?)? $(; start $start:path)?) => {
        static OLDSTABLE_PLUGIN: $crate::plugin::Plugin = {
            fn register() {
                $($crate::qom::register::<$Type>();)+
                $($start();)?
            }
            $crate::plugin::Plugin {
                register,
                replacements: &[$($($crate::plugin::replacing::<$Replacement>),+)?],
                registered: ::std::sync::atomic::AtomicBool::new(false),
            }
        };

        /// Which version of the plugin interface the object is made for. QEMU reads it after the
        /// constructor has set it to what the running release wants.
        #[no_mangle]
        #[allow(non_upper_case_globals)]
        pub static qemu_plugin_version: ::std::sync::atomic::AtomicI32 =
            ::std::sync::atomic::AtomicI32::new(1);

        /// Called by QEMU for `-plugin`.
        ///
        /// # Safety
        /// For QEMU alone.
        #[no_mangle]
        pub unsafe extern "C" fn qemu_plugin_install(
            _id: u64,
            _info: *const $crate::plugin::Info,
            argc: $crate::compat::ffi::c_int,
            argv: *const *const $crate::compat::ffi::c_char,
        ) -> $crate::compat::ffi::c_int {
            $crate::plugin::install(&OLDSTABLE_PLUGIN, argc, argv)
        }

        #[used]
        #[link_section = ".init_array"]
        static OLDSTABLE_CONSTRUCTOR: unsafe extern "C" fn() = {
            unsafe extern "C" fn init() {
                $crate::plugin::init(&OLDSTABLE_PLUGIN)
            }
            unsafe extern "C" fn constructor() {
                $crate::plugin::constructor(&qemu_plugin_version, init)
            }
            constructor
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replace_is_off_until_it_is_asked_for() {
        let mut arguments = Arguments::default();
        assert_eq!(arguments.take(""), Ok(()));
        assert!(!arguments.replace);
        assert_eq!(arguments.take("replace=on"), Ok(()));
        assert!(arguments.replace);
        assert_eq!(arguments.take("replace=off"), Ok(()));
        assert!(!arguments.replace);
    }

    #[test]
    fn an_unknown_argument_is_answered_with_those_that_are_known() {
        let error = Arguments::default().take("replaec=on").unwrap_err();
        assert!(error.contains("'replaec=on'") && error.contains("replace=on"));
    }
}
