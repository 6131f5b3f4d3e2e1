//! Timers and the clocks that they run by.

use oldstable_compat::ffi::{c_int, c_void};

storage! {
    /// `QEMUTimer`, the same in every known release.
    Timer, 48, 32
}

/// A set of timer lists; only QEMU looks inside.
#[repr(C)]
pub struct TimerListGroup {
    _opaque: [u8; 0],
}

pub type TimerCallback = Option<unsafe extern "C" fn(*mut c_void)>;

imports! {
    in ALL {
        fn timer_init_full(
            timer: *mut Timer, group: *mut TimerListGroup, clock: c_int, scale: c_int,
            attributes: c_int, callback: TimerCallback, opaque: *mut c_void
        );
        fn timer_mod_ns(timer: *mut Timer, expires: i64);
        fn timer_del(timer: *mut Timer);
        fn timer_pending(timer: *mut Timer) -> bool;
        fn qemu_clock_get_ns(clock: c_int) -> i64;
    }
}
