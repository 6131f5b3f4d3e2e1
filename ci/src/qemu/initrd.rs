// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! An initial root file system for Linux: an archive of cpio's format `newc`, made in memory.

use anyhow::{Context, Result};

const FOLDER: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;
const FILE: u32 = 0o100_600;
/// The bits of a mode that say what kind of file it is, and those of one with content.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

const MAGIC: &[u8] = b"070701";
/// The magic and 13 numbers of eight hexadecimal digits.
const HEADER: usize = 6 + 13 * 8;
const END: &str = "TRAILER!!!";

/// An archive to which files are added.
#[derive(Default)]
pub struct Initrd {
    bytes: Vec<u8>,
    count: u32,
}

impl Initrd {
    pub fn folder(self, name: &str) -> Initrd {
        self.entry(name, FOLDER, &[])
    }

    pub fn program(self, name: &str, content: &[u8]) -> Initrd {
        self.entry(name, PROGRAM, content)
    }

    /// Adds a file that only root reads.
    pub fn file(self, name: &str, content: &[u8]) -> Initrd {
        self.entry(name, FILE, content)
    }

    pub fn finish(self) -> Vec<u8> {
        self.entry(END, 0, &[]).bytes
    }

    fn entry(mut self, name: &str, mode: u32, content: &[u8]) -> Initrd {
        self.count += 1;
        self.bytes.extend(MAGIC);
        // Number, mode, owner, group, links, time, size, two numbers each of the disk and of a device, the length of
        // the name with its zero, and a sum that this format does not have.
        let (size, name_size) = (content.len() as u32, name.len() as u32 + 1);
        for field in [self.count, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name_size, 0] {
            self.bytes.extend(format!("{field:08x}").bytes());
        }
        self.bytes.extend(name.bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend(content);
        self.pad();
        self
    }

    /// Names and contents end at a multiple of four.
    fn pad(&mut self) {
        self.bytes.resize(padded(self.bytes.len()), 0);
    }
}

fn padded(length: usize) -> usize {
    (length + 3) / 4 * 4
}

/// Returns an archive with fewer files: of those with content, only those whose names are wanted.
pub fn reduced(archive: &[u8], is_wanted: impl Fn(&str) -> bool) -> Result<Vec<u8>> {
    let mut rest = archive;
    let mut kept = Vec::new();
    loop {
        let entry = Entry::first_of(rest).context("the initial root file system is not an archive of cpio's newc")?;
        if entry.name == END {
            kept.extend(entry.bytes);
            return Ok(kept);
        }
        if entry.mode & KIND != REGULAR || is_wanted(entry.name) {
            kept.extend(entry.bytes);
        }
        rest = &rest[entry.bytes.len()..];
    }
}

/// A file in an archive.
struct Entry<'a> {
    name: &'a str,
    mode: u32,
    /// With its header and the padding.
    bytes: &'a [u8],
}

impl Entry<'_> {
    /// Returns the first one, unless the archive is damaged.
    fn first_of(archive: &[u8]) -> Option<Entry<'_>> {
        let header = std::str::from_utf8(archive.get(..HEADER)?).ok()?;
        let numbers = header.strip_prefix(std::str::from_utf8(MAGIC).ok()?)?;
        let number = |index: usize| u32::from_str_radix(numbers.get(index * 8..index * 8 + 8)?, 16).ok();
        let (mode, size, name_size) = (number(1)?, number(6)? as usize, number(11)? as usize);
        let name = archive.get(HEADER..HEADER + name_size)?.strip_suffix(&[0])?;
        let length = padded(padded(HEADER + name_size) + size);
        Some(Entry { name: std::str::from_utf8(name).ok()?, mode, bytes: archive.get(..length)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_header_of_hexadecimal_numbers_a_name_and_a_content() {
        let bytes = Initrd::default().file("etc/a", b"hello").finish();
        let text = String::from_utf8(bytes).unwrap();
        let numbers = "00000001000081800000000000000000000000010000000000000005";
        assert!(text.starts_with(&["070701", numbers].concat()), "{text}");
        assert_eq!(&text[110..], &["etc/a\0hello\0\0\0", &text[124..]].concat());
        assert!(text[124..].starts_with("070701") && text.len() % 4 == 0);
    }

    #[test]
    fn what_is_not_wanted_is_left_out_and_folders_stay() {
        let all = Initrd::default().folder("etc").file("etc/a", b"hello").program("etc/b", b"bye").finish();
        let left = reduced(&all, |name| name == "etc/b").unwrap();
        let text = String::from_utf8(left.clone()).unwrap();
        assert!(text.contains("bye") && text.contains(END) && !text.contains("hello"), "{text}");
        assert_eq!(Entry::first_of(&left).unwrap().name, "etc");
        assert_eq!(reduced(&left, |_| true).unwrap(), left);
    }

    #[test]
    fn a_damaged_archive_is_an_error() {
        let all = Initrd::default().file("etc/a", b"hello").finish();
        for length in 0..all.len() {
            assert!(reduced(&all[..length], |_| true).is_err(), "{length}");
        }
    }
}
