//! Timers, and the clocks that they run by.

use crate::callback::{guard, FnCall};
use crate::memory::expect_field_of;
use crate::sys::{self, Opaque};
use oldstable_compat::ffi::{c_int, c_void};

/// What time means. All of them count in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The host's, that never stops.
    Realtime = 0,
    /// The guest's: it stands while the machine is stopped.
    Virtual = 1,
    /// The host's time of day, which someone may set.
    Host = 2,
    /// Like `Realtime`, but standing with the machine where QEMU counts instructions.
    VirtualRealtime = 3,
}

impl Clock {
    /// What the clock shows, in nanoseconds.
    pub fn now(self) -> i64 {
        // SAFETY: QEMU has these four clocks in every release.
        unsafe { sys::qemu_clock_get_ns(self as c_int) }
    }
}

/// A timer: a field of the device that it calls.
#[repr(transparent)]
pub struct Timer(Opaque<sys::Timer>);

impl Default for Timer {
    fn default() -> Self {
        Timer(Opaque::zeroed())
    }
}

impl Timer {
    /// Makes the timer, not running: when it runs out, `callback` gets the device, under the big lock.
    ///
    /// # Panics
    /// If the timer is not a field of `owner`.
    pub fn init<T, F>(&self, owner: &T, clock: Clock, _callback: F)
    where
        F: for<'a> FnCall<(&'a T,)>,
    {
        expect_field_of(owner, self);
        const NANOSECONDS: c_int = 1;
        // SAFETY: the timer is a field of the owner and stops when it is dropped, so that the callback
        // finds the owner alive. NULL stands for the main loop's timers.
        unsafe {
            sys::timer_init_full(
                self.0.as_mut_ptr(),
                std::ptr::null_mut(),
                clock as c_int,
                NANOSECONDS,
                0,
                Some(run_out::<T, F>),
                owner as *const T as *mut c_void,
            )
        }
    }

    /// Starts the timer, or starts it anew, to run out when its clock shows `expires` nanoseconds.
    pub fn start_at(&self, expires: i64) {
        // SAFETY: a timer that `init` has made; QEMU dereferences its list.
        unsafe {
            assert!(
                self.is_made(),
                "a timer is made with init before it is started"
            );
            sys::timer_mod_ns(self.0.as_mut_ptr(), expires)
        }
    }

    /// Stops the timer, if it runs.
    pub fn stop(&self) {
        // SAFETY: one that has not been made has no list, and QEMU then does nothing.
        unsafe { sys::timer_del(self.0.as_mut_ptr()) }
    }

    /// Whether the timer runs.
    pub fn is_running(&self) -> bool {
        // SAFETY: it reads one field.
        self.is_made() && unsafe { sys::timer_pending(self.0.as_mut_ptr()) }
    }

    fn is_made(&self) -> bool {
        // The list of timers that it belongs to comes behind the time at which it runs out.
        // SAFETY: the struct is at least two words and a half, and its bytes are initialised.
        unsafe { *(self.0.as_mut_ptr() as *const u8).add(8).cast::<usize>() != 0 }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.stop();
    }
}

unsafe extern "C" fn run_out<T, F: for<'a> FnCall<(&'a T,)>>(opaque: *mut c_void) {
    guard("a timer's callback", || {
        // SAFETY: `init` gave QEMU its owner, which outlives the timer inside it.
        F::call((&*(opaque as *const T),))
    })
}
