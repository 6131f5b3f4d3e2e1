// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Programs in safe Rust that try to break QEMU's memory by likely mistakes of an author: a line copied too often, a
//! reference kept too long, a thread, a call in the wrong place.
//!
//! Each file is a kind of mistake, each program a member of the kind, with the end that it must come to. What
//! must not compile is in `tests/ui`. This object, plugged into a QEMU, starts that QEMU once more for each
//! program:
//!
//! ```console
//! $ cargo build --features testing --examples    # some are plugged in beside it
//! $ qemu-system-aarch64 -M none -display none -plugin target/debug/examples/libattacks.so
//! ```
//!
//! With `,test=NAME` it runs one, in that very QEMU, and with `,only=TEXT` those whose names hold the text. Under
//! valgrind (`--trace-children=yes`) they need more time: `,seconds=300`; an emulated QEMU gets it by the variable
//! `OLDSTABLE_SECONDS`. The time for which they wait for a processor does not count. valgrind names one write of
//! unaddressable bytes, of the check at load, which asks the kernel whether memory can be read.
//!
//! For AddressSanitizer they are built and started as `tests/harness/README.md` says; its leaks are not looked at
//! (`ASAN_OPTIONS=detect_leaks=0`), since a program that ends QEMU leaves everything behind.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)]

#[macro_use]
mod runner;

mod assertions;
mod buses;
mod dma;
mod drives;
mod end;
mod graphs;
mod guests;
mod interfaces;
mod kept;
mod lists;
mod lock;
mod mappings;
mod messages;
mod migration;
mod names;
mod panics;
mod parts;
mod plugins;
mod properties;
mod resets;
mod set_up;
mod streams;
mod surroundings;
mod texts;
mod timers;
mod unrealized;

use oldstable::plugin::Settings;
use oldstable::Result;

fn run(settings: &Settings) -> Result<()> {
    runner::run(
        settings,
        &[
            assertions::PROGRAMS,
            buses::PROGRAMS,
            dma::PROGRAMS,
            drives::PROGRAMS,
            end::PROGRAMS,
            graphs::PROGRAMS,
            guests::PROGRAMS,
            interfaces::PROGRAMS,
            kept::PROGRAMS,
            lists::PROGRAMS,
            lock::PROGRAMS,
            mappings::PROGRAMS,
            messages::PROGRAMS,
            migration::PROGRAMS,
            names::PROGRAMS,
            panics::PROGRAMS,
            parts::PROGRAMS,
            plugins::PROGRAMS,
            properties::PROGRAMS,
            resets::PROGRAMS,
            set_up::PROGRAMS,
            streams::PROGRAMS,
            surroundings::PROGRAMS,
            texts::PROGRAMS,
            timers::PROGRAMS,
            unrealized::PROGRAMS,
        ],
    )
}

oldstable::plugin!(runner::Later; board run);
