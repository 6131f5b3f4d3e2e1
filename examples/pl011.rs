//! The PL011 as an object that a stock QEMU loads: `cargo build --release --example pl011`.

use oldstable::pl011::{Pl011, Pl011Luminary};

oldstable::plugin!(Pl011, Pl011Luminary; replace Pl011, Pl011Luminary);
