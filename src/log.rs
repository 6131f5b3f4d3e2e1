// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's log, which `-d` enables and `-D` writes to a file.

use crate::foreign::IntoForeign;
use crate::sys;
use oldstable_compat::ffi::{c_char, c_int};
use std::fmt::{self, Display, Write};

/// The category of a message, with its name for `-d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// `unimp`: the guest uses a feature that the device does not implement.
    Unimplemented = 1 << 10,
    /// `guest_errors`: the guest does something that no driver should.
    GuestErrors = 1 << 11,
    /// `trace:…`: the actions of a device. QEMU knows only the names of its own events, so any of them enables it.
    Trace = 1 << 15,
}

impl Mask {
    /// Returns whether the user has enabled such messages.
    pub fn is_enabled(self) -> bool {
        // SAFETY: the variables are there in every release. Another thread may change them at any time, as
        // in C, where they are ordinary ints: so each is read once, and no invariant depends on its value.
        unsafe {
            let selected = sys::qemu_loglevel().read_volatile() & self as c_int != 0;
            // The bit is set if anything is logged, even if no event is.
            selected && (self != Mask::Trace || sys::trace_events_enabled_count().read_volatile() > 0)
        }
    }

    /// Writes one line, if the user has enabled it. Anything after a NUL in it is left out.
    pub fn write(self, message: &dyn Display) {
        if !self.is_enabled() {
            return;
        }
        let mut line = Line { bytes: [0; 128], len: 0 };
        if write!(line, "{}", message).is_ok() {
            line.finish();
            // SAFETY: the bytes end with a NUL.
            unsafe { log(line.bytes.as_ptr() as *const c_char) }
            return;
        }
        let mut line = message.to_string();
        line.truncate(line.find('\0').unwrap_or(line.len()));
        line.push('\n');
        if let Ok(line) = line.try_into_foreign() {
            // SAFETY: it is a string.
            unsafe { log(line.as_ptr()) }
        }
    }
}

/// # Safety
/// `line` is a C string.
unsafe fn log(line: *const c_char) {
    // The format takes one string.
    // SAFETY: the caller guarantees the string.
    unsafe { sys::qemu_log("%s\0".as_ptr() as *const c_char, line) }
}

/// A line of usual length, made without an allocation, since a guest decides how many there are.
struct Line {
    bytes: [u8; 128],
    len: usize,
}

impl Line {
    /// Ends the line, before a NUL if there is one.
    fn finish(&mut self) {
        let text = &self.bytes[..self.len];
        let end = text.iter().position(|byte| *byte == 0);
        self.len = end.unwrap_or(self.len);
        self.bytes[self.len..][..2].copy_from_slice(b"\n\0");
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // There is room for the newline and the NUL after it.
        let room = self.bytes.len() - self.len - 2;
        if text.len() > room {
            return Err(fmt::Error);
        }
        self.bytes[self.len..][..text.len()].copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}
