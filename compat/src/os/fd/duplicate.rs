// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A second file descriptor for the same open file, on the systems that give one in a single call.

use super::{AsFd, BorrowedFd, OwnedFd};
use crate::ffi::c_int;
use std::io;
use std::os::unix::io::{AsRawFd, FromRawFd};

extern "C" {
    fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
}

/// `F_DUPFD_CLOEXEC`.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "emscripten"))]
const DUPLICATE: c_int = 1030;
#[cfg(any(target_os = "macos", target_os = "ios"))]
const DUPLICATE: c_int = 67;
#[cfg(any(target_os = "freebsd", target_os = "dragonfly"))]
const DUPLICATE: c_int = 17;
#[cfg(target_os = "netbsd")]
const DUPLICATE: c_int = 12;
#[cfg(target_os = "openbsd")]
const DUPLICATE: c_int = 10;
#[cfg(any(target_os = "solaris", target_os = "illumos"))]
const DUPLICATE: c_int = 37;

impl BorrowedFd<'_> {
    /// A second file descriptor for the same open file.
    ///
    /// # Errors
    ///
    /// Those of the system.
    #[inline]
    pub fn try_clone_to_owned(&self) -> io::Result<OwnedFd> {
        loop {
            // Like std, avoids the numbers of the standard streams.
            // SAFETY: it makes a new file descriptor and does nothing else.
            let fd = unsafe { fcntl(self.as_raw_fd(), DUPLICATE, 3 as c_int) };
            if fd != -1 {
                // SAFETY: it is open, and nobody else's.
                return Ok(unsafe { OwnedFd::from_raw_fd(fd) });
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }
}

impl OwnedFd {
    /// A second file descriptor for the same open file.
    ///
    /// # Errors
    ///
    /// Those of the system.
    #[inline]
    pub fn try_clone(&self) -> io::Result<OwnedFd> {
        self.as_fd().try_clone_to_owned()
    }
}
