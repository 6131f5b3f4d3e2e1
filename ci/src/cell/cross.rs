// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cells that build for another architecture than that of their compiler.
//! Their root file system is of this machine's architecture, so that the compiler runs at full speed. The suite's
//! cross linker, and its std and C library for the other architecture, are in it too, and a QEMU that runs the
//! programs: the kernel needs no handler for them.

use anyhow::{Context, Result};

use crate::cell::compiler::Variable;
use crate::cell::rootfs::RootFs;
use crate::project::architecture::{self, Architecture};
use crate::project::config::Cell;

/// Returns the architecture for which a cell builds, if that is not its compiler's.
pub fn target(cell: &Cell) -> Option<&'static Architecture> {
    let arch = cell.arch.as_deref().filter(|arch| cell.cross && *arch != architecture::own())?;
    architecture::find(arch)
}

/// Returns the architecture of a cell's compiler.
pub fn root_arch(cell: &Cell) -> &str {
    target(cell).map_or_else(|| cell.arch(), |_| architecture::own())
}

/// Returns the packages that a cell needs besides its own in order to build for another architecture.
pub fn packages(cell: &Cell) -> Vec<String> {
    let arch = match target(cell) {
        Some(arch) => arch,
        None => return Vec::new(),
    };
    // libstd-rust-dev goes with rustc, libstd-rust-web-dev with rustc-web; `rustc:amd64` names the compiler's own.
    let names = cell.packages.iter().map(|package| package.split(':').next().unwrap_or(package));
    let compilers = names.filter_map(|name| name.strip_prefix("rustc"));
    let mut packages: Vec<String> = compilers.map(|kind| format!("libstd-rust{kind}-dev:{}", arch.debian)).collect();
    packages.extend([format!("gcc-{}", arch.gnu.replace('_', "-")), format!("libc6-dev:{}", arch.debian)]);
    if !architecture::is_native(arch.debian) {
        packages.push("qemu-user".to_string());
    }
    packages
}

/// Returns the name of one of QEMU's packages for a cell: the emulators load what the cell builds, and the rest is data.
pub fn qemu_package(cell: &Cell, package: &str) -> String {
    match target(cell) {
        Some(arch) if package.starts_with("qemu-system-") && package != "qemu-system-data" => {
            format!("{package}:{}", arch.debian)
        }
        _ => package.to_string(),
    }
}

/// Returns the variables by which cargo builds for the cell's architecture, and runs what it has built.
pub fn environment(cell: &Cell, root: &RootFs) -> Result<Vec<Variable>> {
    let arch = match target(cell) {
        Some(arch) => arch,
        None => return Ok(Vec::new()),
    };
    let of_target = |what: &str| format!("CARGO_TARGET_{}_{what}", arch.rust.replace('-', "_").to_uppercase());
    let mut variables: Vec<Variable> = vec![
        ("CARGO_BUILD_TARGET".into(), arch.rust.into()),
        (of_target("LINKER").into(), format!("{}-gcc", arch.gnu).into()),
    ];
    if !architecture::is_native(arch.debian) {
        variables.push((of_target("RUNNER").into(), emulator(cell, root, arch)?.into()));
    }
    Ok(variables)
}

/// Returns what in a cell is otherwise than on a machine of its architecture, for the table.
pub fn remark(cell: &Cell) -> String {
    let is_foreign = cell.suite.is_some() && !architecture::is_native(cell.arch());
    let mut remark = match (target(cell), is_foreign) {
        (Some(arch), true) => format!(", cross-built for {}, tests emulated", arch.debian),
        (Some(arch), false) => format!(", cross-built for {}", arch.debian),
        (None, true) => format!(", emulated {}", cell.arch()),
        (None, false) => String::new(),
    };
    // They may well make tests shorter.
    remark.extend(cell.env.iter().map(|(name, value)| format!(", {name}={value}")));
    if !cell.without.is_empty() {
        remark += &format!(", without {}", cell.without.join(" "));
    }
    remark
}

/// Returns the path inside the root of the emulator that runs the cell's programs.
fn emulator(cell: &Cell, root: &RootFs, arch: &Architecture) -> Result<String> {
    let path = format!("/usr/bin/qemu-{}", arch.qemu);
    let found = root.resolve(&path).ok().filter(|file| file.is_file());
    found.map(|_| path.clone()).with_context(|| {
        format!(
            "cell {} has no {path}, which runs the programs that it builds for {}: `cargo oldstable setup --refresh \
                --cell {0}` makes its root file system again",
            cell.name, arch.debian
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(arch: &str, packages: &[&str]) -> Cell {
        Cell {
            name: "a".to_string(),
            arch: Some(arch.to_string()),
            cross: true,
            packages: packages.iter().map(|package| package.to_string()).collect(),
            ..Cell::default()
        }
    }

    fn value<'a>(variables: &'a [Variable], name: &str) -> Option<&'a str> {
        variables.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.to_str())
    }

    #[test]
    fn each_compiler_has_its_std() {
        let packages = |of: &[&str]| packages(&cell("s390x", of)).join(" ");
        let rest = "gcc-s390x-linux-gnu libc6-dev:s390x qemu-user";
        assert_eq!(packages(&["rustc", "cargo"]), format!("libstd-rust-dev:s390x {rest}"));
        assert_eq!(packages(&["rustc-web", "cargo-web"]), format!("libstd-rust-web-dev:s390x {rest}"));
        assert_eq!(packages(&["rustc:amd64", "cargo"]), format!("libstd-rust-dev:s390x {rest}"));
    }

    #[test]
    fn what_is_slower_or_shorter_is_said() {
        let mut cell = cell("s390x", &["rustc"]);
        cell.suite = Some("bookworm".to_string());
        cell.env = [("SAMPLES".to_string(), "9".to_string())].into();
        assert_eq!(remark(&cell), ", cross-built for s390x, tests emulated, SAMPLES=9");
        let shorter = Cell { without: vec!["linux".to_string(), "boards".to_string()], ..cell.clone() };
        assert_eq!(remark(&shorter), format!("{}, without linux boards", remark(&cell)));
        let emulated = Cell { cross: false, ..cell };
        assert_eq!(remark(&emulated), ", emulated s390x, SAMPLES=9");
        assert_eq!(remark(&Cell { suite: Some("bookworm".to_string()), ..Cell::default() }), "");
    }

    #[test]
    fn an_emulator_is_of_the_architecture_for_which_the_cell_builds() {
        let of = |package: &str| qemu_package(&cell("s390x", &["rustc"]), package);
        assert_eq!(of("qemu-system-arm"), "qemu-system-arm:s390x");
        assert_eq!((&*of("qemu-system-data"), &*of("u-boot-qemu")), ("qemu-system-data", "u-boot-qemu"));
        let own = cell(architecture::own(), &["rustc"]);
        assert_eq!(qemu_package(&own, "qemu-system-arm"), "qemu-system-arm");
    }

    #[test]
    fn own_programs_are_not_cross_built() {
        let own = cell(architecture::own(), &["rustc"]);
        assert!(target(&own).is_none() && packages(&own).is_empty());
        let emulated = Cell { cross: false, ..cell("s390x", &["rustc"]) };
        assert_eq!((target(&emulated), root_arch(&emulated)), (None, "s390x"));
        assert_eq!(root_arch(&cell("s390x", &["rustc"])), architecture::own());
    }

    #[test]
    fn programs_run_in_the_roots_own_emulator() {
        let folder = tempfile::tempdir().unwrap();
        let root = RootFs::at(folder.path());
        let cell = cell("armhf", &["rustc"]);
        let missing = environment(&cell, &root).unwrap_err().to_string();
        assert!(missing.starts_with("cell a has no /usr/bin/qemu-arm, which runs the programs"), "{missing}");
        assert!(missing.contains("`cargo oldstable setup --refresh --cell a`"), "{missing}");

        std::fs::create_dir_all(folder.path().join("fs/usr/bin")).unwrap();
        std::fs::write(folder.path().join("fs/usr/bin/qemu-arm"), "").unwrap();
        let variables = environment(&cell, &root).unwrap();
        assert_eq!(value(&variables, "CARGO_BUILD_TARGET"), Some("armv7-unknown-linux-gnueabihf"));
        let prefix = "CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF";
        assert_eq!(value(&variables, &format!("{prefix}_LINKER")), Some("arm-linux-gnueabihf-gcc"));
        assert_eq!(value(&variables, &format!("{prefix}_RUNNER")), Some("/usr/bin/qemu-arm"));
    }
}
