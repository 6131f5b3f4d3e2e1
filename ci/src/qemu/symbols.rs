// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Symbols that an object needs and a QEMU lacks, as `nm -D` shows them, read from the files.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{anyhow, Context, Result};
use object::read::elf::{ElfFile32, ElfFile64, FileHeader};
use object::{elf, Endianness, FileKind, Object, ObjectSymbol};

use super::emulator::Emulator;

/// The dynamic symbols of one file.
struct Dynamic {
    needed_libraries: Vec<String>,
    undefined: Vec<String>,
    defined: HashSet<String>,
}

/// Returns the symbols that `object` needs and that neither the emulator nor its libraries have.
pub fn lacking(object: &Path, emulator: &Emulator, system: &str) -> Result<Vec<String>> {
    let plugin = dynamic(object)?;
    let executable = dynamic(&emulator.executable(system)?)?;
    let mut available = executable.defined;
    for name in plugin.needed_libraries.iter().chain(&executable.needed_libraries) {
        if let Some(library) = emulator.library(name) {
            available.extend(dynamic(&library)?.defined);
        }
    }
    Ok(plugin.undefined.into_iter().filter(|name| !available.contains(name)).collect())
}

fn dynamic(path: &Path) -> Result<Dynamic> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let parsed = match FileKind::parse(&*bytes) {
        Ok(FileKind::Elf64) => ElfFile64::<Endianness>::parse(&*bytes).map_err(|e| e.into()).and_then(|f| read(&f)),
        Ok(FileKind::Elf32) => ElfFile32::<Endianness>::parse(&*bytes).map_err(|e| e.into()).and_then(|f| read(&f)),
        _ => Err(anyhow!("it is not a shared object")),
    };
    parsed.with_context(|| format!("cannot read the symbols of {}", path.display()))
}

fn read<'a, E: FileHeader<Endian = Endianness>>(file: &object::read::elf::ElfFile<'a, E>) -> Result<Dynamic> {
    let mut undefined = Vec::new();
    let mut defined = HashSet::new();
    for symbol in file.dynamic_symbols() {
        let name = symbol.name()?.to_string();
        // Not `is_definition`: the C library selects some functions at load time, which `object` does not regard as
        // functions.
        if !symbol.is_undefined() {
            defined.insert(name);
        } else if !symbol.is_weak() && !name.is_empty() {
            undefined.push(name);
        }
    }
    Ok(Dynamic { needed_libraries: needed(file)?, undefined, defined })
}

fn needed<'a, E: FileHeader<Endian = Endianness>>(file: &object::read::elf::ElfFile<'a, E>) -> Result<Vec<String>> {
    use object::read::elf::Dyn;
    let endian = file.endian();
    let sections = file.raw_header().sections(endian, file.data())?;
    let mut names = Vec::new();
    if let Some((entries, link)) = sections.dynamic(endian, file.data())? {
        let strings = sections.strings(endian, file.data(), link)?;
        for entry in entries {
            if entry.tag32(endian) == Some(elf::DT_NEEDED) {
                let name = entry.string(endian, strings)?;
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_needs_its_c_library() {
        let own = dynamic(&std::env::current_exe().unwrap()).unwrap();
        assert!(own.needed_libraries.iter().any(|name| name.starts_with("libc.so")), "{:?}", own.needed_libraries);
        assert!(own.undefined.iter().any(|name| name == "malloc"));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let message =
            format!("{:#}", dynamic(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))).err().unwrap());
        assert!(message.contains("is not a shared object"), "{message}");
    }
}
