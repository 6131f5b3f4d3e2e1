// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A root file system of the suite, where its own compiler compiles the probe against its own sources.

use crate::dwarf::Types;
use crate::imports::Imports;
use crate::{elf, probe, Build};
use anyhow::{bail, ensure, Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages that apt needs to fetch QEMU's tree, and that the tree needs to be configured.
const PACKAGES: &str =
    "apt,bzip2,ca-certificates,dpkg-dev,gcc,libc6-dev,libfdt-dev,libglib2.0-dev,libpixman-1-dev,make,\
                        meson,ninja-build,pkg-config,python3,zlib1g-dev";

/// Packages that only some suites have.
const VENV: &str = "python3-venv";

pub struct Facts<'a> {
    /// Of the package.
    pub version: String,
    pub exports: BTreeSet<String>,
    pub imports: &'a Imports,
    pub types: Types,
    probe: &'static [u8],
}

impl Facts<'_> {
    pub fn probe(&self) -> object::File<'static> {
        object::File::parse(self.probe).expect("it has been read before")
    }
}

pub fn facts<'a>(build: &Build, imports: &'a Imports) -> Result<Facts<'a>> {
    let place = folder(build)?;
    let root = place.join("root");
    let work = place.join("work");
    fs::create_dir_all(&work)?;
    if !root.join("usr").is_dir() {
        make_root(build, &place)?;
    }
    fetch(build, &place)?;
    let version = fs::read_to_string(work.join("version"))?.trim().to_string();
    ensure!(is_of(&version, &build.name), "{} has {version}: correct `qemu` in its cell of msrv.toml", build.suite);
    let binary = ["aarch64", "arm"].map(|target| work.join(format!("stock/usr/bin/qemu-system-{target}")));
    let binary = binary.iter().find(|binary| binary.exists()).context("the package has no qemu-system-arm")?;
    let exports = elf::exports(&fs::read(binary)?)?;
    fs::write(work.join("probe.c"), probe::text(imports, &exports))?;
    fs::write(work.join("probe.h"), include_str!("../probe/probe.h"))?;
    inside(build, &place, include_str!("../probe/in-suite.sh"))?;
    let probe: &'static [u8] = fs::read(work.join("probe"))?.leak();
    let file = object::File::parse(probe).context("the probe cannot be read")?;
    Ok(Facts { version, exports, imports, types: Types::read(&file)?, probe })
}

/// Returns whether a package's version, as `1:10.0.13+ds-0+deb13u1`, is that of a build's release, as `10.0-i386`.
fn is_of(version: &str, build: &str) -> bool {
    let upstream = version.split_once(':').map_or(version, |(_, upstream)| upstream);
    let release = build.split('-').next().unwrap_or(build);
    upstream.strip_prefix(release).map_or(false, |rest| !rest.starts_with(|char: char| char.is_ascii_digit()))
}

/// The folder that caches the root and the tree, which saves a second run a minute.
fn folder(build: &Build) -> Result<PathBuf> {
    let cache = match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => Path::new(&std::env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    Ok(cache.join("oldstable/abi").join(&build.name))
}

/// Returns the address of this machine's Debian mirror in apt.
fn mirror() -> Result<String> {
    let output = Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.lines().map(|line| line.trim_end_matches('/')).find(|line| line.ends_with("/debian"));
    Ok(found.context("this machine's apt takes nothing from a Debian mirror")?.to_string())
}

fn make_root(build: &Build, place: &Path) -> Result<()> {
    let mirror = mirror()?;
    let base = build.suite.trim_end_matches("-backports");
    let mut lines = vec![format!("deb {mirror} {base} main"), format!("deb-src {mirror} {base} main")];
    if base != build.suite {
        lines.push(format!("deb {mirror} {} main", build.suite));
        lines.push(format!("deb-src {mirror} {} main", build.suite));
    }
    let venv = if base == "bullseye" { String::new() } else { format!(",{VENV}") };
    let archive = place.join("root.tar");
    let status = Command::new("mmdebstrap")
        .args(["--variant=essential", "--skip=check/qemu"])
        .arg(format!("--architectures={}", build.arch))
        .arg(format!("--include={PACKAGES}{venv}"))
        // The lists of a suite without updates have expired, but its sources are the same.
        .arg("--aptopt=Acquire::Check-Valid-Until \"false\"")
        .arg(base)
        .arg(&archive)
        .args(lines)
        .status()
        .context("cannot start mmdebstrap: install it")?;
    ensure!(status.success(), "mmdebstrap could not make a root file system of {base}");
    let root = place.join("root");
    fs::create_dir_all(&root)?;
    let status = Command::new("tar").arg("-xf").arg(&archive).args(["--exclude=./dev/*", "-C"]).arg(&root).status()?;
    ensure!(status.success(), "the root file system could not be unpacked");
    fs::remove_file(archive)?;
    Ok(())
}

/// Puts `source` and the stock binary into the folder, and returns the version of both.
fn fetch(build: &Build, place: &Path) -> Result<()> {
    let work = place.join("work");
    if let Some(folder) = &build.source {
        ensure!(folder.join("qom/object.c").is_file(), "{} is not a tree of QEMU", folder.display());
        let status = Command::new("cp").args(["-a", "--reflink=auto"]).arg(folder).arg(work.join("source")).status()?;
        ensure!(status.success(), "{} could not be copied", folder.display());
    }
    if work.join("source/configure").is_file() && work.join("stock").is_dir() {
        return Ok(());
    }
    fs::copy("/etc/resolv.conf", place.join("root/etc/resolv.conf"))?;
    // The sources that Debian lists may be newer than the binary: the oldest ones are the binary's.
    inside(
        build,
        place,
        "apt-get -o Acquire::Check-Valid-Until=false update\n\
         version=$(apt-cache madison qemu-system-arm | awk '{ print $3; exit }')\n\
         echo \"$version\" >version\n\
         if [ ! -d stock ]; then\n\
             apt-get download qemu-system-arm=\"$version\"\n\
             dpkg-deb -x qemu-system-arm_*.deb stock\n\
         fi\n\
         if [ ! -d source ]; then\n\
             apt-get source --only-source qemu=\"${version%+b[0-9]*}\" && mv qemu-*/ source\n\
         fi\n",
    )
}

/// Runs a shell script in the folder `work`, inside the root.
fn inside(build: &Build, place: &Path, script: &str) -> Result<()> {
    /// Arguments: the folder that has both.
    const ENTER: &str = r#"
set -e
root=$1/root
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/work"
mount --bind "$1/work" "$root/work"
exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C.UTF-8 \
    sh -c 'cd /work && exec sh -e script'
"#;
    fs::write(place.join("work/script"), script)?;
    let log = place.join("log");
    let output = fs::File::create(&log)?;
    let status = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "sh"])
        .arg(place)
        .stdout(output.try_clone()?)
        .stderr(output)
        .status()?;
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(&log).unwrap_or_default();
    let line = text.lines().find(|line| line.contains("rror:") || line.starts_with("E: "));
    let line = line.or_else(|| text.lines().last()).unwrap_or("no word why");
    bail!("{line} (in the root of {}; the whole log: {})", build.suite, log.display())
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn a_version_is_of_one_release() {
        assert!(is_of("1:10.0.13+ds-0+deb13u1", "10.0") && is_of("1:5.2+dfsg-11+deb11u5", "5.2-i386"));
        assert!(!is_of("1:10.0.13+ds-0+deb13u1", "9.2") && !is_of("1:11.10.0+ds-1", "11.1"));
    }
}
