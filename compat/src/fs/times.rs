// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `FileTimes`, for compilers before Rust 1.75. Linux and macOS only.

use crate::ffi::{c_int, c_long};
use std::fs::File;
use std::io;
use std::os::unix::io::AsRawFd;
use std::time::{SystemTime, UNIX_EPOCH};

/// Times to set on a file: `std::fs::FileTimes` from Rust 1.75.
#[derive(Copy, Clone, Default)]
pub struct FileTimes {
    accessed: Option<SystemTime>,
    modified: Option<SystemTime>,
}

inline_debug! { struct FileTimes { accessed modified } }

impl FileTimes {
    /// No times yet.
    #[inline]
    pub fn new() -> FileTimes {
        FileTimes::default()
    }

    /// Adds the time of the last access.
    #[inline]
    pub fn set_accessed(mut self, time: SystemTime) -> FileTimes {
        self.accessed = Some(time);
        self
    }

    /// Adds the time of the last modification.
    #[inline]
    pub fn set_modified(mut self, time: SystemTime) -> FileTimes {
        self.modified = Some(time);
        self
    }

    #[inline]
    pub(crate) fn set(self, file: &File) -> io::Result<()> {
        let times = [timespec(self.accessed)?, timespec(self.modified)?];
        // SAFETY: the system reads both times, and accepts any number as the file.
        match unsafe { futimens(file.as_raw_fd(), times.as_ptr()) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

/// C's `struct timespec`, as the C libraries' `futimens` takes it.
#[repr(C)]
struct Timespec {
    seconds: c_long,
    nanos: c_long,
}

/// Leaves a time unchanged: `UTIME_OMIT`.
#[cfg(target_os = "linux")]
const OMIT: c_long = (1 << 30) - 2;
#[cfg(target_os = "macos")]
const OMIT: c_long = -2;

extern "C" {
    fn futimens(fd: c_int, times: *const Timespec) -> c_int;
}

#[inline]
fn timespec(time: Option<SystemTime>) -> io::Result<Timespec> {
    let time = match time {
        Some(time) => time,
        None => return Ok(Timespec { seconds: 0, nanos: OMIT }),
    };
    let out_of_range = || io::Error::new(io::ErrorKind::InvalidInput, "timestamp is out of range");
    let since = time.duration_since(UNIX_EPOCH).map_err(|_| out_of_range())?;
    let seconds = since.as_secs() as c_long;
    if seconds < 0 || seconds as u64 != since.as_secs() {
        return Err(out_of_range());
    }
    Ok(Timespec { seconds, nanos: since.subsec_nanos() as c_long })
}
