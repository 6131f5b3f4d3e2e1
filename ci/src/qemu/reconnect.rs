// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Somebody at the serial port's socket who goes away in the middle of the guest's output and comes back.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use serde_json::json;

use super::console::Console;
use super::machine::{Setting, PATIENCE};
use super::migration::until;
use super::{bare_metal, program};
use crate::host::temporary;

const TIMES: usize = 12;

/// Typed before each parting, several times as much as the device holds.
const BURST: usize = 20_000;

/// Checks that the guest answers a client that leaves and comes back. The echo of the time between is lost, as with
/// QEMU's own device.
pub fn run(setting: &Setting) -> Result<()> {
    let kernel = program::file(&bare_metal::image())?;
    let folder = temporary::folder()?;
    let socket = folder.path().join("serial");
    let mut command = bare_metal::command(setting, kernel.path())?;
    // It stands still until its greeting has a reader: what is typed before the guest sets the port up is lost.
    command.arg("-S").arg("-serial").arg(format!("unix:{},server=on,wait=off", socket.display()));
    let mut machine = setting.start_with(&mut command, Console::start)?;
    let mut stream = connected(&socket)?;
    machine.monitor.execute("cont", json!({}))?;
    reads_to_the_end_of(&mut stream, bare_metal::GREETING)?;
    for number in 1..=TIMES {
        let word = format!("hello {number:02};");
        answered(&mut stream, &word).with_context(|| format!("connection {number}"))?;
        stream.write_all(&[b'x'; BURST])?;
        stream.read_exact(&mut [0; 100])?;
        drop(stream);
        stream = connected(&socket)?;
    }
    answered(&mut stream, "the end;")?;
    stream.write_all(&[bare_metal::END])?;
    machine.powered_off()
}

fn connected(socket: &Path) -> Result<UnixStream> {
    let mut stream = None;
    until("QEMU takes a connection", || {
        stream = UnixStream::connect(socket).ok();
        Ok(stream.is_some())
    })?;
    let stream = stream.context("QEMU takes a connection")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Types a word, and reads until it comes back: behind what was left of before.
fn answered(stream: &mut UnixStream, word: &str) -> Result<()> {
    stream.write_all(word.as_bytes())?;
    reads_to_the_end_of(stream, word)
}

fn reads_to_the_end_of(stream: &mut UnixStream, text: &str) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    while !read.ends_with(text.as_bytes()) {
        let count = stream.read(&mut buffer).with_context(|| format!("{text:?} does not come"))?;
        ensure!(count > 0 && Instant::now() < end, "{text:?} does not come; last {:?}", String::from_utf8_lossy(&read));
        read.extend(&buffer[..count]);
    }
    Ok(())
}
