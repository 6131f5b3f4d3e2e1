// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011 as a plugin for a stock QEMU: `cargo build --release --example pl011`.

use oldstable::pl011::{Pl011, Pl011Luminary};

oldstable::plugin!(Pl011, Pl011Luminary; replace Pl011, Pl011Luminary);
