// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Tests of panics, aborts and exits, and their messages.

use oldstable_compat::ffi::{c_int, c_void};
use oldstable_compat::sync::LazyLock;
use std::cell::RefCell;
use std::io::Read;
use std::os::unix::io::FromRawFd;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

// Of the C library.
extern "C" {
    fn fork() -> c_int;
    fn pipe(ends: *mut c_int) -> c_int;
    fn dup2(from: c_int, to: c_int) -> c_int;
    fn close(file: c_int) -> c_int;
    fn waitpid(child: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn _exit(status: c_int) -> !;
    fn signal(number: c_int, handler: usize) -> usize;
    fn raise(number: c_int) -> c_int;
    fn write(file: c_int, bytes: *const c_void, length: usize) -> isize;
}

const STDOUT: c_int = 1;
const STDERR: c_int = 2;
const SIGABRT: c_int = 6;
const SIGSEGV: c_int = 11;
const SIG_DFL: usize = 0;

/// The message if the running test ends QEMU.
static DYING: LazyLock<Mutex<String>> = LazyLock::new(|| Mutex::new(String::new()));

thread_local! {
    /// The message and place of this thread's last panic.
    static PANIC: RefCell<String> = RefCell::default();
}

/// Prints the name of a test that ends QEMU.
extern "C" fn dying(signal_number: c_int) {
    if let Ok(line) = DYING.try_lock() {
        // SAFETY: the bytes are readable for that length; the default ends the process.
        unsafe {
            write(STDOUT, line.as_ptr() as *const c_void, line.len());
            signal(signal_number, SIG_DFL);
            raise(signal_number);
        }
    }
}

/// Installs handlers for signals that end QEMU, and a hook that stores panic messages.
pub(super) fn watch() {
    for &deadly in &[SIGABRT, SIGSEGV] {
        // SAFETY: the handler only writes, and ends the process.
        unsafe { signal(deadly, dying as extern "C" fn(c_int) as usize) };
    }
    panic::set_hook(Box::new(|info| {
        let text = info.payload();
        let text = text
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| text.downcast_ref::<&str>().copied())
            .unwrap_or("a panic without a text");
        let place = info.location().map_or(String::new(), |place| format!(" ({})", place));
        PANIC.with(|last| *last.borrow_mut() = format!("{}{}", text.replace('\n', " "), place));
    }));
}

/// Sets the message that is printed if QEMU ends.
pub(super) fn say_if_it_ends(line: &str) {
    *DYING.lock().expect("nothing panics with it") = format!("{}FAILED: it has ended QEMU\n", line);
}

/// Returns the message and place of the last panic.
pub(super) fn last_panic() -> String {
    PANIC.with(|last| last.replace(String::new()))
}

/// Runs a function that must panic, and returns the message.
///
/// A panic inside a callback of QEMU's ends QEMU instead: use [`message_of_abort`].
///
/// # Panics
/// If it does not panic.
#[track_caller]
pub fn message_of_panic(wrong: impl FnOnce()) -> String {
    match panic::catch_unwind(AssertUnwindSafe(wrong)) {
        Ok(()) => panic!("it has not panicked"),
        Err(_) => last_panic(),
    }
}

/// Runs a function that must abort the process, in a copy of the process, and returns its output.
///
/// # Panics
/// If it does not abort.
#[track_caller]
pub fn message_of_abort(deadly: impl FnOnce()) -> String {
    let (said, status) = in_a_copy(deadly);
    assert_eq!(status & 0x7f, SIGABRT, "it has not aborted, but said: {}", said);
    said
}

/// Runs a function in a copy of the process, which must exit with this status, and returns its output. The copy exits
/// with 0 if the function returns.
///
/// # Panics
/// If it ends otherwise.
#[track_caller]
pub fn message_of_exit(status: c_int, last: impl FnOnce()) -> String {
    let (said, ended) = in_a_copy(last);
    assert_eq!(ended, status << 8, "it has ended otherwise, and said: {}", said);
    said
}

/// Runs a function in a copy of the process, and returns its output and status.
fn in_a_copy(deadly: impl FnOnce()) -> (String, c_int) {
    let mut ends = [0; 2];
    // SAFETY: the child only runs the function and exits; the ends of the pipe are each closed once.
    unsafe {
        assert_eq!(pipe(ends.as_mut_ptr()), 0, "there is no pipe");
        let child = fork();
        if child == 0 {
            dup2(ends[1], STDERR);
            signal(SIGABRT, SIG_DFL);
            let _ = panic::take_hook();
            let _ = panic::catch_unwind(AssertUnwindSafe(deadly));
            _exit(0);
        }
        assert!(child > 0, "there is no other process");
        close(ends[1]);
        let mut said = String::new();
        std::fs::File::from_raw_fd(ends[0]).read_to_string(&mut said).expect("what it prints is text");
        let mut status = 0;
        assert_eq!(waitpid(child, &mut status, 0), child);
        (said, status)
    }
}
