// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The machine's run state: notifications of changes, and requests to reset or end it.

use crate::bql::{self, BqlCell};
use crate::callback::FnCall;
use crate::listeners::Listeners;
use crate::qom::{expect_field_of, ObjectType, Part};
use crate::sys;
use oldstable_compat::ffi::{c_int, c_void};

/// The machine's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It runs.
    Running,
    /// It is stopped, perhaps to be saved.
    Stopped,
    /// It has been switched off.
    ShutDown,
}

/// Requests a reset of the machine, for a watchdog or a device by which a guest resets it. Running code finishes first.
/// With `-no-reboot`, QEMU exits instead.
#[track_caller]
pub fn request_reset() {
    /// SHUTDOWN_CAUSE_GUEST_RESET, the same number in every known release.
    const GUEST_RESET: c_int = 7;
    bql::expect_locked();
    // SAFETY: it only records the request.
    unsafe { sys::qemu_system_reset_request(GUEST_RESET) }
}

/// Requests that the machine be switched off, for a device by which a guest does so. Running code finishes first. QEMU
/// then exits, unless it runs with `-no-shutdown`.
#[track_caller]
pub fn request_shutdown() {
    /// SHUTDOWN_CAUSE_GUEST_SHUTDOWN, the same number in every known release.
    const GUEST_SHUTDOWN: c_int = 6;
    bql::expect_locked();
    // SAFETY: it only records the request.
    unsafe { sys::qemu_system_shutdown_request(GUEST_SHUTDOWN) }
}

/// Presses the machine's power button, if its board has one, which asks the guest to switch it off.
#[track_caller]
pub fn request_powerdown() {
    bql::expect_locked();
    // SAFETY: it only records the request.
    unsafe { sys::qemu_system_powerdown_request() }
}

/// The devices that are notified of the run state.
static RUN_STATE: Listeners<RunState> = Listeners::new();

/// The devices that are notified of QEMU's exit.
static EXIT: Listeners<()> = Listeners::new();

/// Notifies a device when the machine starts and stops: a field of the device.
///
/// Devices are notified of a start in the order in which they enabled their handlers, and of a stop in reverse. During
/// a notification, handlers can be disabled, and enabled for the next one; devices can be neither realized nor removed
/// from the tree.
#[derive(Default)]
pub struct RunStateHandler(Wish);

/// Notifies a device when the process is about to exit: a field of the device.
///
/// It also covers exits without a [`RunState`], such as a guest's exit by semihosting.
#[derive(Default)]
pub struct ExitNotifier(Wish);

/// The ticket from the list, 0 if it is in none.
#[derive(Default)]
struct Wish(BqlCell<u64>);

impl Wish {
    /// Whether it is in a list, for its drop.
    fn is_there(&mut self) -> bool {
        *self.0.get_mut() != 0
    }

    /// Removes it from the list, if it is in it.
    fn end<A: Copy>(&self, list: &Listeners<A>) {
        match self.0.replace(0) {
            0 => {}
            ticket => list.remove(ticket),
        }
    }
}

// SAFETY: its drop needs only the lock.
unsafe impl Part for RunStateHandler {}
// SAFETY: its drop needs only the lock.
unsafe impl Part for ExitNotifier {}

impl RunStateHandler {
    /// Enables the handler: `callback` gets the device and the machine's new state.
    ///
    /// # Panics
    /// If the handler is not a field of `owner`, or has been enabled already.
    #[track_caller]
    pub fn enable<T, F>(&self, owner: &T, _callback: F)
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T, RunState)>,
    {
        expect_field_of(owner, self);
        assert!((self.0).0.get() == 0, "a run state handler is enabled once");
        // SAFETY: the handler is a field of the owner and is removed when it is dropped or disabled; the callback's
        // value exists. QEMU gets its entry once.
        (self.0).0.set(unsafe {
            RUN_STATE.add(
                owner as *const T as *const c_void,
                |owner, state| F::call((&*(owner as *const T), state)),
                || {
                    sys::qemu_add_vm_change_state_handler(Some(changed), std::ptr::null_mut());
                },
            )
        });
    }

    /// Undoes [`enable`](Self::enable).
    pub fn disable(&self) {
        self.0.end(&RUN_STATE)
    }
}

impl Drop for RunStateHandler {
    fn drop(&mut self) {
        if self.0.is_there() {
            self.disable();
        }
    }
}

extern "C" fn changed(_opaque: *mut c_void, running: u8, state: c_int) {
    /// RUN_STATE_SHUTDOWN, the same number in every known release.
    const SHUTDOWN: c_int = 11;
    let state = match (running, state) {
        (0, SHUTDOWN) => RunState::ShutDown,
        (0, _) => RunState::Stopped,
        _ => RunState::Running,
    };
    RUN_STATE.tell("a run state handler", running == 0, state)
}

impl ExitNotifier {
    /// Enables the notifier: `callback` gets the device once, when the process exits normally.
    ///
    /// # Panics
    /// If the notifier is not a field of `owner`, or has been enabled already.
    #[track_caller]
    pub fn enable<T, F>(&self, owner: &T, _callback: F)
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T,)>,
    {
        expect_field_of(owner, self);
        assert!((self.0).0.get() == 0, "an exit notifier is enabled once");
        // SAFETY: as for a run state handler.
        (self.0).0.set(unsafe {
            EXIT.add(
                owner as *const T as *const c_void,
                |owner, ()| F::call((&*(owner as *const T),)),
                || {
                    let notifier = Box::new(sys::Notifier { notify: Some(exiting), node: [std::ptr::null_mut(); 2] });
                    sys::qemu_add_exit_notifier(Box::leak(notifier));
                },
            )
        });
    }

    /// Undoes [`enable`](Self::enable).
    pub fn disable(&self) {
        self.0.end(&EXIT)
    }
}

impl Drop for ExitNotifier {
    fn drop(&mut self) {
        if self.0.is_there() {
            self.disable();
        }
    }
}

extern "C" fn exiting(_notifier: *mut sys::Notifier, _data: *mut c_void) {
    // Any thread can end the process, with or without the big lock.
    if bql::is_locked() {
        EXIT.tell("an exit notifier", true, ())
    }
}
