// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Programs of a foreign architecture, which QEMU's user-mode emulation runs.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::cell::apt;
use crate::cell::sandbox::is_root;
use crate::host::cache::Cache;
use crate::host::process::on_path;
use crate::project::architecture;

/// The folder where the kernel lists the interpreters of foreign programs.
const HANDLERS: &str = "/proc/sys/fs/binfmt_misc";

/// The packages that register the handlers.
const PACKAGES: [&str; 2] = ["qemu-user-static", "binfmt-support"];

/// Makes sure that this machine runs an architecture's programs: as root it installs the packages needed.
pub fn ensure(cache: &Cache, arch: &str) -> Result<()> {
    if architecture::is_native(arch) {
        return Ok(());
    }
    let handlers = Path::new(HANDLERS);
    let mut fault = fault(handlers, arch);
    if fault.is_some() && is_root() && on_path("apt-get").is_some() {
        apt::install(cache, &PACKAGES).with_context(|| advice(arch, fault.as_deref().unwrap_or_default()))?;
        // It also mounts that folder, which a container lacks.
        apt::quiet(Command::new("update-binfmts").arg("--enable").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")).ok();
        fault = self::fault(handlers, arch);
    }
    match fault {
        Some(fault) => bail!(advice(arch, &fault)),
        None => Ok(()),
    }
}

fn advice(arch: &str, fault: &str) -> String {
    format!(
        "this machine does not run programs of {arch}: {fault}: install the packages {} in the system that owns the \
         kernel",
        PACKAGES.join(" and ")
    )
}

/// Returns the fault of an architecture's handler, if any.
fn fault(handlers: &Path, arch: &str) -> Option<String> {
    let qemu = match architecture::find(arch) {
        Some(arch) => arch.qemu,
        None => return Some("QEMU does not support it".to_string()),
    };
    let file = handlers.join(format!("qemu-{qemu}"));
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(_) => return Some(format!("the kernel has no handler {}", file.display())),
    };
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim().to_string();
    if !text.starts_with("enabled") {
        return Some(format!("the handler {} is disabled", file.display()));
    }
    // With the flag F the kernel keeps the interpreter open; without it, the kernel looks for it in each root.
    if !value("flags:").contains('F') {
        return Some(format!(
            "the handler {} lacks the flag F, and {} is not in the root file system",
            file.display(),
            value("interpreter ")
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_is_there_and_on_and_open() {
        let folder = tempfile::tempdir().unwrap();
        let fault = |text: &str| {
            fs::write(folder.path().join("qemu-aarch64"), text).unwrap();
            fault(folder.path(), "arm64").unwrap_or_default()
        };
        let good = "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: POCF\noffset 0\nmagic 7f\n";
        assert_eq!(fault(good), "");
        assert!(fault(&good.replace("enabled", "disabled")).ends_with("qemu-aarch64 is disabled"));
        let not_open = fault(&good.replace("POCF", "POC"));
        assert!(not_open.ends_with("the flag F, and /usr/bin/qemu-aarch64-static is not in the root file system"));
    }

    #[test]
    fn what_is_missing_is_said_with_its_mend() {
        let folder = tempfile::tempdir().unwrap();
        let why = fault(folder.path(), "s390x").unwrap();
        assert!(why.starts_with("the kernel has no handler ") && why.ends_with("qemu-s390x"), "{why}");
        let advice = advice("s390x", &why);
        assert!(advice.contains("does not run programs of s390x") && advice.contains("qemu-user-static"), "{advice}");
    }

    #[test]
    fn own_programs_need_no_handler() {
        let folder = tempfile::tempdir().unwrap();
        ensure(&Cache::below(folder.path()).unwrap(), architecture::own()).unwrap();
    }
}
