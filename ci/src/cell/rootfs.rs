// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Root file systems of Debian's suites, made by mmdebstrap and kept in the cache.
//! A root is a plain folder that belongs to the user: device nodes and owners of its files are left out, so that the
//! user can enter, share and remove it without privileges.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{bail, ensure, Context, Result};

use crate::cell::mirror::{Mirror, Sources};
use crate::cell::{cross, emulation, mmdebstrap, sandbox};
use crate::host::cache::{digest, remove_tree, Cache};
use crate::host::{disk, ending, progress};
use crate::project::config::{Archive, Cell, Config};

/// The disk space that a root takes while it is made, with the archives that it is made from.
const ROOM: u64 = 2_000_000_000;

/// mmdebstrap announces this many parts of its work.
const PARTS: u64 = 11;

/// A finished root file system.
#[derive(Debug, Clone)]
pub struct RootFs {
    folder: PathBuf,
}

/// The root file systems in the cache, as a project's msrv.toml and the user ask for them.
#[derive(Clone, Copy)]
pub struct Roots<'a> {
    pub cache: &'a Cache,
    pub config: &'a Config,
    /// The mirror that the user gave for this run.
    pub mirror: Option<&'a str>,
}

impl Roots<'_> {
    /// Returns the root of a cell with a suite, which is made unless it exists.
    pub fn ensure(self, cell: &Cell) -> Result<RootFs> {
        let suite = cell.suite.as_deref().context("a cell without a suite has no root file system")?;
        let key = key(self.config, cell, suite);
        if cell.unpacked_but.is_none() {
            // A QEMU is started from outside of the root, where the root's own emulator does not run.
            let arch = if cell.qemu.is_some() { cell.arch() } else { cross::root_arch(cell) };
            emulation::ensure(self.cache, arch).with_context(|| format!("cell {}", cell.name))?;
        }
        if self.existing(cell).map_or(false, |root| root.identity().is_err()) {
            progress::note(&format!("{}: the root file system is damaged, and is made again", cell.name));
            self.cache.discard(&key)?;
        }
        let folder = self.cache.folder(&key, |partial| {
            let mirror = Mirror::of(suite, self.config, self.mirror)?;
            disk::need_room(&self.cache.path("roots"), ROOM, &format!("cell {}", cell.name), "XDG_CACHE_HOME")?;
            self.make(cell, suite, &mirror, partial)
                .with_context(|| format!("cannot make the root file system of cell {}", cell.name))
        })?;
        Ok(RootFs { folder })
    }

    /// Returns the root of a cell if it exists.
    pub fn existing(self, cell: &Cell) -> Option<RootFs> {
        let folder = self.cache.path(&key(self.config, cell, cell.suite.as_deref()?));
        folder.is_dir().then_some(RootFs { folder })
    }

    /// Removes the root of a cell if it exists.
    pub fn remove(self, cell: &Cell) -> Result<()> {
        match cell.suite.as_deref() {
            Some(suite) => self.cache.discard(&key(self.config, cell, suite)),
            None => Ok(()),
        }
    }

    fn make(self, cell: &Cell, suite: &str, mirror: &Mirror, partial: &Path) -> Result<()> {
        let tool = mmdebstrap::find(self.cache)?;
        let root = partial.join("fs");
        let mut sources = Sources::new(mirror.clone(), self.config, cell);
        while let Err(log) = self.attempt(&tool, cell, suite, &sources.lines(suite), partial)? {
            match sources.elsewhere(&log, suite) {
                Some(said) => progress::note(&format!("{}: {said}", cell.name)),
                None => {
                    let file = self.cache.path(&format!("{}.log", cell.name));
                    fs::write(&file, &log).ok();
                    bail!("{} (the whole log: {})", explain(&log, suite, mirror), file.display());
                }
            }
            remove_tree(&root)?;
            remove_tree(&partial.join("tmp"))?;
        }

        let packages = match cell.unpacked_but {
            Some(_) => fs::read_to_string(root.join(UNPACKED))?,
            None => installed(&fs::read_to_string(root.join("var/lib/dpkg/status"))?),
        };
        ensure!(!packages.is_empty(), "mmdebstrap made an empty root file system: run again");
        fs::write(partial.join("packages"), packages)?;
        remove_tree(&partial.join("tmp"))
    }

    /// Has mmdebstrap make a root from these sources. Returns its messages if it failed.
    fn attempt(
        self,
        tool: &mmdebstrap::Tool,
        cell: &Cell,
        suite: &str,
        lines: &[String],
        partial: &Path,
    ) -> Result<std::result::Result<(), String>> {
        let step = progress::Bar::new(&format!("{}: root file system", cell.name), Some(PARTS));
        let root = partial.join("fs");
        fs::create_dir(&root)?;
        let mut command = tool.command(partial)?;
        let packages = packages(self.config, cell);
        command
            .args(variant(cell))
            .arg(format!("--architectures={}", architectures(cell, &packages).join(",")))
            .arg(format!("--include={}", packages.join(",")))
            .args(["--format=tar", "--dpkgopt=path-exclude=/usr/share/doc/*"])
            .args(["--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*"])
            .arg("--aptopt=Acquire::Retries \"3\"");
        if cell.archives().contains(&Archive::Backports) {
            // By default apt does not install from backports.
            command.arg(format!("--aptopt=APT::Default-Release \"{suite}-backports\""));
        }
        // mmdebstrap would check with arch-test, one more package, whether this machine runs the programs; `emulation`
        // has.
        command.arg("--skip=check/qemu");
        command.arg(suite).arg("-").args(lines);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut maker = ending::start(&mut command).context("cannot start mmdebstrap")?;

        let archive = maker.stdout.take().context("mmdebstrap has no output")?;
        let mut unpacker = Command::new("tar");
        unpacker
            // Zeros follow the end of the archive, and the process that writes them needs a reader.
            .args(["--extract", "--ignore-zeros", "--no-same-owner", "--exclude=./dev/*", "--directory"])
            .arg(&root)
            .stdin(archive)
            .stderr(Stdio::piped());
        let unpacker = ending::start(&mut unpacker).context("cannot start tar: install the package tar")?;

        let mut log = String::new();
        for line in BufReader::new(maker.stderr.take().context("mmdebstrap has no messages")?).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).trim_end().to_string();
            if let Some(part) = line.strip_prefix("I: ") {
                step.advance(part);
            }
            log.push_str(&line);
            log.push('\n');
        }
        let made = maker.wait()?;
        let unpacked = unpacker.wait_with_output()?;
        log.push_str(&String::from_utf8_lossy(&unpacked.stderr));
        Ok(if made.success() && unpacked.status.success() { Ok(()) } else { Err(log) })
    }
}

impl RootFs {
    #[cfg(test)]
    pub fn at(folder: &Path) -> RootFs {
        RootFs { folder: folder.to_path_buf() }
    }

    /// The root folder itself.
    pub fn path(&self) -> PathBuf {
        self.folder.join("fs")
    }

    /// Returns the identity of this root, its packages and versions, which changes when it is made again from newer
    /// packages.
    pub fn identity(&self) -> Result<String> {
        let path = self.folder.join("packages");
        fs::read_to_string(&path)
            .with_context(|| format!("{} is damaged: remove it and run again", self.folder.display()))
    }

    /// Returns the file on this machine that `path` names inside the root; symbolic links are followed inside too.
    pub fn resolve(&self, path: &str) -> Result<PathBuf> {
        resolve(&self.path(), Path::new(path))
    }
}

/// Returns the packages of a cell: the compiler's, those for another architecture, and QEMU's if it has one.
fn packages(config: &Config, cell: &Cell) -> Vec<String> {
    let mut packages = cell.packages.clone();
    packages.extend(cross::packages(cell));
    if let (Some(_), Some(qemu)) = (&cell.qemu, &config.qemu) {
        packages.extend(qemu.packages.iter().map(|package| cross::qemu_package(cell, package)));
    }
    packages
}

/// Returns the root's architecture, and those of packages that name another: `busybox-static:arm64`.
fn architectures<'a>(cell: &'a Cell, packages: &'a [String]) -> Vec<&'a str> {
    let mut all = vec![cross::root_arch(cell)];
    all.extend(packages.iter().filter_map(|package| package.split_once(':')).map(|(_, arch)| arch));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|arch| seen.insert(*arch));
    all
}

/// Returns the folder of a root in the cache, which projects that ask for the same packages share.
fn key(config: &Config, cell: &Cell, suite: &str) -> String {
    let archives = format!("{:?}", cell.archives());
    let mut parts = vec![archives.as_bytes()];
    let packages = packages(config, cell);
    parts.extend(packages.iter().map(|p| p.as_bytes()));
    let unpacked = cell.unpacked_but.as_ref().map(|patterns| format!("unpacked but {patterns:?}"));
    parts.extend(unpacked.iter().map(|u| u.as_bytes()));
    parts.extend(config.date.iter().map(|date| date.as_bytes()));
    // Whom one project trusts, another need not.
    let keys = config
        .suites
        .get(suite)
        .and_then(|suite| suite.keyring.as_ref())
        .map(|file| fs::read(file).unwrap_or_default());
    parts.extend(keys.iter().map(|keys| &**keys));
    format!("roots/{suite}-{}-{}", cross::root_arch(cell), digest(parts))
}

/// The file that lists the packages of a root whose packages are only unpacked.
const UNPACKED: &str = "packages";

/// Returns the options by which packages are installed or only unpacked.
fn variant(cell: &Cell) -> Vec<String> {
    match &cell.unpacked_but {
        None => vec!["--variant=essential".to_string()],
        Some(patterns) => {
            let mut arguments = vec!["--variant=extract".to_string()];
            arguments.push(format!("--extract-hook=ls \"$1/var/cache/apt/archives\" >\"$1/{UNPACKED}\""));
            arguments.extend(patterns.iter().map(|pattern| format!("--dpkgopt=path-exclude={pattern}")));
            arguments
        }
    }
}

/// Returns a line "package version" for each package of a dpkg status file.
fn installed(status: &str) -> String {
    let mut lines = String::new();
    let mut name = "";
    for line in status.lines() {
        if let Some(package) = line.strip_prefix("Package: ") {
            name = package;
        } else if let Some(version) = line.strip_prefix("Version: ") {
            lines.push_str(&format!("{name} {version}\n"));
        }
    }
    lines
}

/// Returns one sentence that names the fault and its remedy.
pub fn explain(log: &str, suite: &str, mirror: &Mirror) -> String {
    let line_with = |words: &[&str]| log.lines().find(|line| words.iter().any(|word| line.contains(word)));
    let main = &mirror.main;
    if line_with(&["No space left on device"]).is_some() {
        return "the disk is full: make room, or set XDG_CACHE_HOME to a larger disk".to_string();
    }
    if line_with(&["is expired", "is not valid anymore"]).is_some() {
        return format!(
            "the lists of suite {suite} on {main} are out of date: use a mirror that is up to date, correct this \
                machine's clock, or set closed = true in [suites.{suite}] of msrv.toml"
        );
    }
    let unsigned = ["NO_PUBKEY", "BADSIG", "EXPKEYSIG", "REVKEYSIG", "signatures were invalid"];
    let no_release = line_with(&["does not have a Release file", "404  Not Found"]).is_some();
    if line_with(&unsigned).is_some() || !no_release && line_with(&["not signed"]).is_some() {
        return format!(
            "the signature of suite {suite} on {main} cannot be verified: {}, or use another mirror",
            match &mirror.keyring {
                Some(keyring) => format!("correct {}, which msrv.toml names as its keyring", keyring.display()),
                None => "install the newest debian-archive-keyring".to_string(),
            }
        );
    }
    let unreachable =
        ["resolving", "Could not connect", "Connection timed out", "Network is unreachable", "Connection failed"];
    if line_with(&unreachable).is_some() {
        return format!("the mirror {main} cannot be reached: connect to the network, or give another with --mirror");
    }
    if let Some(line) = line_with(&["Unable to locate package", "has no installation candidate"]) {
        let line = line.trim_start_matches("E: ");
        return format!("suite {suite} lacks a package ({line}): correct `packages` or `archives` in msrv.toml");
    }
    if let Some(line) = line_with(&["Hash Sum mismatch", "unexpected size"]) {
        let line = line.trim_start_matches("E: ");
        return format!(
            "the mirror {main} has other files than it lists ({line}): run again when it has been updated, or give \
                another with --mirror"
        );
    }
    let lost =
        log.lines().find(|line| line.contains("Failed to fetch") && line.contains("/pool/") && line.contains("404"));
    if let Some(file) = lost.and_then(|line| line.split_whitespace().find(|word| word.contains("/pool/"))) {
        return format!(
            "the mirror lists {file} but does not have it: leave that archive out of `archives` in msrv.toml, \
             or give another mirror with --mirror"
        );
    }
    if no_release {
        return format!(
            "{main} does not have suite {suite} with all its archives: \
             give a mirror that does as suites.{suite}.mirror in msrv.toml or with --mirror"
        );
    }
    if line_with(&["Failed to fetch", "Connection reset", "Error reading from server", "Unable to fetch"]).is_some() {
        return format!("the connection to {main} was lost: run again, or give another mirror with --mirror");
    }
    if log.lines().any(|line| !line.starts_with("I: ") && sandbox::is_refusal(line)) {
        return sandbox::refusal(sandbox::is_root()).to_string();
    }
    let last = log.lines().rev().find(|line| line.starts_with("E: ")).unwrap_or("mmdebstrap failed");
    last.trim_start_matches("E: ").to_string()
}

fn resolve(root: &Path, path: &Path) -> Result<PathBuf> {
    let mut pending: Vec<PathBuf> = vec![path.to_path_buf()];
    let mut found = PathBuf::new();
    let mut links = 0;
    while let Some(next) = pending.pop() {
        let mut components = next.components();
        let first = match components.next() {
            Some(first) => first,
            None => continue,
        };
        pending.push(components.as_path().to_path_buf());
        match first {
            Component::RootDir => found = PathBuf::new(),
            Component::ParentDir => drop(found.pop()),
            Component::Normal(name) => {
                let inside = root.join(&found).join(name);
                match fs::read_link(&inside) {
                    Ok(target) => {
                        links += 1;
                        ensure!(links < 64, "{} is a cycle of symbolic links", inside.display());
                        pending.push(target);
                    }
                    Err(_) => found.push(name),
                }
            }
            Component::CurDir | Component::Prefix(_) => {}
        }
    }
    let file = root.join(found);
    ensure!(file.exists(), "{} is not in the root file system {}", path.display(), root.display());
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_inside_the_root() {
        let root = tempfile::tempdir().unwrap();
        let at = |p: &str| root.path().join(p);
        fs::create_dir_all(at("usr/lib/x")).unwrap();
        fs::write(at("usr/lib/x/ld-2.31.so"), "").unwrap();
        symlink("usr/lib", at("lib")).unwrap();
        fs::create_dir(at("lib64")).unwrap();
        symlink("/lib/x/ld-2.31.so", at("lib64/ld.so")).unwrap();
        symlink("../../../../lib/x/ld-2.31.so", at("usr/lib/up.so")).unwrap();
        let real = at("usr/lib/x/ld-2.31.so");
        assert_eq!(resolve(root.path(), Path::new("/lib64/ld.so")).unwrap(), real);
        assert_eq!(resolve(root.path(), Path::new("/lib/up.so")).unwrap(), real);
    }

    #[test]
    fn circles_and_missing_files_are_errors() {
        let root = tempfile::tempdir().unwrap();
        symlink("b", root.path().join("a")).unwrap();
        symlink("a", root.path().join("b")).unwrap();
        assert!(resolve(root.path(), Path::new("/a")).unwrap_err().to_string().contains("cycle"));
        assert!(resolve(root.path(), Path::new("/c")).is_err());
    }

    #[test]
    fn each_failure_names_its_mend() {
        let mirror =
            Mirror { main: "http://m.example/debian".into(), security: String::new(), is_closed: false, keyring: None };
        let explain = |log: &str| explain(log, "bullseye", &mirror);
        assert!(explain("E: write: No space left on device").contains("make room"));
        let expired = "E: Release file for http://m.example/debian/dists/s/InRelease is expired (invalid since 1d).";
        assert!(explain(expired).contains("out of date"));
        assert!(explain("W: GPG error: NO_PUBKEY 1234").contains("keyring"));
        assert!(explain("Err: Temporary failure resolving 'x'").contains("--mirror"));
        assert!(explain("E: Unable to locate package rustc-web").contains("rustc-web"));
        assert!(explain("Err: 404  Not Found\nE: The repository is not signed.").contains("suites.bullseye.mirror"));
        assert!(explain("E: The repository is not signed.").contains("keyring"));
        assert!(explain("E: The repository does not have a Release file.").contains("suites.bullseye.mirror"));
        let lost = "E: Failed to fetch http://m.example/debian/pool/d/dpkg.deb  404  Not Found";
        assert!(explain(lost).contains("leave that archive out"));
        let broken =
            "E: Failed to fetch http://m.example/debian/pool/d/dpkg.deb  Error reading from server. Remote end closed";
        assert!(explain(broken).contains("was lost: run again"), "{}", explain(broken));
        assert!(explain("E: Failed to fetch http://x/y.deb  Hash Sum mismatch").contains("than it lists"));
        let refused = sandbox::refusal(sandbox::is_root());
        assert_eq!(explain("E: please install newuidmap"), refused);
        assert_eq!(explain("unshare: cannot change root filesystem propagation: Invalid argument\nE: odd"), refused);
        assert_eq!(explain("I: automatically chosen mode: unshare\nE: odd\n"), "odd");
        assert_eq!(explain("I: x\nE: odd\n"), "odd");
    }

    #[test]
    fn packages_are_listed_with_their_versions() {
        let status = "Package: a\nStatus: x\nVersion: 1\n\nPackage: b\nVersion: 2\n";
        assert_eq!(installed(status), "a 1\nb 2\n");
    }

    #[test]
    fn unpacked_packages_are_no_installed_ones() {
        let config = Config::parse("floor = \"1.48.0\"\n[[cell]]\nname = \"a\"\npath = true\n").unwrap();
        let installed = Cell { packages: vec!["p".to_string()], ..Cell::default() };
        let unpacked = Cell { unpacked_but: Some(vec!["/x/*".to_string()]), ..installed.clone() };
        assert_ne!(key(&config, &installed, "s"), key(&config, &unpacked, "s"));
        assert_eq!(variant(&installed), ["--variant=essential"]);
        assert!(variant(&unpacked).contains(&"--dpkgopt=path-exclude=/x/*".to_string()));
    }

    #[test]
    fn a_package_of_another_architecture_adds_it() {
        let cell = Cell { arch: Some("amd64".to_string()), ..Cell::default() };
        let of = |packages: &[&str]| {
            architectures(&cell, &packages.iter().map(|p| p.to_string()).collect::<Vec<_>>()).join(",")
        };
        assert_eq!(of(&["a"]), "amd64");
        assert_eq!(of(&["a:arm64", "b", "c:amd64", "d:arm64"]), "amd64,arm64");
    }

    #[test]
    fn a_root_is_shared_only_by_cells_that_ask_for_the_same() {
        let cell = |name: &str, rest: &str| {
            format!("[[cell]]\nname = \"{name}\"\nsuite = \"s\"\npackages = [\"rustc\"]\n{rest}\n")
        };
        let cells = [
            cell("a", ""),
            cell("same", "archives = [\"main\", \"updates\", \"security\"]\nci = true"),
            cell("archives", "archives = [\"main\"]"),
            cell("arch", "arch = \"i386\""),
            cell("packages", "").replace("\"rustc\"", "\"rustc-web\""),
        ];
        let config = Config::parse(&format!("floor = \"1.48.0\"\n{}", cells.concat())).unwrap();
        let keys: Vec<String> = config.cells.iter().map(|cell| key(&config, cell, "s")).collect();
        assert_eq!(keys[0], keys[1]);
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{keys:?}");
    }
}
