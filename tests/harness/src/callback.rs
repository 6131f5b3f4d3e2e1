// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Actions of callbacks on their own object.

use crate::object::thing_at;
use crate::subclass::Text;
use oldstable::bql::BqlCell;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::{message_of_abort, wait_until};
use oldstable::Result;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

static ENDED: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The only reference to a device.
    static LAST: RefCell<Option<Owned<Suicide>>> = RefCell::default();
}

#[derive(Default)]
pub struct End(Text);

impl Drop for End {
    fn drop(&mut self) {
        ENDED.fetch_add(1, Ordering::Relaxed);
    }
}

oldstable::qom_define_type! {
    /// A device that drops its own reference when it is reset.
    pub struct Suicide("harness-suicide"): DeviceState, Object {
        end: End,
        resets: BqlCell<u32>,
    }
}

impl ObjectImpl for Suicide {}

impl DeviceImpl for Suicide {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|_| panic!("as it was meant to"));
    const COLD_RESET: Option<fn(&Self)> = Some(|device| {
        let ended = ENDED.load(Ordering::Relaxed);
        device.unparent();
        LAST.with(|last| drop(last.borrow_mut().take()));
        // It still exists.
        device.resets.set(device.resets.get() + 1);
        assert_eq!(ENDED.load(Ordering::Relaxed), ended);
        assert_eq!(device.end.0.get(), "valid");
    });
}

oldstable::tests! {
    classes [Suicide];

    fn an_object_outlives_the_callback_that_drops_its_last_reference() {
        let ended = ENDED.load(Ordering::Relaxed);
        let device = Suicide::new();
        let address = device.as_device_ptr();
        LAST.with(|last| *last.borrow_mut() = Some(device));
        // SAFETY: the device is live when it is called.
        unsafe { oldstable::sys::device_cold_reset(address) };
        assert_eq!(ENDED.load(Ordering::Relaxed), ended);
        wait_until(|| ENDED.load(Ordering::Relaxed) == ended + 1);
    }

    fn an_object_outlives_the_callback_that_takes_it_out_of_the_tree() {
        let ended = ENDED.load(Ordering::Relaxed);
        let device = Suicide::new();
        let address = device.as_device_ptr();
        let above = thing_at("above-the-suicide");
        above.property_add_child("suicide", device).unwrap();
        // SAFETY: the tree holds a reference to the device.
        unsafe { oldstable::sys::device_cold_reset(address) };
        wait_until(|| ENDED.load(Ordering::Relaxed) == ended + 1);
        assert_eq!(above.children().len(), 0);
        above.unparent();
    }

    fn a_panic_in_a_callback_ends_the_process_and_says_where() {
        let device = Suicide::new();
        let said = message_of_abort(|| drop(device.realize()));
        assert!(said.contains("as it was meant to"), "{}", said);
        assert!(said.contains("oldstable: realize panicked, and C code cannot be unwound"), "{}", said);
        let _: &Object = device.upcast();
    }
}
