//! Runs the tests in QEMU's main loop, once the machine runs, and ends QEMU with what came out.

use oldstable::compat::ffi::{c_int, c_void, CStr};
use oldstable::compat::sync::LazyLock;
use oldstable::qom::{ObjectCast, ObjectType};
use oldstable::sys;
use oldstable::timer::ClockType;
use std::cell::RefCell;
use std::io::Read;
use std::os::unix::io::FromRawFd;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The tests of one file.
pub struct Subject {
    /// The path of its module.
    pub module: &'static str,
    /// The machines that it needs, as the beginning of their names; empty if any will do.
    pub machine: &'static str,
    pub register: fn(),
    pub tests: &'static [(&'static str, fn())],
}

/// Declares a file's tests, and before them the classes that they need, a function to be called when these
/// are registered, and the machine, if not any will do:
///
/// ```ignore
/// tests! {
///     classes [Counter, Clock];
///     start look_around;
///     on "virt";
///     fn counters_count() { ... }
/// }
/// ```
macro_rules! tests {
    (
        $(classes [$($Class:ty),* $(,)?];)?
        $(start $start:path;)?
        $(on $machine:literal;)?
        $(fn $name:ident() $body:block)*
    ) => {
        pub const SUBJECT: $crate::runner::Subject = $crate::runner::Subject {
            module: module_path!(),
            machine: concat!($($machine)?),
            register: || {
                $($(oldstable::qom::register::<$Class>();)*)?
                $($start();)?
            },
            tests: &[$((stringify!($name), $name)),*],
        };
        $(fn $name() $body)*
    };
}

/// Declares the files with tests, and the list `SUBJECTS` of them. A file can have several lists of tests,
/// for several machines, each in a module of its own.
macro_rules! subjects {
    ($($subject:ident $([$($part:ident)*])?)*) => {
        $(mod $subject;)*

        const SUBJECTS: &[&[runner::Subject]] =
            &[$(subjects!(@parts $subject $([$($part)*])?)),*];
    };
    (@parts $subject:ident) => {
        &[$subject::SUBJECT]
    };
    (@parts $subject:ident [$($part:ident)*]) => {
        &[$($subject::$part::SUBJECT),*]
    };
}

// What the runner itself needs of QEMU, and of the C library, beyond what the crate offers.
extern "C" {
    fn timer_init_full(
        timer: *mut c_void,
        group: *mut c_void,
        clock: c_int,
        scale: c_int,
        attributes: c_int,
        callback: unsafe extern "C" fn(*mut c_void),
        opaque: *mut c_void,
    );
    fn timer_mod(timer: *mut c_void, expires: i64);
    fn main_loop_wait(nonblocking: c_int);
    fn qobject_destroy(value: *mut c_void);
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

/// Called when classes can be registered.
pub fn start() {
    for subject in crate::SUBJECTS.iter().flat_map(|subjects| subjects.iter()) {
        (subject.register)();
    }
    let built = Box::leak(Box::new(sys::Notifier { notify: Some(machine_built), node: [std::ptr::null_mut(); 2] }));
    // SAFETY: the notifier is never freed.
    unsafe { sys::qemu_add_machine_init_done_notifier(built) }
}

/// Asks for the main loop to call back: it runs once the machine does.
unsafe extern "C" fn machine_built(_: *mut sys::Notifier, _: *mut c_void) {
    // A timer has 48 bytes at most, and may be zero before it is made.
    let timer = Box::leak(Box::new([0_u64; 6])) as *mut _ as *mut c_void;
    let none = std::ptr::null_mut();
    timer_init_full(timer, none, REALTIME, NANOSECONDS, 0, run_all, timer);
    timer_mod(timer, 0);
}

/// The number of a clock, and what it counts.
const REALTIME: c_int = 0;
const NANOSECONDS: c_int = 1;

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

unsafe extern "C" fn run_all(timer: *mut c_void) {
    // QEMU has taken the timer out of its list.
    drop(Box::from_raw(timer as *mut [u64; 6]));
    for &deadly in &[SIGABRT, SIGSEGV] {
        signal(deadly, dying as extern "C" fn(c_int) as usize);
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
    let machine = CStr::from_ptr(sys::object_get_typename(sys::qdev_get_machine()));
    let machine = machine.to_string_lossy();
    let only = std::env::var("HARNESS_ONLY").unwrap_or_default();
    let (mut passed, mut failed) = (0, 0);
    let subjects = crate::SUBJECTS.iter().flat_map(|subjects| subjects.iter());
    for subject in subjects.filter(|s| machine.starts_with(s.machine)) {
        for (test, run) in subject.tests {
            let name = format!("{}::{}", subject.module.trim_start_matches("harness::"), test);
            if !name.contains(&only) {
                continue;
            }
            let line = format!("test {} ... ", name);
            *DYING.lock().unwrap() = line.clone() + "FAILED: it has ended QEMU\n";
            match panic::catch_unwind(AssertUnwindSafe(run)) {
                Ok(()) => {
                    println!("{}ok", line);
                    passed += 1;
                }
                Err(_) => {
                    println!("{}FAILED: {}", line, PANIC.with(|last| last.replace(String::new())));
                    failed += 1;
                }
            }
        }
    }
    println!("{} passed, {} failed on {}", passed, failed, machine);
    // A run without a test has tested nothing.
    std::process::exit(if passed > 0 && failed == 0 { 0 } else { 1 });
}

/// Runs QEMU's main loop until something has happened.
///
/// # Panics
/// If it has not within ten seconds.
pub fn wait_until(happened: impl Fn() -> bool) {
    /// Keeps QEMU from waiting longer than that, in nanoseconds.
    struct Alarm([u64; 6]);

    impl Drop for Alarm {
        fn drop(&mut self) {
            // SAFETY: the timer has been made.
            unsafe { sys::timer_del(self.0.as_mut_ptr() as *mut sys::Timer) }
        }
    }

    unsafe extern "C" fn nothing(_: *mut c_void) {}
    const MILLISECOND: i64 = 1_000_000;
    let mut alarm = Alarm([0; 6]);
    let timer = alarm.0.as_mut_ptr() as *mut c_void;
    let none = std::ptr::null_mut();
    let deadline = Instant::now() + Duration::from_secs(10);
    // SAFETY: the timer stays where it is, and is taken away before it ends. This thread runs the main
    // loop, and holds the big lock, which the other threads get while QEMU waits.
    unsafe {
        timer_init_full(timer, none, REALTIME, NANOSECONDS, 0, nothing, none);
        while !happened() {
            assert!(Instant::now() < deadline, "it has not happened within ten seconds");
            timer_mod(timer, ClockType::Realtime.now() + MILLISECOND);
            main_loop_wait(0);
        }
    }
}

/// Does something that must panic, and returns what it said.
///
/// # Panics
/// If it has not panicked.
pub fn message_of_panic(wrong: impl FnOnce()) -> String {
    match panic::catch_unwind(AssertUnwindSafe(wrong)) {
        Ok(()) => panic!("it has not panicked"),
        Err(_) => PANIC.with(|last| last.replace(String::new())),
    }
}

/// Does something that must abort the process, in a copy of the process, and returns what it printed.
///
/// # Panics
/// If it has not aborted.
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
        assert_eq!(pipe(ends.as_mut_ptr()), 0);
        let child = fork();
        if child == 0 {
            dup2(ends[1], STDERR);
            signal(SIGABRT, SIG_DFL);
            let _ = panic::take_hook();
            let _ = panic::catch_unwind(AssertUnwindSafe(deadly));
            _exit(0);
        }
        assert!(child > 0);
        close(ends[1]);
        let mut said = String::new();
        std::fs::File::from_raw_fd(ends[0]).read_to_string(&mut said).unwrap();
        let mut status = 0;
        assert_eq!(waitpid(child, &mut status, 0), child);
        (said, status)
    }
}

/// Gives back the only reference to one of QEMU's values (`QObject`).
///
/// # Safety
/// The value must be live, and the reference the caller's.
pub unsafe fn give_back_value(value: *mut c_void) {
    // The second word counts the references.
    let references = (value as *mut usize).add(1);
    *references -= 1;
    assert_eq!(*references, 0, "QEMU has kept the value");
    qobject_destroy(value);
}

/// How many references an object has.
pub fn references<T: ObjectType>(object: &T) -> u32 {
    // SAFETY: the object is live.
    unsafe { (*object.as_object_ptr()).references }
}
