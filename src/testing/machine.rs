//! What is done to the machine as a whole: it stands still, is reset, its time goes on, its log is read.

use super::{message_of_exit, qemu};
use crate::log::Mask;
use oldstable_compat::c_str;
use oldstable_compat::ffi::c_int;

/// The machine stands still until this is dropped: no processor runs, and its clock does not.
pub struct Pause(());

impl Pause {
    /// Stops the machine.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        /// As QEMU numbers it.
        const PAUSED: c_int = 4;
        // SAFETY: this thread runs the main loop, and the machine runs.
        unsafe { qemu::vm_stop(PAUSED) };
        Pause(())
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        // SAFETY: this thread runs the main loop, and the machine has been stopped.
        unsafe { qemu::vm_start() }
    }
}

/// Resets the machine, with all devices on it.
pub fn reset_machine() {
    /// No client is told.
    const BY_NOBODY: c_int = 0;
    let _pause = Pause::new();
    // SAFETY: this thread runs the main loop, and the machine stands still.
    unsafe { qemu::qemu_system_reset(BY_NOBODY) }
}

/// Lets the machine's time (`ClockType::Virtual`) go on by so many nanoseconds, at once: all timers that are due by
/// then have run when this returns, each at its time.
///
/// # Panics
/// Unless QEMU was started with `-accel qtest -qtest null`: no processor runs then, and time goes on in no other way.
/// Debian's 7.2 and 10.0 have no qtest; [`wait_until`](super::wait_until) serves there.
#[track_caller]
pub fn advance(nanoseconds: u64) {
    let command = format!("clock_step {}\n", nanoseconds);
    // SAFETY: the character device is live, and takes what comes in before it returns.
    unsafe {
        let qtest = qemu::qemu_chr_find(c_str!("qtest").as_ptr());
        assert!(!qtest.is_null(), "start QEMU with -accel qtest -qtest null");
        qemu::qemu_chr_be_write(qtest, command.as_ptr(), command.len() as c_int);
    }
}

/// What is logged if the user wants these subjects.
#[track_caller]
pub fn logged(wanted: &[Mask], write: impl FnOnce()) -> String {
    let mask = wanted.iter().fold(0, |mask, subject| mask | *subject as c_int);
    message_of_exit(0, || {
        // SAFETY: the log goes to standard error, as long as nobody has named a file.
        unsafe { qemu::qemu_set_log(mask, std::ptr::null_mut()) };
        write();
    })
}
