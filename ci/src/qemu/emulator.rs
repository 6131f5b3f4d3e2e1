// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A suite's QEMU, started from outside its root file system by that file system's own dynamic loader.
//! Thus it sees the caller's files and can be stopped and signalled like any other program. QEMUs without plugins get
//! the object by the loader's `--preload`, which child processes do not inherit.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{anyhow, bail, ensure, Context, Result};

use crate::cell::rootfs::RootFs;
use crate::cell::workbench::Workbench;
use crate::project::config::{Cell, Config, Qemu};
use crate::project::version::Version;

/// The QEMU of a root file system.
#[derive(Debug, Clone)]
pub struct Emulator {
    /// The cell to which the root belongs.
    pub cell: String,
    pub release: Version,
    pub arch: String,
    root: RootFs,
    loader: PathBuf,
    libraries: Vec<PathBuf>,
    has_plugins: bool,
}

/// An object and its arguments.
#[derive(Debug, Clone, Copy)]
pub struct Plugin<'a> {
    pub object: &'a Path,
    /// Arguments such as `replace=on`, commas between them.
    pub arguments: &'a str,
}

impl<'a> Plugin<'a> {
    /// Returns an object whose devices replace the board's C devices.
    pub fn replacing(object: &'a Path) -> Plugin<'a> {
        Plugin { object, arguments: "replace=on" }
    }
}

/// The QEMUs of the cells that take part in a run, by the names of the cells.
pub struct Emulators(BTreeMap<String, Result<Emulator>>);

impl Emulators {
    /// Returns the QEMUs of some cells, without cells that have none.
    pub fn of<'a>(bench: &Workbench, cells: impl IntoIterator<Item = &'a Cell>) -> Emulators {
        let found = |cell: &Cell| Some((cell.name.clone(), Emulator::of(bench, cell).transpose()?));
        Emulators(cells.into_iter().filter_map(found).collect())
    }

    pub fn get(&self, cell: &Cell) -> Option<&Result<Emulator>> {
        self.0.get(&cell.name)
    }

    /// Returns the QEMUs newer than one of them. A borrowed QEMU counts for its owner.
    pub fn newer(&self, own: &Emulator) -> Vec<&Emulator> {
        let owned = self.0.iter().filter_map(|(cell, found)| found.as_ref().ok().filter(|found| found.cell == *cell));
        owned.filter(|other| other.release > own.release && other.arch == own.arch).collect()
    }
}

impl Emulator {
    /// Returns the QEMU of a cell, or of the cell from which it borrows one.
    pub fn of(bench: &Workbench, cell: &Cell) -> Result<Option<Emulator>> {
        let config = &bench.project.config;
        match config.qemu_cell(cell) {
            Some(owner) => Emulator::find(owner, &bench.roots().ensure(owner)?, config.qemu()?).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the QEMU of a cell as [`Emulator::of`] does, but fails if there is none.
    pub fn required(bench: &Workbench, cell: &Cell) -> Result<Emulator> {
        Emulator::of(bench, cell)?.with_context(|| format!("cell {} has no QEMU: use another", cell.name))
    }

    /// Returns the QEMU in the root of a cell, with its version.
    fn find(cell: &Cell, root: &RootFs, qemu: &Qemu) -> Result<Emulator> {
        let loader = root.resolve(loader_of(cell.arch())?)?;
        let triplet = loader.parent().and_then(Path::file_name).context("the loader has no folder")?;
        let libraries = ["lib", "usr/lib"].iter().map(|lib| root.path().join(lib).join(triplet)).collect();
        let mut emulator = Emulator {
            cell: cell.name.clone(),
            release: qemu.plugins_since.clone(),
            arch: cell.arch().to_string(),
            root: root.clone(),
            loader,
            libraries,
            has_plugins: false,
        };
        let system = emulator
            .systems()
            .into_iter()
            .next()
            .with_context(|| format!("cell {} has no qemu-system: correct [qemu] packages", cell.name))?;
        let output = emulator.command(&system, &[])?.arg("--version").output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        emulator.release = Version::of_qemu(&text)
            .with_context(|| {
                format!(
                    "the QEMU of cell {} does not start ({})",
                    cell.name,
                    String::from_utf8_lossy(&output.stderr).trim()
                )
            })?
            .release();
        emulator.has_plugins = emulator.release >= qemu.plugins_since;
        Ok(emulator)
    }

    /// Returns the architectures that this QEMU emulates, in the order of their names.
    fn systems(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path().join("usr/bin")).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut systems: Vec<String> =
            names.filter_map(|name| Some(name.strip_prefix("qemu-system-")?.to_string())).collect();
        systems.sort();
        systems
    }

    /// Returns the emulator with the boards of this one: a 32-bit QEMU no longer emulates 64-bit guests, so the boards
    /// of `aarch64` are then only in `arm`.
    pub fn with_boards_of<'a>(&self, system: &'a str) -> &'a str {
        let has = |wanted: &str| self.systems().iter().any(|known| known == wanted);
        if system == "aarch64" && !has("aarch64") && has("arm") {
            "arm"
        } else {
            system
        }
    }

    /// Returns the executable file of a system emulator.
    pub fn executable(&self, system: &str) -> Result<PathBuf> {
        let systems = self.systems();
        ensure!(
            systems.iter().any(|s| s == system),
            "cell {} has no qemu-system-{system}: use one of {}",
            self.cell,
            systems.join(", ")
        );
        self.root.resolve(&format!("/usr/bin/qemu-system-{system}"))
    }

    /// Returns an identity that changes when QEMU is upgraded.
    pub fn identity(&self) -> Result<String> {
        self.root.identity()
    }

    /// Returns a library of the root, which programs there name only by its file name.
    pub fn library(&self, name: &str) -> Option<PathBuf> {
        self.libraries.iter().map(|folder| folder.join(name)).find(|path| path.exists())
    }

    /// Returns the command that starts the emulator with some plugins.
    pub fn command(&self, system: &str, plugins: &[Plugin]) -> Result<Command> {
        let executable = self.executable(system)?;
        let mut command = Command::new(&self.loader);
        command.arg("--inhibit-cache").arg("--library-path").arg(joined(&self.libraries));
        if let Some(folder) = self.libraries.iter().map(|l| l.join("qemu")).find(|f| f.is_dir()) {
            command.env("QEMU_MODULE_DIR", folder);
        }
        let mut objects = Vec::new();
        for plugin in plugins {
            let object = plugin.object.canonicalize();
            objects.push(
                object.with_context(|| format!("there is no object {}: correct the path", plugin.object.display()))?,
            );
        }
        if !plugins.is_empty() && !self.has_plugins {
            if let Some(path) = objects.iter().find(|path| path.to_string_lossy().contains([' ', ':'])) {
                bail!("{} cannot be preloaded, since it has spaces or colons: move it to another path", path.display());
            }
            command.arg("--preload").arg(joined(&objects)).env("OLDSTABLE_PLUGIN", preloaded(plugins, &objects));
        }
        command.arg(&executable);
        if self.has_plugins {
            for (plugin, path) in plugins.iter().zip(&objects) {
                let path = path.to_string_lossy().replace(',', ",,");
                command.arg("-plugin").arg([&path, plugin.arguments].join(",").trim_end_matches(','));
            }
        }
        for firmware in ["usr/share/qemu", "usr/share/seabios", "usr/lib/ipxe/qemu"] {
            let folder = self.root.path().join(firmware);
            if folder.is_dir() {
                command.arg("-L").arg(folder);
            }
        }
        Ok(command)
    }

    /// Returns the suite's U-Boot for the virt board of an architecture.
    pub fn uboot(&self, system: &str) -> Result<PathBuf> {
        let board = if system == "aarch64" { "qemu_arm64" } else { "qemu_arm" };
        self.root
            .resolve(&format!("/usr/lib/u-boot/{board}/u-boot.bin"))
            .with_context(|| format!("cell {} has no U-Boot: add u-boot-qemu to [qemu] packages", self.cell))
    }

    /// Returns whether some cell expects this release: the ABI of others has not been checked.
    pub fn is_known(&self, config: &Config) -> bool {
        config.cells.iter().flat_map(|cell| &cell.qemu).any(|expected| expected.covers(&self.release))
    }
}

fn joined(folders: &[PathBuf]) -> OsString {
    let mut all = OsString::new();
    for folder in folders {
        if !all.is_empty() {
            all.push(":");
        }
        all.push(folder);
    }
    all
}

/// Returns the path of the loader that programs of an architecture name.
fn loader_of(arch: &str) -> Result<&'static str> {
    match arch {
        "amd64" => Ok("/lib64/ld-linux-x86-64.so.2"),
        "i386" => Ok("/lib/ld-linux.so.2"),
        "arm64" => Ok("/lib/ld-linux-aarch64.so.1"),
        other => Err(anyhow!("QEMU cannot be started from a root file system of {other}: use amd64, i386 or arm64")),
    }
}

/// Returns the arguments of preloaded plugins; if there are several, each has its own after its object's name.
fn preloaded(plugins: &[Plugin], objects: &[PathBuf]) -> String {
    if let [only] = plugins {
        return only.arguments.to_string();
    }
    let named = |(plugin, object): (&Plugin, &PathBuf)| {
        let name = object.file_name().unwrap_or_default().to_string_lossy();
        [&name, plugin.arguments].join(",").trim_end_matches(',').to_string()
    };
    plugins.iter().zip(objects).map(named).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_objects_are_told_apart_by_their_names() {
        let object = Path::new("libone.so");
        let (one, two) = (Plugin::replacing(object), Plugin { object, arguments: "" });
        let objects = ["/x/libone.so".into(), "/x/libtwo.so".into()];
        assert_eq!(preloaded(&[one], &objects[..1]), "replace=on");
        assert_eq!(preloaded(&[one, two], &objects), "libone.so,replace=on;libtwo.so");
    }
}
