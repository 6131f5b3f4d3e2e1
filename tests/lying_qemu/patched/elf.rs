// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A program that is read and changed: where a function's code lies, and the types that QEMU registers.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A type of QEMU's, and where in the file its `TypeInfo` lies.
pub struct TypeInfo {
    pub name: String,
    /// Nothing where it has none.
    pub parent: String,
    pub at: usize,
}

/// Reads little-endian numbers of an ELF file for 64 or 32 bits.
pub struct Elf(pub Vec<u8>);

impl Elf {
    pub fn number(&self, at: usize, size: usize) -> usize {
        let bytes = self.0[at..at + size].iter().rev();
        bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    /// Returns the place in the file of an address, or `None` if it is not in the file.
    pub fn find(&self, address: usize) -> Option<usize> {
        let (table, size, count) = (self.number(32, 8), self.number(54, 2), self.number(56, 2));
        let segments = (0..count).map(|n| table + n * size);
        let mut holding = segments.filter(|at| self.number(*at, 4) == 1).filter(|at| {
            let start = self.number(at + 16, 8);
            (start..start + self.number(at + 32, 8)).contains(&address)
        });
        holding.next().map(|at| address - self.number(at + 16, 8) + self.number(at + 8, 8))
    }

    pub fn place(&self, address: usize) -> usize {
        self.find(address).expect("a segment")
    }

    /// Returns address and size of an exported function.
    pub fn function(&self, name: &str) -> (usize, usize) {
        let (table, size, count) = (self.number(40, 8), self.number(58, 2), self.number(60, 2));
        let sections = (0..count).map(|n| table + n * size);
        let at = sections.clone().find(|at| self.number(at + 4, 4) == 11).expect(".dynsym");
        let strings = table + size * self.number(at + 40, 4);
        let strings = self.number(strings + 24, 8);
        let symbols = self.number(at + 24, 8);
        let wanted = format!("{}\0", name);
        let symbol = (0..self.number(at + 32, 8) / 24)
            .map(|n| symbols + 24 * n)
            .find(|symbol| self.0[strings + self.number(*symbol, 4)..].starts_with(wanted.as_bytes()))
            .expect("the symbol");
        (self.number(symbol + 8, 8), self.number(symbol + 16, 8))
    }

    /// Returns the places of the program's pointers, and their targets, from its relative relocations.
    pub fn pointers(&self) -> HashMap<usize, usize> {
        const RELA: usize = 4;
        const RELATIVE: usize = 8;
        let (table, size, count) = (self.number(40, 8), self.number(58, 2), self.number(60, 2));
        let sections = (0..count).map(|n| table + n * size).filter(|at| self.number(at + 4, 4) == RELA);
        let entries = sections.flat_map(|at| {
            let start = self.number(at + 24, 8);
            (start..start + self.number(at + 32, 8)).step_by(24)
        });
        let relative = entries.filter(|at| self.number(at + 8, 8) == RELATIVE);
        relative.map(|at| (self.number(at, 8), self.number(at + 16, 8))).collect()
    }

    /// A text that is no longer than the name of a type.
    pub fn text(&self, address: usize) -> Option<&str> {
        let bytes = self.0[self.find(address)?..].get(..64)?;
        let length = bytes.iter().position(|byte| *byte == 0)?;
        std::str::from_utf8(&bytes[..length]).ok()
    }

    /// The types that are registered from a constant: what looks like a type's name and that of its parent.
    pub fn type_infos(&self) -> Vec<TypeInfo> {
        let pointers = self.pointers();
        let name = |text: &usize| {
            let text = self.text(*text)?;
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,:+".contains(&byte);
            if !text.is_empty() && text.bytes().all(known) {
                Some(text.to_owned())
            } else {
                None
            }
        };
        let info = |(at, text): (&usize, &usize)| {
            let parent = pointers.get(&(at + 8)).map_or(Some(String::new()), name)?;
            // The sizes of instances, and that of the class: no pointers.
            if [16, 24, 64].iter().any(|number| pointers.contains_key(&(at + number))) {
                return None;
            }
            Some(TypeInfo { name: name(text)?, parent, at: self.find(*at)? })
        };
        pointers.iter().filter_map(info).collect()
    }

    pub fn put(&mut self, at: usize, number: u64) {
        self.0[at..at + 8].copy_from_slice(&number.to_le_bytes());
    }

    /// Writes a copy, with other numbers in some places, into a file.
    pub fn save_with(&self, numbers: &[(usize, u64)], file: &Path) {
        let mut copy = Elf(self.0.clone());
        numbers.iter().for_each(|(at, number)| copy.put(*at, *number));
        copy.save(file)
    }

    /// Writes the program into a file.
    pub fn save(&self, file: &Path) {
        fs::write(file, &self.0).expect("a copy");
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("a program");
    }
}
