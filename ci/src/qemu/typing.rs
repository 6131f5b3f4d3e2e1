// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Somebody who logs in and types by hand: a wrong and the right password, the keys of the line discipline, a long
//! line, a paste, a break and a reset.

use std::fs::OpenOptions;
use std::thread;
use std::time::Duration;

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};

use super::console::Console;
use super::login::{self, MOMENT};
use super::machine::{Machine, Setting, PATIENCE};
use super::shell;
use super::socket::Socket;

/// How the user's terminal and the serial port are connected.
#[derive(Clone, Copy, PartialEq)]
pub enum Port {
    /// `mon:stdio`, which has a monitor behind Ctrl-A.
    Mux,
    Pty,
    Socket,
}

pub fn run(setting: &Setting, port: Port) -> Result<()> {
    let echoed = session(setting, port)?;
    // One comparison with QEMU's own device is enough: what the guest gets is the same at each kind of port.
    if port == Port::Socket && !setting.plugins.is_empty() {
        let stock = session(&setting.stock(), port).context("with QEMU's own device")?;
        ensure!(echoed == stock, "a paste is echoed as {echoed:?}, with QEMU's own device as {stock:?}");
    }
    Ok(())
}

/// Does all that a person at the port does, and returns what came back for a paste.
fn session(setting: &Setting, port: Port) -> Result<String> {
    let socket = Socket::new()?;
    let initrd = login::initrd(setting, "ttyAMA0")?;
    let mut command = login::command(setting, &initrd)?;
    let serial = match port {
        Port::Mux => "mon:stdio".to_string(),
        Port::Pty => "pty".to_string(),
        Port::Socket => socket.serial(),
    };
    command.args(["-serial", &serial]);
    let mut machine = setting.start_with(&mut command, Console::start)?;
    match port {
        Port::Mux => {}
        Port::Pty => {
            let file = OpenOptions::new().read(true).write(true).open(pty(&mut machine)?)?;
            machine.console.attach(file.try_clone()?, file);
        }
        Port::Socket => {
            let stream = socket.accept()?;
            stream.set_read_timeout(None)?;
            machine.console.attach(stream.try_clone()?, stream);
        }
    }
    let console = &mut machine.console;
    login::log_in(console).context("a login")?;
    interrupted(console).context("^C")?;
    halted(console).context("^S and ^Q")?;
    arrives(console, &format!("{}\n", "x".repeat(3000))).context("a long line")?;
    let lines: String = (1..=200).map(|line| format!("line {line} of a text that is pasted\n")).collect();
    let echoed = arrives(console, &lines).context("a paste")?;
    breaks(&mut machine, port).context("a break")?;
    if port == Port::Socket {
        machine.monitor.execute("system_reset", json!({}))?;
        login::log_in(&mut machine.console).context("a reset")?;
    }
    Ok(echoed)
}

/// The terminal that QEMU has made.
fn pty(machine: &mut Machine) -> Result<String> {
    let devices = machine.monitor.execute("query-chardev", json!({}))?;
    let files = devices.as_array().into_iter().flatten().filter_map(|device| device["filename"].as_str());
    let mut names = files.filter_map(|file| file.strip_prefix("pty:"));
    names.next().map(str::to_string).with_context(|| format!("there is no pty among {}", Value::to_string(&devices)))
}

/// It drops what is typed in a line, and ends the program that runs.
fn interrupted(console: &mut Console) -> Result<()> {
    /// What a shell makes of the signal SIGINT.
    const ENDED: &str = "status 130";
    console.send("dropped")?;
    console.expect("dropped", PATIENCE)?;
    // Its echo is no sign, since the signal discards output that waits.
    console.send("\x03")?;
    console.expect(shell::PROMPT, PATIENCE)?;
    console.send("sh -c \"echo 'rea''dy'; exec sleep 100000\"\r")?;
    console.expect("ready", PATIENCE)?;
    console.send("\x03")?;
    console.expect(shell::PROMPT, PATIENCE)?;
    console.send("echo 'sta''tus' $?\r")?;
    console.expect(ENDED, PATIENCE)?;
    console.expect(shell::PROMPT, PATIENCE).map(drop)
}

fn halted(console: &mut Console) -> Result<()> {
    /// More than a pipe or a socket holds, so that the guest cannot have written all before it is halted.
    const LINES: u32 = 8_000;
    console.send(&format!("for i in $(seq {LINES}); do echo line $i; done; echo 'do''ne'\r"))?;
    console.expect("line 50\r", PATIENCE)?;
    console.send("\x13")?;
    // What was under way still comes.
    thread::sleep(MOMENT);
    let before = console.expect("done", Duration::from_millis(1)).is_err();
    ensure!(before, "all was written before it could be halted");
    let more = console.expect(&format!("line {}\r", LINES - 1), 2 * MOMENT);
    ensure!(more.is_err(), "the output goes on");
    console.send("\x11")?;
    console.expect(&format!("line {LINES}\r"), PATIENCE)?;
    console.expect(shell::PROMPT, PATIENCE).map(drop)
}

/// Types a text that ends with a line of its own, and has the guest say what it has got. Returns what was echoed.
fn arrives(console: &mut Console, text: &str) -> Result<String> {
    const END: &str = "the end\n";
    let text = [text, END].concat();
    console.send("echo 'rea''dy'; cat >/tmp/text\r")?;
    console.expect("ready\r\n", PATIENCE)?;
    console.send(&text.replace('\n', "\r"))?;
    let echoed = console.expect(END.trim_end(), PATIENCE)?;
    console.send("\x04")?;
    console.expect(shell::PROMPT, PATIENCE)?;
    let sum = shell::sha256(text.as_bytes());
    let said = shell::run(console, "wc </tmp/text; sha256sum </tmp/text")?;
    ensure!(said.contains(&sum), "of {} bytes the guest says {said:?}", text.len());
    // In between the guest asks for pauses by ^S and ^Q, when its programs have not read what it got yet.
    Ok(echoed.replace(['\x13', '\x11'], ""))
}

/// As the user sends it.
fn breaks(machine: &mut Machine, port: Port) -> Result<()> {
    shell::run(&mut machine.console, "echo 1 >/proc/sys/kernel/sysrq; dmesg -n 8")?;
    match port {
        Port::Mux => machine.console.send("\x01b")?,
        Port::Pty | Port::Socket => {
            machine.monitor.execute("chardev-send-break", json!({ "id": "serial0" })).map(drop)?;
        }
    }
    thread::sleep(MOMENT);
    machine.console.send("h")?;
    machine.console.expect("sysrq: HELP", PATIENCE).map(drop)
}
