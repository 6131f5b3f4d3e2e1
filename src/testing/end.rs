//! What panics, aborts or ends the process, and what it says.

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

/// What is said if the test that runs ends QEMU.
static DYING: LazyLock<Mutex<String>> = LazyLock::new(|| Mutex::new(String::new()));

thread_local! {
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<String> = RefCell::default();
}

/// Says which test it was, when one ends QEMU.
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

/// Looks out for signals that end QEMU, and keeps what panics say.
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

/// From now on, it is this test that has ended QEMU.
pub(super) fn say_if_it_ends(line: &str) {
    *DYING.lock().expect("nothing panics with it") = format!("{}FAILED: it has ended QEMU\n", line);
}

/// What the last panic said, and where.
pub(super) fn last_panic() -> String {
    PANIC.with(|last| last.replace(String::new()))
}

/// Does something that must panic, and returns what it said.
///
/// What panics inside a callback of QEMU's ends QEMU instead: [`message_of_abort`].
///
/// # Panics
/// If it has not panicked.
#[track_caller]
pub fn message_of_panic(wrong: impl FnOnce()) -> String {
    match panic::catch_unwind(AssertUnwindSafe(wrong)) {
        Ok(()) => panic!("it has not panicked"),
        Err(_) => last_panic(),
    }
}

/// Does something that must abort the process, in a copy of the process, and returns what it printed.
///
/// # Panics
/// If it has not aborted.
#[track_caller]
pub fn message_of_abort(deadly: impl FnOnce()) -> String {
    let (said, status) = in_a_copy(deadly);
    assert_eq!(status & 0x7f, SIGABRT, "it has not aborted, but said: {}", said);
    said
}

/// Does something in a copy of the process, which must end with this status, and returns what it
/// printed; it ends with 0 where what is done does not end it.
///
/// # Panics
/// If it has ended otherwise.
#[track_caller]
pub fn message_of_exit(status: c_int, last: impl FnOnce()) -> String {
    let (said, ended) = in_a_copy(last);
    assert_eq!(ended, status << 8, "it has ended otherwise, and said: {}", said);
    said
}

/// Does something in a copy of the process, and returns what it printed and how it ended.
fn in_a_copy(deadly: impl FnOnce()) -> (String, c_int) {
    let mut ends = [0; 2];
    // SAFETY: the child does nothing but the deed and ends; the ends of the pipe are each closed once.
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
