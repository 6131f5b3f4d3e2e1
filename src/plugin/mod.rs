// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! How a shared object is loaded into an unmodified QEMU.
//!
//! [`plugin!`](macro@crate::plugin) makes a `cdylib` into such an object. There are two ways to load it:
//!
//! - QEMU 7.2 and later: `-plugin ./libmine.so,replace=on`. QEMU opens the object after its own types are registered
//!   and before the board is built.
//! - QEMU 5.2, which Debian builds without plugins: `LD_PRELOAD=./libmine.so`, with the arguments in
//!   `OLDSTABLE_PLUGIN=replace=on`. Set it for the QEMU process alone. Separate several objects in `LD_PRELOAD` by
//!   colons; `OLDSTABLE_PLUGIN='libmine.so,replace=on;libyours.so,address=0x0c000000'` has arguments for each.
//!
//! Plugins may be built with different versions of this crate: they are independent of each other.
//!
//! A plugin refuses a QEMU whose ABI is not known, or that does not match its version, with one line. It also refuses a
//! development version (10.0.50), unless `unsafe-abi=on` is among the arguments: its layouts may be those of the
//! previous release, of the next one, or of neither.
//!
//! `replace=on` replaces, once the board is built, each of its devices for which the plugin has a [`Replacement`]. All
//! other arguments are the plugin's own, except `file`, `arg` and `id`, which `-plugin` uses itself.
//!
//! In a QEMU whose ABI is not known, one line says which are, and nothing is touched.

mod preloaded;
mod replace;

pub use self::replace::{replacing, Replacement, Replacing};

use crate::foreign::text_at;
use crate::report::{refuse, warn};
use crate::sys;
use oldstable_compat::ffi::{c_char, c_int, c_void};
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};

/// The contents of a plugin, made by [`plugin!`](macro@crate::plugin).
pub struct Plugin {
    /// Registers the types.
    pub register: fn(),
    /// QEMU's devices that ours can replace.
    pub replacements: &'static [fn() -> Replacing],
    /// Called once the board is built, with the arguments that are the plugin's own.
    pub board: Option<fn(&Settings) -> crate::Result<()>>,
    /// Whether the types have been registered: a preloaded object can be opened as a plugin as well.
    pub registered: AtomicBool,
}

/// A plugin's own arguments, as the user has given them.
///
/// If the board function has not asked for an argument when it returns, the argument is unknown, and QEMU does not
/// start.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Settings {
    given: Vec<(String, String)>,
    /// The keys that the plugin has asked for, in their order.
    asked: RefCell<Vec<String>>,
}

impl Settings {
    /// The last value given for `key`; None if it is not among the arguments. A key alone has the value `on`.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|name| name == key) {
            asked.push(key.to_owned());
        }
        let setting = self.given.iter().rev().find(|(name, _)| name == key);
        setting.map(|(_, value)| value.as_str())
    }

    /// Returns the value as a number, decimal or with the prefix `0x`; None if the key is not among the arguments.
    ///
    /// # Errors
    /// If it is not a number.
    pub fn number(&self, key: &str) -> crate::Result<Option<u64>> {
        let text = match self.get(key) {
            Some(text) => text,
            None => return Ok(None),
        };
        let number = match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16),
            None => text.parse(),
        };
        let number =
            number.map_err(|error| crate::Error::with_error(format!("{}={} is not a number", key, text), error))?;
        Ok(Some(number))
    }

    /// Returns an error with the first argument that the plugin has not asked for.
    fn check_all_known(&self) -> Result<(), String> {
        let asked = self.asked.borrow();
        match self.given.iter().find(|(key, _)| !asked.contains(key)) {
            None => Ok(()),
            Some((key, value)) => {
                let own: String = asked.iter().map(|key| format!("{}=…, ", key)).collect();
                Err(format!("the plugin does not know the argument '{}={}': it takes {}{}", key, value, own, TAKES))
            }
        }
    }
}

/// The arguments that each plugin takes.
const TAKES: &str = "replace=on, replace=off and unsafe-abi=on";

/// The arguments of a plugin.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    replace: bool,
    /// Whether to accept a QEMU between two releases.
    unsafe_abi: bool,
    settings: Settings,
}

impl Arguments {
    /// Takes one `key=value`.
    fn take(&mut self, argument: &str, has_settings: bool) -> Result<(), String> {
        match argument {
            "" => {}
            // QEMU passes a key without a value as `key=on`.
            "replace=on" | "replace=true" | "replace=yes" => self.replace = true,
            "replace=off" | "replace=false" | "replace=no" => self.replace = false,
            "unsafe-abi=on" => self.unsafe_abi = true,
            "unsafe-abi=off" => self.unsafe_abi = false,
            _ if has_settings => {
                let mut parts = argument.splitn(2, '=').map(str::to_owned);
                let key = parts.next().unwrap_or_default();
                let value = parts.next().unwrap_or_else(|| "on".to_owned());
                self.settings.given.push((key, value));
            }
            _ => return Err(format!("the plugin does not know the argument '{}': it takes {}", argument, TAKES)),
        }
        Ok(())
    }
}

/// Runs when the object is mapped into any process.
///
/// In a known QEMU, it sets the plugin interface's version, and asks to be called when types can be registered. In any
/// other program it does nothing.
///
/// # Safety
/// It is called before `main`, and QEMU may call `init`, which lives as long as QEMU, when it registers its types.
pub unsafe fn constructor(version: &AtomicI32, init: unsafe extern "C" fn()) {
    crate::callback::guard("the plugin's constructor", || {
        match sys::load() {
            Ok(release) => {
                if let Some(number) = release.plugin_version {
                    version.store(number, Ordering::Relaxed);
                }
                // SAFETY: the caller guarantees the function, and QEMU does not unload the object while it runs. The
                // list that it is added to exists before any constructor.
                unsafe { sys::register_module_init(Some(init), release.module_init) }
            }
            // Every program that the process starts gets the object as well.
            Err(sys::LoadError::NotQemu) => {}
            Err(error) => warn(&error),
        }
    })
}

/// Runs in a preloaded object when QEMU registers its own types.
///
/// `again` is the function by which QEMU has called this.
///
/// # Safety
/// QEMU calls it while it registers its types, and may then call `again`, which lives as long as QEMU, once more.
pub unsafe fn init(plugin: &'static Plugin, again: unsafe extern "C" fn()) {
    /// Whether QEMU has been asked to call again.
    static ASKED: AtomicBool = AtomicBool::new(false);
    crate::callback::guard("the plugin's initialisation", || {
        if !sys::types_are_registered() {
            // The function that is registered last is called last, after QEMU's own types. Their stage has one of two
            // numbers; since nothing has been checked yet, use both.
            if !ASKED.swap(true, Ordering::Relaxed) {
                for stage in &sys::STAGES_OF_TYPES {
                    // SAFETY: the caller guarantees the function. QEMU calls its list to the end.
                    unsafe { sys::register_module_init(Some(again), *stage) }
                }
            }
            return;
        }
        let mut arguments = Arguments::default();
        let given = preloaded::arguments(plugin).unwrap_or_else(|error| refuse(&error));
        for argument in given {
            if let Err(error) = arguments.take(&argument, plugin.board.is_some()) {
                refuse(&error);
            }
        }
        if let Err(error) = start(plugin, arguments) {
            refuse(&error);
        }
    })
}

/// Runs when QEMU installs the object as a plugin; returns 0 on success.
///
/// # Safety
/// `argv` holds `argc` strings.
pub unsafe fn install(plugin: &'static Plugin, argc: c_int, argv: *const *const c_char) -> c_int {
    crate::callback::guard("the plugin's installation", || {
        match sys::load() {
            Ok(_) => {}
            Err(sys::LoadError::NotQemu) => {
                warn(&"this QEMU runs a single program and has no devices: give the plugin to a qemu-system-…");
                return 1;
            }
            // The constructor has printed the error.
            Err(_) => return 1,
        }
        let mut arguments = Arguments::default();
        for n in 0..argc as usize {
            // SAFETY: QEMU passes that many strings.
            let argument = unsafe { text_at(*argv.add(n)) };
            if let Err(error) = arguments.take(&argument, plugin.board.is_some()) {
                warn(&error);
                return 1;
            }
        }
        if let Err(error) = start(plugin, arguments) {
            warn(&error);
            return 1;
        }
        0
    })
}

/// A function to call after the plugin's classes have been registered, or NULL.
static ALSO: AtomicPtr<fn()> = AtomicPtr::new(std::ptr::null_mut());

/// Makes a function run after the classes of this object's plugin have been registered.
#[cfg(feature = "testing")]
pub(crate) fn when_started(also: &'static fn()) {
    ALSO.store(also as *const _ as *mut _, Ordering::Relaxed);
}

fn start(plugin: &'static Plugin, arguments: Arguments) -> Result<(), sys::LoadError> {
    if plugin.registered.load(Ordering::Relaxed) {
        return Ok(());
    }
    sys::verify(arguments.unsafe_abi)?;
    plugin.registered.store(true, Ordering::Relaxed);
    (plugin.register)();
    // SAFETY: it is what `when_started` has stored, or NULL.
    if let Some(also) = unsafe { ALSO.load(Ordering::Relaxed).as_ref() } {
        also()
    }
    if arguments.replace || plugin.board.is_some() {
        when_the_board_is_built(plugin, arguments);
    }
    Ok(())
}

/// QEMU's notifier, followed by the data that we need in its callback.
#[repr(C)]
struct BoardBuilt {
    notifier: sys::Notifier,
    plugin: &'static Plugin,
    arguments: Arguments,
}

fn when_the_board_is_built(plugin: &'static Plugin, arguments: Arguments) {
    let built = Box::leak(Box::new(BoardBuilt {
        notifier: sys::Notifier { notify: Some(board_built), node: [std::ptr::null_mut(); 2] },
        plugin,
        arguments,
    }));
    // SAFETY: the notifier is never freed.
    unsafe { sys::qemu_add_machine_init_done_notifier(&mut built.notifier) }
}

/// # Safety
/// QEMU calls it with the notifier of a [`BoardBuilt`] once the board is built, with the big lock.
unsafe extern "C" fn board_built(notifier: *mut sys::Notifier, _data: *mut c_void) {
    crate::callback::guard("what a plugin does to the board", || {
        // SAFETY: the notifier is the first field of what `when_the_board_is_built` leaked. QEMU calls
        // notifiers of this kind with the board built and the big lock held.
        let BoardBuilt { plugin, arguments, .. } = unsafe { &*(notifier as *const BoardBuilt) };
        let mut result = Ok(());
        if arguments.replace {
            result = replace::replace_each(plugin.replacements);
        }
        if let Some(board) = plugin.board {
            result = result.and_then(|()| board(&arguments.settings));
        }
        if let Err(error) = result {
            refuse(&error);
        } else if plugin.board.is_some() {
            if let Err(unknown) = arguments.settings.check_all_known() {
                refuse(&unknown);
            }
        }
    })
}

/// C's opaque pointer, here so that the macro need not name a C type.
#[doc(hidden)]
pub type Info = c_void;

/// Makes a `cdylib` into an object that a stock QEMU loads, with these classes.
///
/// ```
/// # use oldstable::qom::{Object, ObjectImpl};
/// # oldstable::qom_define_type! { struct Timer("timer"): Object {} }
/// # oldstable::qom_define_type! { struct Watchdog("watchdog"): Object {} }
/// # impl ObjectImpl for Timer {}
/// # impl ObjectImpl for Watchdog {}
/// oldstable::plugin!(Timer, Watchdog);
/// ```
///
/// Name a class again after `replace` if it can replace one of QEMU's devices; `replace=on` then does so:
///
/// ```
/// use oldstable::pl011::Pl011;
///
/// oldstable::plugin!(Pl011; replace Pl011);
/// ```
///
/// `board` names a function that runs once the board is built, to place devices on it. It gets the plugin's own
/// arguments ([`plugin::Settings`](crate::plugin::Settings)):
///
/// ```
/// # use oldstable::qom::{Object, ObjectImpl};
/// # oldstable::qom_define_type! { struct Timer("timer"): Object {} }
/// # impl ObjectImpl for Timer {}
/// # fn main() {}
/// fn place_timer(settings: &oldstable::plugin::Settings) -> oldstable::Result<()> {
///     let _address = settings.number("address")?.ok_or("say address=NUMBER")?;
///     Ok(())
/// }
///
/// oldstable::plugin!(Timer; board place_timer);
/// ```
///
/// `start` names a function that runs after the classes are registered, before the board is built:
///
/// ```
/// # use oldstable::qom::{Object, ObjectImpl};
/// # oldstable::qom_define_type! { struct Timer("timer"): Object {} }
/// # impl ObjectImpl for Timer {}
/// # fn main() {}
/// fn look_around() {
///     println!("the classes are registered");
/// }
///
/// oldstable::plugin!(Timer; start look_around);
/// ```
#[macro_export]
macro_rules! plugin {
    ($($Type:ty),+ $(,)? $(; replace $($Replacement:ty),+ $(,)?)? $(; board $board:path)?
        $(; start $start:path)?) => {
        #[doc(hidden)]
        pub static OLDSTABLE_PLUGIN: $crate::plugin::Plugin = {
            fn register() {
                $($crate::qom::register::<$Type>();)+
                $($start();)?
            }
            $crate::plugin::Plugin {
                register,
                replacements: &[$($($crate::plugin::replacing::<$Replacement>),+)?],
                board: $crate::plugin!(@board $($board)?),
                registered: ::std::sync::atomic::AtomicBool::new(false),
            }
        };

        /// The version of the plugin interface. QEMU reads it after the constructor has set it to the running
        /// release's.
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
                $crate::plugin::init(&OLDSTABLE_PLUGIN, init)
            }
            unsafe extern "C" fn constructor() {
                $crate::plugin::constructor(&qemu_plugin_version, init)
            }
            constructor
        };
    };
    (@board) => {
        None
    };
    (@board $board:path) => {
        Some($board)
    };
    ($($other:tt)*) => {
        ::std::compile_error!(
            "`plugin!` takes classes, and behind them in this order what there is of `; replace Class, …`, \
             `; board function` and `; start function`"
        );
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replace_is_off_until_it_is_asked_for() {
        let mut arguments = Arguments::default();
        assert_eq!(arguments.take("", false), Ok(()));
        assert!(!arguments.replace);
        assert_eq!(arguments.take("replace=on", false), Ok(()));
        assert!(arguments.replace);
        assert_eq!(arguments.take("replace=off", false), Ok(()));
        assert!(!arguments.replace);
    }

    #[test]
    fn what_is_the_plugins_own_is_found_by_its_key() {
        let mut arguments = Arguments::default();
        for argument in &["address=1", "fast", "address=2=3", "replace=on", "at=0x1f", "n=12"] {
            assert_eq!(arguments.take(argument, true), Ok(()));
        }
        assert_eq!(arguments.settings.get("address"), Some("2=3"));
        assert_eq!(arguments.settings.get("fast"), Some("on"));
        assert_eq!(arguments.settings.number("at").unwrap(), Some(0x1f));
        assert_eq!(arguments.settings.number("n").unwrap(), Some(12));
        assert_eq!(arguments.settings.get("replace"), None);
        assert_eq!(arguments.settings.number("replace").unwrap(), None);
        assert!(arguments.settings.number("fast").unwrap_err().to_string().contains("fast=on"));
        assert!(arguments.replace);
    }

    #[test]
    fn what_nobody_asks_for_is_answered_with_what_was_asked_for() {
        let mut arguments = Arguments::default();
        assert_eq!(arguments.take("setp=3", true), Ok(()));
        assert_eq!(arguments.settings.get("step"), None);
        assert_eq!(
            arguments.settings.check_all_known().unwrap_err(),
            "the plugin does not know the argument 'setp=3': it takes step=…, replace=on, replace=off and unsafe-abi=on"
        );
        assert_eq!(arguments.settings.get("setp"), Some("3"));
        assert!(arguments.settings.check_all_known().is_ok());
    }

    #[test]
    fn an_unknown_argument_is_answered_with_those_that_are_known() {
        let error = Arguments::default().take("replaec=on", false).unwrap_err();
        assert!(error.contains("'replaec=on'") && error.contains("replace=on"));
    }
}
