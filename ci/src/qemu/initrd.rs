// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! An initial root file system for Linux: an archive of cpio's format `newc`, made in memory.

const FOLDER: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;
const FILE: u32 = 0o100_600;

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
        self.entry("TRAILER!!!", 0, &[]).bytes
    }

    fn entry(mut self, name: &str, mode: u32, content: &[u8]) -> Initrd {
        self.count += 1;
        self.bytes.extend(b"070701");
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
        let end = (self.bytes.len() + 3) / 4 * 4;
        self.bytes.resize(end, 0);
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
}
