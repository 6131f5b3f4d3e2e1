// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable new`: a crate with a device for QEMU, its tests, and the cells that it is tested in.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use clap::{Args, ValueEnum};
use toml_edit::{Document, Item};

use crate::cell::workbench::Workbench;
use crate::host::{output, progress};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The name of the crate, of its folder, and of the device.
    #[arg(value_name = "NAME")]
    name: String,
    /// The bus of the device.
    #[arg(long, value_enum, default_value_t = Bus::Sysbus)]
    bus: Bus,
    /// Use the bindings in this folder, instead of the registry's: a clone, or the package with that of
    /// oldstable-compat beside it.
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Bus {
    /// An address in the board's memory.
    Sysbus,
    Pci,
    I2c,
    None,
}

impl Bus {
    /// The device and its tests.
    fn sources(self) -> (&'static str, &'static str) {
        match self {
            Bus::Sysbus => (include_str!("new/sysbus.rs.in"), include_str!("new/sysbus-tests.rs.in")),
            Bus::Pci => (include_str!("new/pci.rs.in"), include_str!("new/pci-tests.rs.in")),
            Bus::I2c => (include_str!("new/i2c.rs.in"), include_str!("new/i2c-tests.rs.in")),
            Bus::None => (include_str!("new/none.rs.in"), include_str!("new/none-tests.rs.in")),
        }
    }

    /// Returns the machine with the bus that the tests need, if any.
    fn machine(self) -> Option<&'static str> {
        match self {
            Bus::Sysbus | Bus::None => None,
            Bus::Pci => Some("virt"),
            Bus::I2c => Some("realview-eb"),
        }
    }

    /// Returns the arguments of `cargo oldstable run` for a device of that name.
    fn run(self, name: &str) -> String {
        match self {
            Bus::Sysbus => "--plugin-arg address=0x0c000000 -- -M virt -nographic".to_string(),
            Bus::Pci | Bus::None => format!("-- -M virt -nographic -device {name}"),
            Bus::I2c => format!("-- -M realview-eb -nographic -device {name},address=0x48"),
        }
    }
}

/// Writes the crate into a folder with its name.
pub fn run(arguments: &Arguments, mirror: Option<String>) -> Result<i32> {
    let folder = env::current_dir().context("the working folder does not exist any more: change to another one")?;
    let folder = folder.join(&arguments.name);
    for (file, text) in files(arguments)? {
        let path = folder.join(file);
        ensure!(!path.exists(), "{} exists already: choose another name, or remove it first", path.display());
        let parent = path.parent().context("a file has a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("cannot write {}", parent.display()))?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    env::set_current_dir(&folder)?;
    if let Err(error) = write_lock(mirror) {
        let later = match &arguments.path {
            Some(_) => "the first build writes one",
            None => "the first build writes one, if it finds the bindings; `new --path` uses those of a clone",
        };
        progress::note(&format!("there is no Cargo.lock yet ({error:#}): {later}"));
    }
    output::line(format!("{}: edit src/lib.rs, and run `cargo oldstable test` there", folder.display()));
    Ok(0)
}

/// Writes the lock file of the project in the working folder.
fn write_lock(mirror: Option<String>) -> Result<()> {
    let bench = Workbench::open(mirror)?;
    let cell = bench.project.config.cells.first().context("the template has cells")?;
    bench.write_missing_lock(cell, &bench.project.packages()?)
}

/// Returns the files and their contents.
fn files(arguments: &Arguments) -> Result<Vec<(&'static str, String)>> {
    let (name, bus) = (&arguments.name, arguments.bus);
    let is_lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    ensure!(
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_lower),
        "\"{name}\" is not a valid name of a device: use lower-case letters, digits and '-'"
    );
    let (source, patch) = match &arguments.path {
        None => ("version = \"0.1\"".to_string(), String::new()),
        Some(path) => {
            let bindings = Bindings::at(path)?;
            (format!("path = {}", quoted(&bindings.folder)?), bindings.patch()?)
        }
    };
    let machine = match bus.machine() {
        None => String::new(),
        Some(machine) => format!(
            "\n# The machine for the tests, as the first words after -M.\n[[qemu.harness]]\nexample = \"in_qemu\"\n\
             system = \"aarch64\"\nmachines = [\"{machine} -nic none -qmp \
             tcp:127.0.0.1:0,server=on,wait=off\"]\n"
        ),
    };
    let filled = |template: &str| {
        let values = [
            ("@NAME@", name.as_str()),
            ("@CRATE@", &name.replace('-', "_")),
            ("@CLASS@", &class(name)),
            ("@SOURCE@", &source),
            ("@PATCH@", &patch),
            ("@MACHINE@", &machine),
            ("@RUN@", &bus.run(name)),
        ];
        values.iter().fold(template.to_string(), |text, (key, value)| text.replace(key, value))
    };
    let (device, tests) = bus.sources();
    let templates = [
        ("Cargo.toml", include_str!("new/manifest.toml")),
        (".cargo/config.toml", include_str!("new/cargo-config.toml")),
        (".gitignore", "/target\n"),
        ("msrv.toml", include_str!("new/msrv.toml")),
        ("README.md", include_str!("new/readme.md.in")),
        ("src/lib.rs", device),
        ("tests/in_qemu.rs", tests),
    ];
    Ok(templates.iter().map(|(file, template)| (*file, filled(template))).collect())
}

/// The bindings in a folder, from a clone or a package.
struct Bindings {
    /// Its absolute path.
    folder: PathBuf,
    /// The folder of the compat that they need, unless their manifest names it.
    compat: Option<PathBuf>,
}

impl Bindings {
    fn at(path: &Path) -> Result<Bindings> {
        let manifest = path.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
        let manifest: Document = text.parse().with_context(|| format!("{} is not understood", manifest.display()))?;
        let package = |key: &str| manifest.get("package")?.get(key)?.as_str();
        ensure!(package("name") == Some("oldstable"), "{} is not the crate oldstable: give its folder", path.display());
        let folder = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
        let says = |compat: &Item| compat.get("path").is_some();
        let compat = match manifest.get("dependencies").and_then(|all| all.get(COMPAT)).map_or(true, says) {
            true => None,
            false => beside(&folder, package("version").unwrap_or_default()),
        };
        Ok(Bindings { folder, compat })
    }

    /// Returns the lines of a manifest by which compat is found.
    fn patch(&self) -> Result<String> {
        match &self.compat {
            None => Ok(String::new()),
            Some(compat) => Ok(format!("\n[patch.crates-io]\n{COMPAT} = {{ path = {} }}\n", quoted(compat)?)),
        }
    }
}

/// Returns the package that the bindings need.
const COMPAT: &str = "oldstable-compat";

/// Returns the folder of compat beside that of the packaged bindings, with or without its version in the name.
fn beside(bindings: &Path, version: &str) -> Option<PathBuf> {
    let folders = [COMPAT.to_string(), format!("{COMPAT}-{version}")];
    let folders = folders.iter().map(|name| bindings.with_file_name(name));
    folders.into_iter().find(|folder| folder.join("Cargo.toml").is_file())
}

fn quoted(path: &Path) -> Result<String> {
    let text = path.to_str().with_context(|| format!("{} is not UTF-8: move it", path.display()))?;
    Ok(toml_edit::value(text).to_string().trim().to_string())
}

/// Returns a name in the style of Rust's types.
fn class(name: &str) -> String {
    let words = name.split(['-', '_']).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::config::Config;

    fn arguments(name: &str, bus: Bus) -> Arguments {
        Arguments { name: name.to_string(), bus, path: None }
    }

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        for bus in [Bus::Sysbus, Bus::Pci, Bus::I2c, Bus::None] {
            for (file, text) in files(&arguments("mile-counter", bus)).unwrap() {
                assert!(!text.contains('@'), "{file}: {text}");
                if file == "msrv.toml" {
                    assert_eq!(Config::parse(&text).unwrap().cells.len(), 4);
                }
            }
        }
    }

    #[test]
    fn names_that_are_none_are_refused() {
        assert_eq!(class("mile-counter"), "MileCounter");
        for name in ["", "Odometer", "../x", "1st", "a b"] {
            assert!(files(&arguments(name, Bus::None)).is_err(), "{name}");
        }
    }
}
