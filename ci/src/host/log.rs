// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logs of commands: appending, reading a log that may not fit into memory, and extracting the cause of a failure.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result};
use rustix::fs::{fallocate, FallocateFlags};

use crate::host::disk;

/// The length of the end of a log that is shown.
const END: u64 = 20_000;

/// The lengths of the beginning and the end of a log that are kept in memory.
const KEPT: u64 = 10_000_000;

/// The lengths of the beginning and the end of a log that are kept on the disk.
const ON_DISK: u64 = 50_000_000;

/// The line between the two in a log that was longer.
const CUT: &str = "… the middle of this log is not kept: only its first and its last 50 MB are";

/// Longer lines are cut: no useful line is longer.
const LINE: usize = 10_000;

/// Appends to a log.
pub fn append(log: &Path, text: &str) -> Result<()> {
    let mut file = File::options().append(true).create(true).open(log)?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write the log {}", log.display()))
}

/// Returns the end of a log, from the beginning of a line. A log may be too large to be read whole.
pub fn end_of(log: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
        file.take(END).read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(match text.split_once('\n') {
            Some((_, rest)) if length > END => format!("…\n{rest}"),
            _ => text,
        })
    };
    read().unwrap_or_else(|error| format!("the log cannot be read: {error}"))
}

/// Returns a log without the middle of one that is too large to be kept in memory.
pub fn read(log: &Path) -> Result<String> {
    both_ends(log, KEPT).with_context(|| format!("cannot read the log {}", log.display()))
}

fn both_ends(log: &Path, kept: u64) -> std::io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    (&mut file).take(kept).read_to_end(&mut bytes)?;
    if length > 2 * kept {
        bytes.extend_from_slice("\n…\n".as_bytes());
        file.seek(SeekFrom::Start(length - kept))?;
    }
    file.take(kept).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Gives back the disk of a log's middle while the log is written: a program may print endlessly. `before` is where the
/// end began at the last call. Not every file system can; the log is cut when the program has ended in any case.
pub fn free_the_middle(log: &File, before: &mut u64) {
    free_between(log, before, ON_DISK)
}

fn free_between(log: &File, before: &mut u64, kept: u64) {
    let end = log.metadata().map_or(0, |log| log.len()).saturating_sub(kept);
    let begin = kept.max(*before);
    if end >= begin + kept / 10 {
        let _ = fallocate(log, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, begin, end - begin);
        *before = end;
    }
}

/// Removes the middle of a log that is too long to be kept, and says so in its place.
pub fn cut(log: &Path) -> Result<()> {
    cut_to(log, ON_DISK).with_context(|| format!("cannot cut the log {}", log.display()))
}

fn cut_to(log: &Path, kept: u64) -> std::io::Result<()> {
    let length = std::fs::metadata(log)?.len();
    let line = format!("\n{CUT}\n");
    if length <= 2 * kept + line.len() as u64 {
        return Ok(());
    }
    let (mut end, mut file) = (File::open(log)?, File::options().write(true).open(log)?);
    end.seek(SeekFrom::Start(length - kept))?;
    file.seek(SeekFrom::Start(kept))?;
    file.write_all(line.as_bytes())?;
    // What is read is behind what is written.
    std::io::copy(&mut end.take(kept), &mut file)?;
    let length = file.stream_position()?;
    file.set_len(length)
}

/// Returns whether a line says that lines before it are missing.
pub fn is_cut(line: &str) -> bool {
    line == CUT
}

/// What a program says when the disk is full.
pub const FULL: &str = "No space left on device";

/// Returns the cause of a failure that is unrelated to the command's task: a full disk, or a killed program.
pub fn breakdown(log: &Path) -> Option<String> {
    let file = File::open(log).ok()?;
    let said = lines(BufReader::new(file)).map_while(Result::ok).find_map(|line| breakdown_in(&line));
    // The log itself may be what there was no room for.
    said.or_else(|| disk::is_full(log).then(|| FULL.to_string()))
}

fn breakdown_in(line: &str) -> Option<String> {
    // In a message as JSON, or behind a linker's many arguments. Sources may contain the words too.
    let of_linker = ["/ld: ", "collect2: ", "linking with `"].iter().any(|said| line.contains(said));
    if line.contains(FULL) && (of_linker || line.starts_with('{') && line.contains("(os error 28)")) {
        return Some(FULL.to_string());
    }
    let is_breakdown = line.contains("(signal: 9, SIGKILL: kill)")
        || line.starts_with("error") && line.contains(FULL)
        || line.starts_with("error: the sandbox does not show ");
    is_breakdown.then(|| line.trim().to_string())
}

/// Returns the fault in the output of cargo, rustc or a test program: the first error, without its prefix and with the
/// cause that cargo states last, or the first panic; without either, the last line.
pub fn first_error(text: &str) -> String {
    first_error_of(text.lines().map(str::to_string))
}

/// Does the same for a log, which may not fit into memory.
pub fn first_error_in(log: &Path) -> String {
    match File::open(log) {
        Ok(file) => first_error_of(lines(BufReader::new(file)).map_while(Result::ok)),
        Err(error) => format!("the log cannot be read: {error}"),
    }
}

fn first_error_of(mut lines: impl Iterator<Item = String>) -> String {
    let (mut error, mut cause, mut last) = (None, None, None);
    while let Some(line) = lines.next() {
        if error.is_some() && line.starts_with("error") {
            break;
        } else if error.is_some() && line == "Caused by:" {
            cause = lines.next();
        } else if error.is_none() && line.contains(" panicked at ") && line.ends_with(':') {
            // With newer compilers the message of a panic is on the next line.
            error = Some(format!("{line} {}", lines.next().unwrap_or_default().trim()));
        } else if error.is_none() && line.contains(" is not supported by the following package") {
            // cargo names them in the following lines.
            error = Some(format!("{} {}", line.trim_start_matches("error: "), lines.next().unwrap_or_default().trim()));
        } else if error.is_none() && is_telling(&line) {
            error = Some(whole(line.strip_prefix("error: ").unwrap_or(&line).trim().to_string(), &mut lines));
        } else if !line.trim().is_empty() {
            last = Some(line.trim().to_string());
        }
    }
    match (error, cause) {
        (Some(error), Some(cause)) => format!("{error}: {}", cause.trim()),
        (Some(error), None) => error,
        (None, _) => last.unwrap_or_else(|| "it ended without a message".to_string()),
    }
}

/// Returns an error with the lines after its first if it quotes a text with a line break.
fn whole(mut error: String, lines: &mut impl Iterator<Item = String>) -> String {
    for _ in 0..3 {
        if error.matches('`').count() % 2 == 0 {
            break;
        }
        match lines.next().as_deref().map(str::trim) {
            Some(line) if !line.is_empty() && !line.starts_with("-->") => error = format!("{error} {line}"),
            _ => break,
        }
    }
    error
}

fn is_telling(line: &str) -> bool {
    ["error: ", "error[", "test result: FAILED"].iter().any(|start| line.starts_with(start))
        || line.contains(" panicked at ")
}

/// Returns the lines of a log, each cut at the limit: a test may print endlessly without a line break.
pub fn lines(mut log: impl BufRead) -> impl Iterator<Item = std::io::Result<String>> {
    std::iter::from_fn(move || line(&mut log).transpose())
}

fn line(log: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut any = false;
    loop {
        let buffer = log.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        bytes.extend(part.iter().take(LINE.saturating_sub(bytes.len())));
        let read = end.map_or(buffer.len(), |end| end + 1);
        log.consume(read);
        if end.is_some() {
            break;
        }
    }
    Ok(any.then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_line_without_an_end_only_the_beginning_is_kept() {
        let log = [vec![b'x'; 3 * LINE], b"\nlast".to_vec()].concat();
        let lines: Vec<String> = lines(BufReader::new(&log[..])).map(Result::unwrap).collect();
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [LINE, 4]);
    }

    #[test]
    fn a_log_that_is_too_large_is_read_at_both_ends() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        for (text, kept) in [("", ""), ("abc", "abc"), ("abcdef", "abcdef"), ("abcdefg", "abc\n…\nefg")] {
            std::fs::write(&log, text).unwrap();
            assert_eq!(both_ends(&log, 3).unwrap(), kept);
        }
        assert!(read(&folder.path().join("none")).unwrap_err().to_string().starts_with("cannot read the log "));
    }

    #[test]
    fn a_log_that_is_too_long_keeps_both_ends_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        for again in ["", "more\n"] {
            append(&log, &(String::from("first\n") + &"middle\n".repeat(100_000) + "last\n" + again)).unwrap();
            cut_to(&log, 10_000).unwrap();
            let text = std::fs::read_to_string(&log).unwrap();
            assert_eq!(text.lines().filter(|line| is_cut(line)).count(), 1);
            assert!(text.starts_with("first\nmiddle\n") && text.ends_with(&format!("middle\nlast\n{again}")));
            assert_eq!(text.len(), 20_000 + CUT.len() + 2);
            cut_to(&log, 10_000).unwrap();
            assert_eq!(std::fs::read_to_string(&log).unwrap(), text);
        }
    }

    #[test]
    fn the_middle_of_a_log_takes_no_disk_while_it_is_written() {
        use std::os::unix::fs::MetadataExt;
        // Not every file system below /tmp can give the middle back.
        let folder = tempfile::tempdir_in(std::env::current_exe().unwrap().parent().unwrap()).unwrap();
        let log = folder.path().join("log");
        let (mut file, mut before) = (File::create(&log).unwrap(), 0);
        for _ in 0..64 {
            file.write_all(&[b'x'; 1 << 20]).unwrap();
            free_between(&file, &mut before, 1 << 20);
        }
        file.sync_all().unwrap();
        let taken = file.metadata().unwrap().blocks() * 512;
        assert!(taken < 8 << 20, "{taken}");
        cut_to(&log, 1 << 20).unwrap();
        let text = std::fs::read_to_string(&log).unwrap();
        assert!(text.replace(CUT, "").chars().all(|c| "x\n".contains(c)) && text.lines().count() == 3);
    }

    #[test]
    fn a_full_disk_is_no_fault_of_what_is_built() {
        let message = r#"{"reason":"compiler-message","message":{"rendered":"error: linking with `cc` failed: No space left on device"}}"#;
        assert_eq!(breakdown_in(message).as_deref(), Some(FULL));
        assert_eq!(
            breakdown_in("  = note: /usr/bin/ld: final link failed: No space left on device").as_deref(),
            Some(FULL)
        );
        let error = "error: failed to write `x`: No space left on device (os error 28)";
        assert_eq!(breakdown_in(error).as_deref(), Some(error));
        let message = r#"{"message":{"rendered":"error: failed to write x: No space left on device (os error 28)"}}"#;
        assert_eq!(breakdown_in(message).as_deref(), Some(FULL));
        // A test may print anything, and a message shows a line of source.
        assert_eq!(breakdown_in(r#"{"message":{"rendered":"error\n ENOSPC => \"No space left on device\""}}"#), None);
        assert_eq!(breakdown_in("the test could not build: No space left on device"), None);
        assert_eq!(breakdown_in("test no_space ... No space left on device"), None);
        assert_eq!(breakdown_in("error: could not compile `a`"), None);
    }

    #[test]
    fn the_first_error_is_what_cargo_calls_one() {
        assert_eq!(first_error("   Updating\nerror: no matching package\n\nCaused by:\n"), "no matching package");
        let log = "error: failed to parse\n\nCaused by:\n  x\n\nCaused by:\n  edition 2024\n  is new\nerror: y\n";
        assert_eq!(first_error(log), "failed to parse: edition 2024");
        assert_eq!(first_error("warning: x\nerror[E0658]: unstable\n"), "error[E0658]: unstable");
        assert_eq!(first_error("even\nodd\n\n"), "odd");
        assert_eq!(first_error(""), "it ended without a message");
    }

    #[test]
    fn a_name_with_a_line_break_does_not_cut_the_message() {
        let log = "error: invalid character `\n       ` in package name: `a\n       b`, characters must be x\n --> y\n";
        assert_eq!(first_error(log), "invalid character ` ` in package name: `a b`, characters must be x");
        assert_eq!(first_error("error: unknown start of token: `\n --> x\n"), "unknown start of token: `");
        let log = "error: `x` is bad\n\nCaused by:\n  y\n";
        assert_eq!(first_error(log), "`x` is bad: y");
        assert_eq!(first_error("error: `x` is bad\nCaused by:\n  y\n"), "`x` is bad: y");
    }

    #[test]
    fn the_package_that_is_for_newer_compilers_is_named() {
        let log =
            "error: rustc 1.63.0 is not supported by the following package:\n  hexyl@0.16.0 requires rustc 1.88\n";
        let expected = "rustc 1.63.0 is not supported by the following package: hexyl@0.16.0 requires rustc 1.88";
        assert_eq!(first_error(log), expected);
    }

    #[test]
    fn a_panic_is_told_with_its_reason() {
        let log = "x\nthread 't' (7) panicked at src/lib.rs:2:9:\nthe end\nnote: y\n";
        assert_eq!(first_error(log), "thread 't' (7) panicked at src/lib.rs:2:9: the end");
        let old = "thread 't' panicked at 'the end', src/lib.rs:2:9\nnote: y\ntest result: FAILED. 0 passed\n";
        assert_eq!(first_error(old), "thread 't' panicked at 'the end', src/lib.rs:2:9");
    }

    #[test]
    fn a_log_is_read_as_its_text_is() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        assert!(first_error_in(&log).starts_with("the log cannot be read: "));
        let text =
            "warning: x\nerror: failed to parse manifest\n\nCaused by:\n  edition 2024 is new\n  too\nerror: y\n";
        std::fs::write(&log, text).unwrap();
        assert_eq!(first_error_in(&log), "failed to parse manifest: edition 2024 is new");
        assert_eq!(first_error_in(&log), first_error(text));
    }

    #[test]
    fn only_the_end_of_a_large_log_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "line\n".repeat(10_000) + "last\n").unwrap();
        let text = end_of(&log);
        assert!(text.len() as u64 <= END + 10 && text.ends_with("last\n") && text.starts_with("…\nline\n"));
    }
}
