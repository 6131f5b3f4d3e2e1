//! When the machine runs, stands still and ends, and requests that it does.

use crate::bql::{self, BqlCell};
use crate::callback::FnCall;
use crate::listeners::Listeners;
use crate::qom::{expect_field_of, ObjectType, Part};
use crate::sys;
use oldstable_compat::ffi::{c_int, c_void};

/// What has become of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It runs.
    Running,
    /// It stands still, perhaps to be saved.
    Stopped,
    /// It has been switched off.
    ShutDown,
}

/// Resets the machine soon, as a device does by which a guest asks for that, or a watchdog: what runs now ends first.
/// Users can have it end QEMU instead (`-no-reboot`).
#[track_caller]
pub fn request_reset() {
    /// SHUTDOWN_CAUSE_GUEST_RESET, the same number in every known release.
    const GUEST_RESET: c_int = 7;
    bql::expect_locked();
    // SAFETY: it takes note of the request.
    unsafe { sys::qemu_system_reset_request(GUEST_RESET) }
}

/// Switches the machine off soon, as a device does by which a guest asks for that: what runs now ends first. QEMU ends
/// then, unless users have it wait (`-no-shutdown`).
#[track_caller]
pub fn request_shutdown() {
    /// SHUTDOWN_CAUSE_GUEST_SHUTDOWN, the same number in every known release.
    const GUEST_SHUTDOWN: c_int = 6;
    bql::expect_locked();
    // SAFETY: it takes note of the request.
    unsafe { sys::qemu_system_shutdown_request(GUEST_SHUTDOWN) }
}

/// Presses the machine's power button, where its board has one: the guest is asked to switch it off.
#[track_caller]
pub fn request_powerdown() {
    bql::expect_locked();
    // SAFETY: it takes note of the request.
    unsafe { sys::qemu_system_powerdown_request() }
}

/// The devices that hear of the run state.
static RUN_STATE: Listeners<RunState> = Listeners::new();

/// The devices that hear of the end.
static EXIT: Listeners<()> = Listeners::new();

/// A device's wish to hear when the machine starts and stops: a field of the device.
///
/// Devices hear of a start in the order in which they enabled their handlers, and of a stop in the opposite
/// one. Meanwhile handlers can be enabled, which is heard from the next time on, and disabled; devices are
/// neither realized nor taken out of the tree.
#[derive(Default)]
pub struct RunStateHandler(Wish);

/// A device's wish to hear when the process is about to end: a field of the device.
///
/// It also covers ends that no [`RunState`] announces, such as a guest's exit by semihosting.
#[derive(Default)]
pub struct ExitNotifier(Wish);

/// The number that the list has given, 0 if it is in none.
#[derive(Default)]
struct Wish(BqlCell<u64>);

impl Wish {
    /// Takes it out of the list, if it is in it.
    fn end<A: Copy>(&self, list: &Listeners<A>) {
        match self.0.replace(0) {
            0 => {}
            ticket => list.remove(ticket),
        }
    }
}

// SAFETY: its drop needs the lock alone.
unsafe impl Part for RunStateHandler {}
// SAFETY: its drop needs the lock alone.
unsafe impl Part for ExitNotifier {}

impl RunStateHandler {
    /// From now on `callback` gets the device and what has become of the machine.
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
        // SAFETY: the handler is a field of the owner and is taken away when it is dropped or disabled; the
        // callback has been given. QEMU gets its entry once.
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

    /// Ends what [`enable`](Self::enable) began.
    pub fn disable(&self) {
        self.0.end(&RUN_STATE)
    }
}

impl Drop for RunStateHandler {
    fn drop(&mut self) {
        self.disable();
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
    /// From now on `callback` gets the device once, when the process ends in good order.
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

    /// Ends what [`enable`](Self::enable) began.
    pub fn disable(&self) {
        self.0.end(&EXIT)
    }
}

impl Drop for ExitNotifier {
    fn drop(&mut self) {
        self.disable();
    }
}

extern "C" fn exiting(_notifier: *mut sys::Notifier, _data: *mut c_void) {
    // A process can be ended by any thread, with or without the lock that devices live by.
    if bql::is_locked() {
        EXIT.tell("an exit notifier", true, ())
    }
}
