// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! msrv.toml, the project's configuration, which is read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail, ensure, Context, Result};
use serde::Deserialize;

use crate::host::process;
use crate::project::architecture;
use crate::project::keyring;
use crate::project::packaging::Debs;
use crate::project::version::Version;
use crate::project::workspace;

/// The file that every command looks for in this folder and those above.
pub const FILE: &str = "msrv.toml";

/// The whole of msrv.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    pub floor: Version,
    /// The oldest compilers of packages with a different floor.
    #[serde(default)]
    pub floors: BTreeMap<String, Version>,
    /// Address of a Debian mirror for every suite, in place of the machine's own.
    pub mirror: Option<String>,
    /// A day such as 2026-11-01, whose state of the suites is used, so that a matrix stays the same.
    pub date: Option<String>,
    /// The address of the snapshots: a folder with `debian/` and `debian-security/`, each with a folder for each time.
    pub snapshot: Option<String>,
    /// The address of the suites that Debian no longer supports; by default `debian-archive` on the mirror.
    pub archive: Option<String>,
    /// Sets of features, each a comma-separated list. If empty, only the packages' defaults are used.
    #[serde(default)]
    pub features: Vec<String>,
    /// Folders of the workspaces that are tested on the host.
    #[serde(default = "this_workspace")]
    pub host: Vec<PathBuf>,
    /// Whether `features` may name features that no package has.
    #[serde(default)]
    pub allow_unknown_features: bool,
    /// Names of environment variables that the cells' programs inherit from this program.
    #[serde(default)]
    pub pass_env: Vec<String>,
    /// How many minutes each command of a step may take.
    #[serde(default = "process::default_timeout")]
    pub timeout: u64,
    /// Names of tests that a cross-built cell leaves out, since they start its compiler or programs that it has built.
    #[serde(default)]
    pub native_tests: Vec<String>,
    /// The arguments of `cargo install` in the jobs of a continuous integration service, such as `--git ADDRESS`; by
    /// default the registry's newest version is installed.
    pub install: Option<String>,
    #[serde(default)]
    pub suites: BTreeMap<String, Suite>,
    pub qemu: Option<Qemu>,
    pub debs: Option<Debs>,
    #[serde(default, rename = "target")]
    pub targets: Vec<Target>,
    #[serde(rename = "cell")]
    pub cells: Vec<Cell>,
}

/// The mirror of one suite, if it differs from that of the others.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Suite {
    pub mirror: Option<String>,
    pub security_mirror: Option<String>,
    /// A file with the keys that sign the suite's lists, in place of Debian's; a path from the folder of msrv.toml.
    pub keyring: Option<PathBuf>,
    /// Whether the mirror no longer updates the suite: the expiry date of its lists is ignored.
    #[serde(default)]
    pub closed: bool,
}

/// Settings that the cells with a QEMU share. Without the section, all have their defaults.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Qemu {
    pub packages: Vec<String>,
    /// The example that is built as a shared object; by default the library, or the only example of that kind.
    pub example: Option<String>,
    /// The QOM types that replace a board's serial port; a board gets at least one. Empty if the object replaces none.
    pub types: Vec<String>,
    /// The first release that loads the object by `-plugin`.
    pub plugins_since: Version,
    /// By default each example of that kind in `tests/`.
    pub harness: Vec<Harness>,
    pub guests: Option<Guests>,
    pub pci: Option<Pci>,
}

impl Default for Qemu {
    fn default() -> Qemu {
        let packages = ["qemu-system-arm", "qemu-system-data", "ipxe-qemu", "u-boot-qemu"];
        Qemu {
            packages: packages.iter().map(|name| name.to_string()).collect(),
            example: None,
            types: Vec::new(),
            // Debian builds QEMU with plugins from this release on.
            plugins_since: Version::release_of(7, 2),
            harness: Vec::new(),
            guests: None,
            pci: None,
        }
    }
}

/// Firmware and kernels that run in the QEMUs of all cells.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Guests {
    pub suite: String,
    pub archives: Vec<Archive>,
    /// They are unpacked, not installed, whatever their architecture.
    pub packages: Vec<String>,
    /// Patterns of files that no guest needs.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// A PCI device for Debian's kernel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pci {
    /// The example that is built as a shared object.
    pub example: String,
    /// Its name for `-device`.
    pub device: String,
    /// The class, vendor and device that the guest's `lspci -n` prints for it.
    pub lspci: String,
}

/// Tests that are built as a shared object and run inside QEMU.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Harness {
    /// The example that is built as a shared object.
    pub example: String,
    /// The architecture that is emulated.
    pub system: String,
    /// The arguments of `-M`, with one run for each.
    pub machines: Vec<String>,
}

/// A target for which packages are only checked, since its programs do not run here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// rustc's name for it.
    pub name: String,
    /// Names of the cells whose compilers are used.
    pub cells: Vec<String>,
    /// The packages to check; by default all.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Sets of features; by default the project's.
    pub features: Option<Vec<String>>,
}

/// One column of compilers: a Debian suite's, rustup's, or the one on PATH.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cell {
    pub name: String,
    pub suite: Option<String>,
    #[serde(default)]
    pub archives: Vec<Archive>,
    pub arch: Option<String>,
    /// Whether the compiler is of this machine's architecture, and builds for `arch`.
    #[serde(default)]
    pub cross: bool,
    #[serde(default)]
    pub packages: Vec<String>,
    /// Name of a rustup toolchain.
    pub rustup: Option<String>,
    /// Whether the compiler is the one on PATH.
    #[serde(default)]
    pub path: bool,
    /// The expected rustc, as far as it is given.
    pub rustc: Option<Version>,
    /// The expected QEMU in this cell's own root file system.
    pub qemu: Option<Version>,
    /// Another cell whose QEMU this one uses.
    pub qemu_of: Option<String>,
    /// Whether programs in a suite's cell have this machine's network instead of only a loopback.
    #[serde(default)]
    pub net: bool,
    #[serde(default)]
    pub ci: bool,
    /// Whether clippy runs, with all warnings as errors.
    #[serde(default)]
    pub clippy: bool,
    /// How many minutes each command of a step may take here, in place of the project's.
    pub timeout: Option<u64>,
    /// The folder of another workspace that this cell builds instead of the project's.
    pub workspace: Option<PathBuf>,
    /// Environment variables of its builds and tests, which the table names.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Test programs of the project's own package that start the QEMU of this cell's root file system.
    #[serde(default)]
    pub qemu_tests: Vec<String>,
    /// Columns that it leaves out unless `--step` asks for them.
    #[serde(default)]
    pub without: Vec<String>,
    /// Patterns of files to unpack without installing the packages. By default the packages are installed.
    #[serde(skip)]
    pub unpacked_but: Option<Vec<String>>,
    /// A lock file for a part of the workspace, instead of the cell's.
    #[serde(skip)]
    pub lock: Option<PathBuf>,
}

impl Guests {
    fn cell(&self) -> Cell {
        Cell {
            name: "guests".to_string(),
            suite: Some(self.suite.clone()),
            archives: self.archives.clone(),
            packages: self.packages.clone(),
            unpacked_but: Some(self.exclude.clone()),
            ..Cell::default()
        }
    }
}

/// One of the archives that make up a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Archive {
    Main,
    Updates,
    Security,
    Backports,
}

/// Returns the first and the last line of toml_edit's message, the place and the fault, without the drawing between
/// them.
fn one_line(message: &str) -> String {
    let mut lines = message.trim().lines();
    let first = lines.next().unwrap_or("");
    let place = first.strip_prefix("TOML parse error at ").unwrap_or(first);
    match lines.last() {
        // A missing key has no place.
        Some(fault) if fault.starts_with("missing field") => format!("{fault}: add it"),
        Some(fault) => format!("{place}: {fault}"),
        None => place.to_string(),
    }
}

fn this_workspace() -> Vec<PathBuf> {
    vec![PathBuf::from(".")]
}

impl Config {
    /// Reads and checks a msrv.toml.
    pub fn read(path: &Path) -> Result<Config> {
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => anyhow!("{} is not text: write it in UTF-8", path.display()),
            _ => anyhow!("cannot read {}: {error}", path.display()),
        })?;
        let mut config = Config::parse(&text).with_context(|| format!("{} needs a correction", path.display()))?;
        for keyring in config.suites.values_mut().filter_map(|suite| suite.keyring.as_mut()) {
            *keyring = keyring::find(keyring, path)?;
        }
        Ok(config)
    }

    /// Checks the text of a msrv.toml.
    pub fn parse(text: &str) -> Result<Config> {
        let mut config: Config = toml_edit::de::from_str(text).map_err(|e| anyhow!("{}", one_line(&e.to_string())))?;
        config.check()?;
        if config.cells.iter().any(|cell| cell.qemu.is_some()) {
            config.qemu.get_or_insert_with(Qemu::default);
        }
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        ensure!(self.timeout > 0, "timeout = 0 lets nothing run: give the minutes that a command may take");
        ensure!(!self.cells.is_empty(), "it has no [[cell]]: add one with a name and a suite");
        for (i, cell) in self.cells.iter().enumerate() {
            let name = &cell.name;
            ensure!(
                name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && workspace::is_free(name),
                "the cell name \"{name}\" may only have letters, digits, '-', '_' and '.', and must not begin with '.' or \
                    be a folder of results: rename it"
            );
            ensure!(!self.cells[..i].iter().any(|c| c.name == *name), "two cells are named {name}: rename one of them");
            let kinds = [cell.suite.is_some(), cell.rustup.is_some(), cell.path];
            ensure!(
                kinds.iter().filter(|k| **k).count() == 1,
                "cell {name} must have exactly one of `suite`, `rustup` and `path = true`"
            );
            if let Some(unknown) = cell.arch.as_deref().filter(|arch| architecture::find(arch).is_none()) {
                bail!(
                    "cell {name} has arch = \"{unknown}\", which Debian does not release: use one of {}",
                    architecture::names().join(", ")
                );
            }
            let has_rustc = cell.packages.iter().any(|package| package.starts_with("rustc"));
            ensure!(
                !cell.cross || cell.suite.is_some() && cell.arch.is_some() && has_rustc,
                "cell {name} has cross = true, which needs a suite, the `arch` to build for, and among the packages a \
                    rustc, with which its std for `arch` goes"
            );
            if cell.suite.is_some() {
                ensure!(
                    !cell.packages.is_empty(),
                    "cell {name} names no packages: add packages = [\"rustc\", \"cargo\"]"
                );
                ensure!(
                    !cell.archives.contains(&Archive::Backports) || cell.archives.contains(&Archive::Main),
                    "cell {name} has the archive backports without main: add \"main\" to its archives"
                );
            } else {
                ensure!(!cell.net, "cell {name} always has the network: `net` is only for cells with a suite");
                ensure!(cell.qemu.is_none(), "cell {name} has no root file system for a QEMU of its own: use qemu-of");
            }
            ensure!(
                cell.timeout != Some(0),
                "cell {name} has timeout = 0, which lets nothing run: give the minutes that a command may take"
            );
            ensure!(
                cell.workspace.is_none() || cell.qemu.is_none() && cell.qemu_of.is_none(),
                "cell {name} builds another workspace, which has no object for a QEMU: remove `qemu` and `qemu-of`"
            );
            ensure!(
                cell.qemu_tests.is_empty() || cell.qemu.is_some(),
                "cell {name} has qemu-tests and no QEMU of its own: give it a `qemu`"
            );
            if let Some(other) = &cell.qemu_of {
                ensure!(
                    self.cells.iter().any(|c| c.name == *other && c.qemu.is_some()),
                    "cell {name} has qemu-of = \"{other}\", which is not a cell with a qemu: name one that has a qemu"
                );
            }
        }
        for (target, name) in self.targets.iter().flat_map(|t| t.cells.iter().map(move |name| (t, name))) {
            ensure!(
                self.cells.iter().any(|c| c.name == *name),
                "target {} names the cell {name}, which does not exist: name one of the cells",
                target.name
            );
        }
        for name in self.debs.iter().flat_map(|debs| &debs.cells) {
            ensure!(
                self.cells.iter().any(|c| c.name == *name && c.suite.is_some()),
                "[debs] names {name}, which is not a cell with a suite: name one that is"
            );
        }
        Ok(())
    }

    /// Returns the cell of that name, or an error that lists the known ones.
    pub fn cell(&self, name: &str) -> Result<&Cell> {
        self.cells.iter().find(|c| c.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.cells.iter().map(|c| c.name.as_str()).collect();
            anyhow!("there is no cell \"{name}\": use one of {}", known.join(", "))
        })
    }

    /// Returns the cells of those names in the file's order, or all if no name is given.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Cell>> {
        for name in names {
            self.cell(name)?;
        }
        Ok(self.cells.iter().filter(|c| names.is_empty() || names.contains(&c.name)).collect())
    }

    /// Returns the targets that a cell's compiler checks.
    pub fn targets_of<'a>(&'a self, cell: &'a Cell) -> impl Iterator<Item = &'a Target> {
        self.targets.iter().filter(move |target| target.cells.contains(&cell.name))
    }

    /// Returns the cell whose root file system has the QEMU that this cell uses.
    pub fn qemu_cell(&self, cell: &Cell) -> Option<&Cell> {
        match &cell.qemu_of {
            Some(other) => self.cells.iter().find(|c| c.name == *other),
            None => self.cells.iter().find(|c| c.name == cell.name && c.qemu.is_some()),
        }
    }

    /// Returns the configuration of the guests' root file system, if there are guests.
    pub fn guests(&self) -> Option<Cell> {
        self.qemu.as_ref()?.guests.as_ref().map(Guests::cell)
    }

    /// Returns the section `[qemu]`, or an error that tells what to add.
    pub fn qemu(&self) -> Result<&Qemu> {
        self.qemu.as_ref().ok_or_else(|| anyhow!("{FILE} has no [qemu] section: this command needs one"))
    }
}

impl Cell {
    /// Returns the Debian architecture, by default the machine's own.
    pub fn arch(&self) -> &str {
        self.arch.as_deref().unwrap_or(architecture::own())
    }

    /// Returns the archives to use, by default all that every suite has.
    pub fn archives(&self) -> &[Archive] {
        match self.archives.is_empty() {
            true => &[Archive::Main, Archive::Updates, Archive::Security],
            false => &self.archives,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "floor = \"1.48.0\"\n[[cell]]\nname = \"a\"\nsuite = \"s\"\npackages = [\"rustc\"]\n";

    fn error(text: &str) -> String {
        format!("{:#}", Config::parse(text).unwrap_err())
    }

    #[test]
    fn five_lines_are_enough() {
        let config = Config::parse(SMALL).unwrap();
        assert_eq!(config.cells[0].archives().len(), 3);
        assert_eq!(config.host, [PathBuf::from(".")]);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let message = error(&SMALL.replace("suite", "siute"));
        assert!(message.starts_with("line 4, column 1: unknown field `siute`, expected one of"), "{message}");
        assert_eq!(message.lines().count(), 1);
        assert_eq!(error(&SMALL.replace("floor = \"1.48.0\"", "")), "missing field `floor`: add it");
        assert!(error("floor = \"1").starts_with("line 1, column 11: "), "{}", error("floor = \"1"));
    }

    #[test]
    fn a_file_that_is_no_text_is_said_to_be_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, b"\xff\xfe").unwrap();
        assert!(Config::read(&file).unwrap_err().to_string().ends_with("is not text: write it in UTF-8"));
    }

    #[test]
    fn an_unknown_cell_is_answered_with_the_known_ones() {
        let message = Config::parse(SMALL).unwrap().cell("b").unwrap_err().to_string();
        assert_eq!(message, "there is no cell \"b\": use one of a");
    }

    #[test]
    fn a_cell_needs_one_source_of_its_compiler() {
        assert!(error(&format!("{SMALL}rustup = \"stable\"\n")).contains("exactly one of"));
    }

    #[test]
    fn only_a_suites_cell_is_given_the_network() {
        assert!(Config::parse(&format!("{SMALL}net = true\n")).unwrap().cells[0].net);
        let text = "floor = \"1.48\"\n[[cell]]\nname = \"a\"\npath = true\nnet = true\n";
        assert!(error(text).contains("`net` is only for cells with a suite"), "{}", error(text));
    }

    #[test]
    fn a_name_that_is_a_path_is_refused() {
        let message = |name: &str| error(&SMALL.replace("\"a\"", &format!("{name:?}")));
        assert!(["../a", "..", ".", "logs", "a\nb", ""].iter().all(|name| message(name).ends_with("rename it")));
    }

    #[test]
    fn an_architecture_has_debians_name() {
        assert_eq!(Config::parse(&format!("{SMALL}arch = \"s390x\"\n")).unwrap().cells[0].arch(), "s390x");
        assert!(error(&format!("{SMALL}cross = true\n")).contains("needs a suite, the `arch` to build for"));
        let only_cargo = SMALL.replace("\"rustc\"", "\"cargo\"") + "arch = \"s390x\"\ncross = true\n";
        assert!(error(&only_cargo).contains("among the packages a rustc"));
        let message = error(&format!("{SMALL}arch = \"aarch64\"\n"));
        assert!(message.contains("cell a has arch = \"aarch64\"") && message.contains("arm64"), "{message}");
    }

    #[test]
    fn what_needs_a_qemu_is_refused_without_one() {
        assert!(error(&format!("{SMALL}qemu-tests = [\"x\"]\n")).contains("give it a `qemu`"));
        let text = SMALL.replace(
            "[[cell]]",
            "[qemu]\npackages = []\nexample = \"e\"\ntypes = []\nplugins-since = \"7.2\"\n[[cell]]",
        );
        assert!(error(&format!("{text}workspace = \"ci\"\nqemu = \"5.2\"\n")).contains("remove `qemu`"));
    }

    #[test]
    fn qemu_of_must_name_a_cell_with_a_qemu() {
        let text = format!("{SMALL}[[cell]]\nname = \"b\"\nrustup = \"stable\"\nqemu-of = \"a\"\n");
        assert!(error(&text).contains("not a cell with a qemu"));
    }
}
