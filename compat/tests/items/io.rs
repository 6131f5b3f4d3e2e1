// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(all(unix, feature = "std"))]

use oldstable_compat::io::IsTerminal;
use std::fs::File;
use std::os::unix::io::FromRawFd;

#[test]
fn a_file_is_no_terminal() {
    let is_terminal: fn(&File) -> bool = IsTerminal::is_terminal;
    assert!(!is_terminal(&File::open("/dev/null").expect("every Unix has it")));
}

#[test]
fn a_closed_descriptor_is_no_terminal() {
    // SAFETY: no such descriptor is open, so nobody loses one when it is closed.
    let closed = std::mem::ManuallyDrop::new(unsafe { File::from_raw_fd(999_999) });
    assert!(!closed.is_terminal());
}

/// The kernel tells the kind of a stream: a terminal if the tests are run by hand, otherwise a pipe or a file.
#[cfg(target_os = "linux")]
#[test]
fn is_terminal_agrees_with_the_kernel() {
    let terminal = |fd: u8| {
        let leads_to = std::fs::read_link(format!("/proc/self/fd/{}", fd)).expect("it is open");
        ["/dev/pts", "/dev/tty"].iter().any(|terminals| leads_to.to_string_lossy().starts_with(terminals))
    };
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    assert_eq!((stdin.is_terminal(), stdin.lock().is_terminal()), (terminal(0), terminal(0)));
    assert_eq!((stdout.is_terminal(), stdout.lock().is_terminal()), (terminal(1), terminal(1)));
    assert_eq!((stderr.is_terminal(), stderr.lock().is_terminal()), (terminal(2), terminal(2)));
}
