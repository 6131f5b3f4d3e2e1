// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's registers compared with the naive model: for any actions of a guest, a host and migration streams, both
//! agree and neither panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use model::operation::Operation;
use model::pair::Pair;
use oldstable::pl011::Variant;

#[path = "../../tests/pl011/model"]
mod model {
    pub mod migration;
    pub mod operation;
    pub mod oracle;
    pub mod pair;
}

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.iter().copied();
    let mut pair = Pair::new(match bytes.next() {
        Some(choice) if choice & 1 != 0 => Variant::Luminary,
        _ => Variant::Arm,
    });
    while let Some(operation) = Operation::decode(&mut bytes) {
        pair.apply(&operation);
    }
});
