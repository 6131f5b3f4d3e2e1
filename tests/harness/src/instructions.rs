// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The number of instructions of a piece of code, counted by single steps: the same on any machine, however busy.
//! A processor with the trap flag set raises SIGTRAP after each instruction. Handlers run without the flag, and their
//! changes of the saved flags take effect when they return. A system call counts as one instruction.

use oldstable::compat::ffi::{c_int, c_void};
use std::mem::zeroed;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const SIGTRAP: c_int = 5;
const SIGPROF: c_int = 27;
const SA_SIGINFO: c_int = 4;

/// The index of the flags in a handler's context.
#[cfg(target_arch = "x86_64")]
const FLAGS: usize = 40 + 17 * 8;
#[cfg(target_arch = "x86")]
const FLAGS: usize = 20 + 16 * 4;
const TRAP_FLAG: usize = 1 << 8;

type Handler = unsafe extern "C" fn(c_int, *mut c_void, *mut c_void);

#[repr(C)]
struct SigAction {
    handler: Option<Handler>,
    mask: [u8; 128],
    flags: c_int,
    restorer: usize,
}

extern "C" {
    fn sigaction(signal: c_int, new: *const SigAction, old: *mut SigAction) -> c_int;
    fn pthread_self() -> usize;
    fn pthread_kill(thread: usize, signal: c_int) -> c_int;
}

static STEPS: AtomicU64 = AtomicU64::new(0);
static STEPPING: AtomicBool = AtomicBool::new(false);

extern "C" fn step(_: c_int, _: *mut c_void, _: *mut c_void) {
    STEPS.fetch_add(1, Ordering::Relaxed);
}

/// # Safety
/// The kernel calls it with the context of the signal.
unsafe extern "C" fn switch(_: c_int, _: *mut c_void, context: *mut c_void) {
    // SAFETY: the context has the flags there.
    let flags = unsafe { &mut *((context as *mut u8).add(FLAGS) as *mut usize) };
    if STEPPING.load(Ordering::Relaxed) {
        *flags |= TRAP_FLAG;
    } else {
        *flags &= !TRAP_FLAG;
    }
}

/// Installs a handler until this is dropped.
struct Handling {
    signal: c_int,
    before: SigAction,
}

impl Handling {
    fn new(signal: c_int, handler: Handler) -> Handling {
        // SAFETY: all bytes zero are an action, and the handlers only touch what is theirs.
        unsafe {
            let mut new: SigAction = zeroed();
            new.handler = Some(handler);
            new.flags = SA_SIGINFO;
            let mut before = zeroed();
            assert_eq!(sigaction(signal, &new, &mut before), 0);
            Handling { signal, before }
        }
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        // SAFETY: the action was the process's own.
        unsafe {
            sigaction(self.signal, &self.before, std::ptr::null_mut());
        }
    }
}

/// Has `switch` called in this thread. glibc's `raise` is unsuitable: before 2.34 it blocks all signals meanwhile, and
/// a blocked trap ends the process.
fn call_switch() {
    // SAFETY: the signal has a handler, and this thread lives.
    unsafe {
        pthread_kill(pthread_self(), SIGPROF);
    }
}

fn steps(code: &mut dyn FnMut()) -> u64 {
    STEPS.store(0, Ordering::Relaxed);
    STEPPING.store(true, Ordering::Relaxed);
    call_switch();
    code();
    STEPPING.store(false, Ordering::Relaxed);
    call_switch();
    STEPS.load(Ordering::Relaxed)
}

/// Returns the number of instructions of the code after it has run a few times, so that one-time work, such as finding
/// a function's address, does not count.
pub fn count(mut code: impl FnMut()) -> u64 {
    let _step = Handling::new(SIGTRAP, step);
    let _switch = Handling::new(SIGPROF, switch);
    for _ in 0..3 {
        code();
    }
    let nothing = steps(&mut || ());
    let some = steps(&mut code);
    some.saturating_sub(nothing)
}

oldstable::tests! {
    fn each_instruction_is_counted_once() {
        // At least two instructions per iteration, and the same ones each time.
        let turns = |count: u64| move || {
            let mut sum = 0_u64;
            for n in 0..count {
                // SAFETY: it is a number on the stack.
                unsafe { std::ptr::write_volatile(&mut sum, sum + n) }
            }
        };
        let [few, many, again] = [count(turns(10)), count(turns(1_010)), count(turns(1_010))];
        assert_eq!(many, again);
        assert!(many - few >= 2_000, "{} and {}", few, many);
        assert_eq!((many - few) % 1_000, 0);
    }
}
