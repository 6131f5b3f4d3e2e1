// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's log.

use oldstable::log::Mask;
use oldstable::sys;
use oldstable::testing::logged;

fn one_of_each() {
    Mask::Unimplemented.write(&"unimplemented %s");
    Mask::GuestErrors.write(&format_args!("guest {}", 1));
    Mask::Trace.write(&"trace\0behind");
}

oldstable::tests! {
    fn what_the_user_wants_is_logged_a_line_each() {
        assert_eq!(logged(&[Mask::Unimplemented], one_of_each), "unimplemented %s\n");
        assert_eq!(logged(&[Mask::GuestErrors], one_of_each), "guest 1\n");
        assert_eq!(
            logged(&[Mask::GuestErrors, Mask::Unimplemented], one_of_each),
            "unimplemented %s\nguest 1\n"
        );
    }

    fn traces_are_logged_once_qemu_traces_an_event() {
        let said = logged(&[], || {
            // SAFETY: the count is an ordinary number, and this copy of the process ends before it matters.
            unsafe { *sys::trace_events_enabled_count() = 1 };
            one_of_each();
        });
        assert_eq!(said, "trace\n");
    }

    fn a_device_can_ask_whether_anybody_wants_it() {
        let asked = logged(&[Mask::GuestErrors], || {
            eprintln!("{} {}", Mask::GuestErrors.is_enabled(), Mask::Unimplemented.is_enabled())
        });
        assert_eq!(asked, "true false\n");
    }

    fn nothing_is_logged_that_nobody_wants() {
        assert_eq!(logged(&[], one_of_each), "");
    }
}
