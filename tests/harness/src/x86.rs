// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Tests that run inside QEMU's x86 emulator: see README.md.

mod hpets;
mod numbers;

oldstable::plugin!(hpets::Doorbell, hpets::Alarm);

oldstable::run_tests! {
    crate;
    hpets,
}
