// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Our replacements for QEMU's PL011s.

use super::{Pl011, Pl011Luminary};
use crate::chardev::CharFrontend;
use crate::compat::c_str;
use crate::compat::ffi::CStr;
use crate::plugin::Replacement;
use crate::qom::ObjectCast;
use crate::sys;

// SAFETY: `pl011_chr` is where the C device has its front end, and both have the clock.
unsafe impl Replacement for Pl011 {
    const ORIGINAL: &'static CStr = c_str!("pl011");
    const BOARDS: &'static str = "virt, sbsa-ref, raspi*, vexpress-*, versatile*, realview-*, integratorcp and others";
    const CLOCK: &'static CStr = c_str!("clk");
    const SETTINGS: &'static [&'static str] = &["migrate-clk"];

    fn front_end_of_original() -> usize {
        sys::release().pl011_chr
    }

    fn front_end(&self) -> &CharFrontend {
        Pl011::front_end(self)
    }
}

// SAFETY: both are PL011s that differ only in their identification.
unsafe impl Replacement for Pl011Luminary {
    const ORIGINAL: &'static CStr = c_str!("pl011_luminary");
    const BOARDS: &'static str = "lm3s811evb and lm3s6965evb";
    const CLOCK: &'static CStr = Pl011::CLOCK;
    const SETTINGS: &'static [&'static str] = Pl011::SETTINGS;

    fn front_end_of_original() -> usize {
        Pl011::front_end_of_original()
    }

    fn front_end(&self) -> &CharFrontend {
        Pl011::front_end(self.upcast())
    }
}
