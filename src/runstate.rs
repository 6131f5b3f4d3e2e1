//! When the machine runs, stands still and ends.

use crate::bql::BqlCell;
use crate::callback::{guard, FnCall};
use crate::qom::{expect_field_of, ObjectType, Part};
use crate::sys;
use oldstable_compat::ffi::{c_int, c_void};
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ptr;

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

/// A device's wish to hear when the machine starts and stops: a field of the device.
pub struct RunStateHandler(BqlCell<*mut sys::VmChangeStateEntry>);

// SAFETY: every access to the cell asks for the big lock.
unsafe impl Sync for RunStateHandler {}

// SAFETY: its drop needs the lock alone.
unsafe impl Part for RunStateHandler {}

impl Default for RunStateHandler {
    fn default() -> Self {
        RunStateHandler(BqlCell::new(ptr::null_mut()))
    }
}

impl RunStateHandler {
    /// From now on `callback` gets the device and what has become of the machine.
    ///
    /// # Panics
    /// If the handler is not a field of `owner`, or has been enabled already.
    pub fn enable<T, F>(&self, owner: &T, _callback: F)
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T, RunState)>,
    {
        expect_field_of(owner, self);
        assert!(
            self.0.get().is_null(),
            "a run state handler is enabled once"
        );
        // SAFETY: the handler is a field of the owner and is taken away when it is dropped or disabled.
        self.0.set(unsafe {
            sys::qemu_add_vm_change_state_handler(
                Some(changed::<T, F>),
                owner as *const T as *mut c_void,
            )
        });
    }

    /// Ends what [`enable`](Self::enable) began.
    pub fn disable(&self) {
        let entry = self.0.replace(ptr::null_mut());
        if !entry.is_null() {
            // SAFETY: QEMU gave the entry, and it is given back once.
            unsafe { sys::qemu_del_vm_change_state_handler(entry) }
        }
    }
}

impl Drop for RunStateHandler {
    fn drop(&mut self) {
        self.disable();
    }
}

unsafe extern "C" fn changed<T, F: for<'a> FnCall<(&'a T, RunState)>>(
    opaque: *mut c_void,
    running: u8,
    state: c_int,
) {
    /// RUN_STATE_SHUTDOWN, the same number in every known release.
    const SHUTDOWN: c_int = 11;
    guard("a run state handler", || {
        let state = match (running, state) {
            (0, SHUTDOWN) => RunState::ShutDown,
            (0, _) => RunState::Stopped,
            _ => RunState::Running,
        };
        // SAFETY: `enable` gave QEMU its owner, which outlives the handler inside it.
        F::call((&*(opaque as *const T), state))
    })
}

/// A device's wish to hear when the process is about to end: a field of the device.
///
/// It also covers ends that no [`RunState`] announces, such as a guest's exit by semihosting.
#[repr(C)]
pub struct ExitNotifier {
    notifier: UnsafeCell<sys::Notifier>,
    owner: BqlCell<*const c_void>,
    not_send_not_sync: PhantomData<*mut ()>,
}

// SAFETY: every method asks for the big lock.
unsafe impl Sync for ExitNotifier {}

// SAFETY: its drop needs the lock alone.
unsafe impl Part for ExitNotifier {}

impl Default for ExitNotifier {
    fn default() -> Self {
        ExitNotifier {
            notifier: UnsafeCell::new(sys::Notifier {
                notify: None,
                node: [ptr::null_mut(); 2],
            }),
            owner: BqlCell::new(ptr::null()),
            not_send_not_sync: PhantomData,
        }
    }
}

impl ExitNotifier {
    /// From now on `callback` gets the device once, when the process ends in good order.
    ///
    /// # Panics
    /// If the notifier is not a field of `owner`, or has been enabled already.
    pub fn enable<T, F>(&self, owner: &T, _callback: F)
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T,)>,
    {
        expect_field_of(owner, self);
        assert!(
            self.owner.get().is_null(),
            "an exit notifier is enabled once"
        );
        self.owner.set(owner as *const T as *const c_void);
        // SAFETY: the notifier is in no list, lies in its owner and leaves the list when it is dropped or
        // disabled.
        unsafe {
            (*self.notifier.get()).notify = Some(exiting::<T, F>);
            sys::qemu_add_exit_notifier(self.notifier.get());
        }
    }

    /// Ends what [`enable`](Self::enable) began.
    pub fn disable(&self) {
        if !self.owner.replace(ptr::null()).is_null() {
            // SAFETY: it has been in the list since its owner was set.
            unsafe { sys::qemu_remove_exit_notifier(self.notifier.get()) }
        }
    }
}

impl Drop for ExitNotifier {
    fn drop(&mut self) {
        self.disable();
    }
}

unsafe extern "C" fn exiting<T, F: for<'a> FnCall<(&'a T,)>>(
    notifier: *mut sys::Notifier,
    _data: *mut c_void,
) {
    guard("an exit notifier", || {
        // A process can be ended by any thread, with or without the lock that devices live by.
        if crate::bql::is_locked() {
            // SAFETY: the C struct is the first field of ours, and the owner outlives it.
            let this = &*(notifier as *const ExitNotifier);
            F::call((&*(this.owner.get() as *const T),))
        }
    })
}
