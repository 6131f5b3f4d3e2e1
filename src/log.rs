//! QEMU's log: what `-d` selects and `-D` writes to a file.

use crate::foreign::IntoForeign;
use crate::sys;
use oldstable_compat::ffi::{c_char, c_int};
use std::fmt::{self, Display, Write};

/// What a message is about, as `-d` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// `unimp`: the guest uses what a device does not implement.
    Unimplemented = 1 << 10,
    /// `guest_errors`: the guest does what no driver should.
    GuestErrors = 1 << 11,
    /// `trace:…`: what a device does. QEMU knows no names but those of its own events, so that any of them
    /// turns it on.
    Trace = 1 << 15,
}

impl Mask {
    /// Whether the user wants such messages.
    pub fn is_enabled(self) -> bool {
        // SAFETY: the variables are there in every release. Another thread may change them at any time, as
        // in C, where they are ordinary ints: so each is read once, and its value not relied upon.
        unsafe {
            let selected = sys::qemu_loglevel().read_volatile() & self as c_int != 0;
            // The bit is set as soon as anything is logged, whether or not an event is.
            selected && (self != Mask::Trace || sys::trace_events_enabled_count().read_volatile() > 0)
        }
    }

    /// Writes one line, if the user wants it. What comes behind a NUL in it is left out.
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
/// `line` is a string.
unsafe fn log(line: *const c_char) {
    // The format takes one string.
    // SAFETY: as the caller says, it does.
    unsafe { sys::qemu_log("%s\0".as_ptr() as *const c_char, line) }
}

/// A line as most are, whose making needs no memory: a guest decides how many there are.
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
        // The line's end and the string's find room behind it.
        let room = self.bytes.len() - self.len - 2;
        if text.len() > room {
            return Err(fmt::Error);
        }
        self.bytes[self.len..][..text.len()].copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}
