// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's log.

use oldstable_compat::ffi::{c_char, c_int};

imports! {
    in ALL {
        fn qemu_log(format: *const c_char; ... text: *const c_char);
        static qemu_loglevel: c_int;
        static trace_events_enabled_count: c_int;
    }
}
