// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guest that is saved and loaded again, with bytes in the FIFO, as often as a user may do it in a day.

use std::path::Path;

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};

use super::machine::{Machine, Setting, PATIENCE};
use super::migration::{fill, until, LINE};
use super::monitor::Monitor;
use super::program::VIRT_UART;
use super::{bare_metal, program};
use crate::host::temporary;

const TIMES: usize = 50;

/// Each time the guest reads the line that was in the FIFO when it was saved, and nothing that came afterwards.
pub fn run(setting: &Setting) -> Result<()> {
    let kernel = program::file(&bare_metal::image())?;
    let folder = temporary::folder()?;
    let mut command = bare_metal::command(setting, kernel.path())?;
    // Less to save.
    command.args(["-m", "16"]);
    let mut machine = setting.start(command)?;
    machine.console.expect(bare_metal::GREETING, PATIENCE)?;
    add_disk(&mut machine.monitor, &folder.path().join("disk"))?;
    fill(&mut machine, VIRT_UART, LINE)?;
    for number in 1..=TIMES {
        snapshot(&mut machine, "savevm").with_context(|| format!("time {number}"))?;
        machine.monitor.execute("cont", json!({}))?;
        echoes(&mut machine, LINE).with_context(|| format!("saved {number} times"))?;
        let more = format!("more {number}");
        machine.console.send(&more)?;
        echoes(&mut machine, &more)?;
        // A machine that runs when it is loaded runs on at once.
        machine.monitor.execute("stop", json!({}))?;
        snapshot(&mut machine, "loadvm").with_context(|| format!("time {number}"))?;
    }
    machine.monitor.execute("cont", json!({}))?;
    echoes(&mut machine, LINE).context("at the end")
}

fn echoes(machine: &mut Machine, text: &str) -> Result<()> {
    let read = machine.console.take(text.len(), PATIENCE)?;
    ensure!(read == text.as_bytes(), "the guest echoed {:?} and not {text:?}", String::from_utf8_lossy(&read));
    Ok(())
}

/// Says nothing if all is well.
fn snapshot(machine: &mut Machine, command: &str) -> Result<()> {
    let said = machine.monitor.human(&format!("{command} one"))?;
    ensure!(said.trim().is_empty(), "{command} says {said:?}");
    Ok(())
}

/// A disk that snapshots go to.
fn add_disk(monitor: &mut Monitor, path: &Path) -> Result<()> {
    create(monitor, json!({ "driver": "file", "filename": path, "size": 0 }))?;
    monitor.execute("blockdev-add", json!({ "driver": "file", "node-name": "file", "filename": path }))?;
    create(monitor, json!({ "driver": "qcow2", "file": "file", "size": 1 << 20 }))?;
    monitor.execute("blockdev-add", json!({ "driver": "qcow2", "node-name": "disk", "file": "file" })).map(drop)
}

fn create(monitor: &mut Monitor, options: Value) -> Result<()> {
    monitor.execute("blockdev-create", json!({ "job-id": "create", "options": options }))?;
    let mut error = Value::Null;
    until("the disk is made", || {
        let jobs = monitor.execute("query-jobs", json!({}))?;
        error = jobs[0]["error"].clone();
        Ok(jobs[0]["status"] == "concluded")
    })?;
    ensure!(error.is_null(), "the disk could not be made: {error}");
    monitor.execute("job-dismiss", json!({ "id": "create" })).map(drop)
}
