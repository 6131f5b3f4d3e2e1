// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Firmware and kernels from Debian, unpacked from their packages without installation.

use std::collections::btree_map::{BTreeMap, Entry};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{anyhow, bail, ensure, Context, Result};
use tempfile::NamedTempFile;

use crate::cell::rootfs::RootFs;
use crate::cell::workbench::Workbench;
use crate::qemu::{initrd, program};

/// The reason why a guest cannot run here, which is not a fault of the object.
#[derive(Debug)]
pub struct NotRun(pub String);

impl fmt::Display for NotRun {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotRun {}

/// The files of the installer's initial root file system that the guests run: they start three times as fast as with
/// its 300 kernel modules and the installer itself.
const PROGRAMS: &[&str] = &["busybox", "lspci"];
/// What these programs are linked with begins with one of these.
const LIBRARIES: &[&str] =
    &["ld-linux", "libc.so.", "libcap.so.", "libkmod.so.", "liblzma.so.", "libpci.so.", "libudev.so.", "libz.so."];

#[derive(Debug, Default)]
pub struct Images {
    /// Their root file system; `None` if msrv.toml names no guests.
    root: Option<RootFs>,
    /// An initial root file system for each architecture whose kernel was asked for.
    initrds: Mutex<BTreeMap<String, NamedTempFile>>,
}

impl Images {
    /// Returns the images that msrv.toml names, fetched unless they exist.
    pub fn of(bench: &Workbench) -> Result<Images> {
        let root = bench.project.config.guests().map(|guests| bench.roots().ensure(&guests));
        Ok(Images { root: root.transpose()?, ..Images::default() })
    }

    /// Returns an identity that changes when they are updated.
    pub fn identity(&self) -> Result<String> {
        self.root.as_ref().map_or_else(|| Ok(String::new()), RootFs::identity)
    }

    /// Returns EDK2 for the 64-bit virt board.
    pub fn edk2(&self) -> Result<PathBuf> {
        self.file("/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "qemu-efi-aarch64")
    }

    /// Returns the kernel of Debian's installer for an architecture, with Busybox and lspci from its initial root file
    /// system.
    pub fn kernel(&self, arch: &str) -> Result<Kernel> {
        let name = if arch == "arm64" { "linux" } else { "vmlinuz" };
        let installer = self.installer(arch)?;
        let image = present(installer.join(name))?;
        let mut initrds = self.initrds.lock().unwrap_or_else(PoisonError::into_inner);
        let initrd = match initrds.entry(arch.to_string()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(programs_of(&present(installer.join("initrd.gz"))?)?),
        };
        Ok(Kernel { image, initrd: initrd.path().to_path_buf() })
    }

    /// Returns Busybox for 64-bit Arm, which needs no library.
    pub fn busybox(&self) -> Result<PathBuf> {
        self.file("/usr/bin/busybox", "busybox-static:arm64")
    }

    /// Returns the only release of Xen for 64-bit Arm.
    pub fn xen(&self) -> Result<PathBuf> {
        let package = "xen-hypervisor-*-arm64:arm64";
        for file in std::fs::read_dir(self.file("/boot", package)?)?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with("xen-") && name.ends_with("-arm64") {
                return Ok(file.path());
            }
        }
        Err(lacking(package))
    }

    /// Returns the device tree of a board that belongs to the kernels.
    pub fn device_tree(&self, name: &str) -> Result<PathBuf> {
        // The 32-bit kernel's package also has the device trees of 64-bit boards of the same vendors.
        present(self.installer("armhf")?.join("dtbs").join(name))
    }

    /// Returns the folder of the only release in the package.
    fn installer(&self, arch: &str) -> Result<PathBuf> {
        let package = format!("debian-installer-*-netboot-{arch}");
        let releases = self.file("/usr/lib/debian-installer/images", &package)?;
        for release in std::fs::read_dir(releases)?.flatten() {
            let folder = release.path().join(format!("{arch}/text/debian-installer/{arch}"));
            if folder.is_dir() {
                return Ok(folder);
            }
        }
        Err(lacking(&package))
    }

    fn file(&self, path: &str, package: &str) -> Result<PathBuf> {
        let root = self.root.as_ref().ok_or_else(|| lacking(package))?;
        root.resolve(path).map_err(|_| lacking(package))
    }
}

/// A kernel and its initial root file system.
pub struct Kernel {
    pub image: PathBuf,
    pub initrd: PathBuf,
}

/// Returns an initial root file system with little else than the programs that the guests run.
fn programs_of(archive: &Path) -> Result<NamedTempFile> {
    let unpacked = Command::new("gzip").args(["--decompress", "--stdout"]).arg(archive).output()?;
    ensure!(unpacked.status.success(), "{}: {}", archive.display(), String::from_utf8_lossy(&unpacked.stderr).trim());
    let reduced = initrd::reduced(&unpacked.stdout, |path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        PROGRAMS.contains(&name) || LIBRARIES.iter().any(|library| name.starts_with(library))
    });
    program::file(&reduced.with_context(|| archive.display().to_string())?)
}

fn present(path: PathBuf) -> Result<PathBuf> {
    if !Path::new(&path).is_file() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        bail!(NotRun(format!("the installer's package has no {name}")));
    }
    Ok(path)
}

fn lacking(package: &str) -> anyhow::Error {
    anyhow!(NotRun(format!("the guests lack a file: add {package} to [qemu.guests] packages in msrv.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_package_is_named_and_no_failure() {
        let images = Images::default();
        let errors = [
            (images.edk2().err(), "qemu-efi-aarch64"),
            (images.kernel("arm64").err(), "-netboot-arm64"),
            (images.device_tree("x.dtb").err(), "-netboot-armhf"),
            (images.busybox().err(), "busybox-static:arm64"),
            (images.xen().err(), "xen-hypervisor-"),
        ];
        for (error, package) in &errors {
            let error = error.as_ref().unwrap();
            assert!(error.is::<NotRun>() && error.to_string().contains(package), "{error}");
        }
    }
}
