//! The PL011's registers against the naive model: whatever a guest, a host and migration streams do,
//! both agree and neither panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oldstable::pl011::Variant;
use pl011_model::operation::Operation;
use pl011_model::pair::Pair;

#[path = "../../tests/pl011_model"]
mod pl011_model {
    pub mod migration;
    pub mod operation;
    pub mod ours;
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
