// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A socket for a guest's serial port, so that a test controls when it reads.

use std::io::ErrorKind;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::machine::PATIENCE;
use crate::host::temporary;

/// The socket to which QEMU connects. Nothing is read before the connection is accepted.
pub struct Socket {
    folder: TempDir,
    listener: UnixListener,
}

impl Socket {
    pub fn new() -> Result<Socket> {
        let folder = temporary::folder()?;
        let listener = UnixListener::bind(folder.path().join("serial"))?;
        listener.set_nonblocking(true)?;
        Ok(Socket { folder, listener })
    }

    /// Returns the argument of QEMU's option `-serial`.
    pub fn serial(&self) -> String {
        format!("unix:{}", self.folder.path().join("serial").display())
    }

    /// Waits for QEMU, which may not have started yet.
    pub fn accept(&self) -> Result<UnixStream> {
        let end = Instant::now() + PATIENCE;
        let stream = loop {
            match self.listener.accept() {
                Ok((stream, _)) => break stream,
                Err(e) if e.kind() == ErrorKind::WouldBlock && Instant::now() < end => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(e) => return Err(e).context("QEMU did not connect to the socket"),
            }
        };
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}
