// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's registers, without QEMU.

mod differences;
mod loopback;
mod model {
    // The older releases are for tests/harness.
    #[allow(dead_code)]
    pub mod c_model;
    pub mod migration;
    pub mod operation;
    pub mod oracle;
    pub mod pair;
    pub mod random;
    pub mod trail;
}
mod random;
mod registers;
mod snapshot;
mod transmit;
mod uart;
