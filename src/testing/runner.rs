// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Runs the tests in QEMU's main loop, once the machine runs, and exits QEMU with the result.

use super::{end, qemu, Lines};
use crate::plugin::Plugin;
use crate::qom::{ObjectCast, ObjectType};
use crate::sys;
use crate::timer::ClockType;
use oldstable_compat::ffi::{c_int, c_void, CStr};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::time::{Duration, Instant};

/// The tests of one module. [`tests!`](crate::tests) makes one.
pub struct Subject {
    /// The path of the module.
    pub module: &'static str,
    /// The machine that it needs, as the beginning of its name; empty if any will do.
    pub machine: &'static str,
    /// Registers the classes that the tests need.
    pub register: fn(),
    /// The names and functions of the tests.
    pub tests: &'static [(&'static str, fn())],
}

/// Declares the tests of a module. Before them it may list classes that they need and the plugin does not have, a
/// function to call after these are registered, and the required machine.
///
/// A test passes unless it panics. All run in one QEMU, one after the other: a test must remove what it has added to
/// the machine. [`run_tests!`](crate::run_tests) names the module.
///
/// ```
/// # mod odometer_tests {
/// oldstable::tests! {
///     on "virt";
///
///     fn one_and_one_is_two() {
///         assert_eq!(1 + 1, 2);
///     }
/// }
/// # }
/// ```
///
/// With classes and a function it begins with `classes [Probe, Wire]; start look_around; on "virt";`.
#[macro_export]
macro_rules! tests {
    (
        $(classes [$($Class:ty),* $(,)?];)?
        $(start $start:path;)?
        $(on $machine:literal;)?
        $($(#[$meta:meta])* fn $name:ident() $body:block)*
    ) => {
        /// The tests of this module.
        pub const SUBJECT: $crate::testing::Subject = $crate::testing::Subject {
            module: ::std::module_path!(),
            machine: ::std::concat!($($machine)?),
            register: || {
                $($($crate::qom::register::<$Class>();)*)?
                $($start();)?
            },
            tests: &[$((::std::stringify!($name), $name)),*],
        };
        $($(#[$meta])* fn $name() $body)*
    };
}

/// Makes a `cdylib` into a plugin that runs tests and then exits QEMU: with 0 if at least one ran and none failed, else
/// with 1.
///
/// First comes the crate whose [`plugin!`](macro@crate::plugin), at its root, registers the classes, then each module
/// with [`tests!`](crate::tests); `self` is the current one:
///
/// ```text
/// oldstable::run_tests!(odometer; self);
/// ```
#[macro_export]
macro_rules! run_tests {
    ($plugin:ident; $($($part:ident)::+),+ $(,)?) => {
        #[used]
        #[link_section = ".init_array"]
        static OLDSTABLE_TESTS: unsafe extern "C" fn() = {
            unsafe extern "C" fn constructor() {
                static SUBJECTS: &[$crate::testing::Subject] = &[$($($part)::+::SUBJECT),+];
                // Naming the plugin makes the linker include it from its library.
                $crate::testing::add(&SUBJECTS, &$plugin::OLDSTABLE_PLUGIN)
            }
            constructor
        };
    };
}

/// The argument of [`add`].
static SUBJECTS: AtomicPtr<&'static [Subject]> = AtomicPtr::new(std::ptr::null_mut());

/// Stores the tests of this object; called when it is mapped.
#[doc(hidden)]
pub fn add(subjects: &'static &'static [Subject], _plugin: &'static Plugin) {
    static START: fn() = start;
    SUBJECTS.store(subjects as *const _ as *mut _, Ordering::Relaxed);
    crate::plugin::when_started(&START);
}

fn subjects() -> &'static [Subject] {
    // SAFETY: it is what `add` has stored, or NULL.
    unsafe { SUBJECTS.load(Ordering::Relaxed).as_ref() }.copied().unwrap_or(&[])
}

/// Called when the plugin's classes have been registered.
fn start() {
    crate::qom::register::<Lines>();
    for subject in subjects() {
        (subject.register)();
    }
    let built = Box::leak(Box::new(sys::Notifier { notify: Some(machine_built), node: [std::ptr::null_mut(); 2] }));
    // SAFETY: the notifier is never freed.
    unsafe { sys::qemu_add_machine_init_done_notifier(built) }
}

/// Schedules a callback by the main loop, which runs once the machine does.
///
/// # Safety
/// QEMU calls it once the machine is built.
unsafe extern "C" fn machine_built(_: *mut sys::Notifier, _: *mut c_void) {
    // A timer has at most 48 bytes, which must be zero before it is made.
    let timer = Box::leak(Box::new([0_u64; 6])) as *mut _ as *mut c_void;
    let none = std::ptr::null_mut();
    // SAFETY: the timer is never moved, and lives until it has run.
    unsafe {
        qemu::timer_init_full(timer, none, REALTIME, NANOSECONDS, 0, run_all, timer);
        qemu::timer_mod(timer, 0);
    }
}

/// The number of a clock, and its unit.
const REALTIME: c_int = 0;
const NANOSECONDS: c_int = 1;

/// # Safety
/// QEMU calls it once, with the timer that [`machine_built`] made.
unsafe extern "C" fn run_all(timer: *mut c_void) {
    // SAFETY: this is what `machine_built` leaked, and QEMU has removed the timer from its list.
    drop(unsafe { Box::from_raw(timer as *mut [u64; 6]) });
    end::watch();
    // SAFETY: the machine exists, and the name of its class is a string.
    let machine = unsafe { CStr::from_ptr(sys::object_get_typename(sys::qdev_get_machine())) };
    let machine = machine.to_string_lossy();
    let only = std::env::var("OLDSTABLE_ONLY").unwrap_or_default();
    let (mut passed, mut failed) = (0, 0);
    for subject in subjects().iter().filter(|subject| machine.starts_with(subject.machine)) {
        for (test, run) in subject.tests {
            let name = name(subject.module, test);
            if !name.contains(&only) {
                continue;
            }
            let line = format!("test {} ... ", name);
            end::say_if_it_ends(&line);
            match panic::catch_unwind(AssertUnwindSafe(run)) {
                Ok(()) => {
                    println!("{}ok", line);
                    passed += 1;
                }
                Err(_) => {
                    println!("{}FAILED: {}", line, end::last_panic());
                    failed += 1;
                }
            }
        }
    }
    println!("{} passed, {} failed on {}", passed, failed, machine);
    // A run without a test has tested nothing.
    std::process::exit(if passed > 0 && failed == 0 { 0 } else { 1 });
}

/// Returns a test's path in its crate.
fn name(module: &str, test: &str) -> String {
    match module.splitn(2, "::").nth(1) {
        Some(module) => format!("{}::{}", module, test),
        None => test.to_owned(),
    }
}

/// Runs QEMU's main loop until a condition is true.
///
/// # Panics
/// If it is not within ten seconds.
#[track_caller]
pub fn wait_until(happened: impl Fn() -> bool) {
    /// Keeps QEMU from waiting longer than this, in nanoseconds.
    struct Alarm([u64; 6]);

    impl Drop for Alarm {
        fn drop(&mut self) {
            // SAFETY: the timer has been made.
            unsafe { sys::timer_del(self.0.as_mut_ptr() as *mut sys::Timer) }
        }
    }

    extern "C" fn nothing(_: *mut c_void) {}
    const MILLISECOND: i64 = 1_000_000;
    let mut alarm = Alarm([0; 6]);
    let timer = alarm.0.as_mut_ptr() as *mut c_void;
    let none = std::ptr::null_mut();
    let deadline = Instant::now() + Duration::from_secs(10);
    // SAFETY: the timer does not move, and is deleted before it is freed. This thread runs the main loop, and holds the
    // big lock, which the other threads get while QEMU waits.
    unsafe {
        qemu::timer_init_full(timer, none, REALTIME, NANOSECONDS, 0, nothing, none);
        while !happened() {
            assert!(Instant::now() < deadline, "it has not happened within ten seconds");
            qemu::timer_mod(timer, ClockType::Realtime.now() + MILLISECOND);
            qemu::main_loop_wait(0);
        }
    }
}

/// Returns the number of references to an object.
pub fn references<T: ObjectType>(object: &T) -> u32 {
    // SAFETY: the object is live.
    unsafe { (*object.as_object_ptr()).references }
}
