//! The PL011 as an object that a stock QEMU loads: `cargo build --release --example pl011`.

use oldstable::pl011::Pl011;

oldstable::plugin!(Pl011; replace Pl011);
