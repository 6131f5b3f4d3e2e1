//! A socket that a guest's serial port is connected to, for a test that reads when it wants to.

use std::io::ErrorKind;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::machine::PATIENCE;
use crate::host::temporary;

/// Where QEMU connects to. Nothing is read before it is accepted.
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

    /// What QEMU's option `-serial` takes.
    pub fn serial(&self) -> String {
        format!("unix:{}", self.folder.path().join("serial").display())
    }

    /// Waits for QEMU, which may not even have started.
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
