//! For each cell, the newest set of dependency versions that its compiler can take.
//!
//! cargo's own resolver begins: it believes what crates say they need. What they do not say is found by trying:
//! the set is vendored, its manifests are compared with what the cell's cargo can read, and everything is built
//! in the cell. A version that fails is forbidden by a package of our own in a copy of the workspace, and cargo
//! resolves again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use toml_edit::{value, Array, Document, Item, Table};

use crate::project::{cargo, Package, Project};
use crate::vendor::{first_error, locked, Vendor};
use crate::workbench::{Ready, Workbench};
use crate::{logged, progress};

/// The package of our own that forbids versions.
const HOLDER: &str = "held-back-by-oldstable";

/// More versions than any set holds back.
const TRIES: usize = 60;

/// A version that a cell cannot take, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeldBack {
    name: String,
    version: String,
    reason: String,
}

/// What came of trying a set.
enum Trial {
    /// Everything builds with this lock file.
    Builds(String),
    /// The project's own code does not: some dependency has become too new for it, and this is what it says.
    OwnFailure(String),
}

/// A search for the set of one cell.
struct Search<'a> {
    bench: &'a Workbench,
    ready: &'a Ready,
    copy: PathBuf,
    step: progress::Step,
}

/// Finds the set of a cell, and gives the text of its lock file with the reasons at the top.
pub fn resolve(bench: &Workbench, ready: &Ready) -> Result<String> {
    let folder = tempfile::tempdir().context("no temporary folder can be made: set TMPDIR to one that is writable")?;
    let workspace = bench.project.workspace(&ready.cell);
    copy_manifests(&workspace, folder.path(), &ready.packages, &ready.rustc.to_string(), true)?;
    let step = progress::Step::new(&format!("{}: lock", ready.cell.name), None);
    let search = Search { bench, ready, copy: folder.path().to_path_buf(), step };
    search.run()
}

impl Search<'_> {
    fn run(&self) -> Result<String> {
        let mut held = Vec::new();
        let why = match self.settle(&mut held)? {
            Trial::Builds(lock) => return Ok(lock),
            Trial::OwnFailure(why) => why,
        };
        // Nothing says which dependency it is. Each one that is named in a manifest is tried in older versions,
        // alone.
        let mut names: Vec<&str> = self
            .ready
            .packages
            .iter()
            .flat_map(|package| &package.dependencies)
            .filter(|dependency| dependency.path.is_none())
            .map(|dependency| dependency.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let mut trial = held.clone();
            for _ in 0..TRIES / 4 {
                let lock = fs::read_to_string(generate(&self.copy, &trial)?.0)?;
                let version = match locked(&lock)?.into_iter().find(|(n, _)| n == name) {
                    Some((_, version)) => version,
                    None => break,
                };
                let reason = format!("with it, the project's own code does not build: {why}");
                let found = HeldBack { name: name.to_string(), version, reason };
                self.step.message(&format!("without {name} {}", found.version));
                trial.push(found);
                if generate(&self.copy, &trial).is_err() {
                    break;
                }
                if let Trial::Builds(lock) = self.settle(&mut trial)? {
                    return Ok(lock);
                }
            }
        }
        bail!("the project does not build in cell {} with any set of dependencies: {why}", self.ready.cell.name)
    }

    /// Holds back what cannot be read or does not build, until the rest does. Of a package that the cell takes in
    /// no version at all, those that need it are held back.
    fn settle(&self, held: &mut Vec<HeldBack>) -> Result<Trial> {
        let mut impossible: BTreeSet<String> = BTreeSet::new();
        let mut before = String::new();
        for _ in 0..TRIES {
            let (lock, stated) = match (generate(&self.copy, held), held.last()) {
                (Ok(found), _) => found,
                (Err(error), None) => return Err(error),
                (Err(error), Some(last)) => {
                    let name = last.name.clone();
                    held.retain(|found| found.name != name);
                    held.push(needing(&before, &name).ok_or(error)?);
                    impossible.insert(name);
                    continue;
                }
            };
            before = fs::read_to_string(&lock)?;
            self.step.message(&format!("{} versions held back", held.len()));
            let vendor = Vendor::of(&self.bench.cache, &self.copy, &lock)?;
            let mut found = match unreadable(&vendor, self.ready)? {
                Some(found) => found,
                None => match self.build(&lock, &vendor)? {
                    Some(Ok(found)) => found,
                    Some(Err(why)) => return Ok(Trial::OwnFailure(why)),
                    None => return Ok(Trial::Builds(with_reasons(&before, held, &stated))),
                },
            };
            if impossible.contains(&found.name) {
                let name = found.name;
                found = needing(&before, &name).with_context(|| {
                    format!("the project needs {name}, of which cell {} takes no version", self.ready.cell.name)
                })?;
            }
            ensure!(
                !held.contains(&found),
                "{} {} cannot be held back: another package needs it",
                found.name,
                found.version
            );
            progress::note(&format!("{}: {} {}: {}", self.ready.cell.name, found.name, found.version, found.reason));
            held.push(found);
        }
        bail!("no set of dependencies was found for cell {} in {TRIES} tries", self.ready.cell.name)
    }

    /// Builds everything in the cell. Gives the dependency that does not build, or what is wrong with the
    /// project's own code.
    fn build(&self, lock: &Path, vendor: &Vendor) -> Result<Option<Result<HeldBack, String>>> {
        let logs = self.bench.project.target().join("logs").join(&self.ready.cell.name);
        let log = logs.join("lock.log");
        fs::create_dir_all(&logs).with_context(|| format!("cannot write {}", logs.display()))?;
        for package in &self.ready.packages {
            for choice in package.feature_choices(&self.bench.project.config.features) {
                fs::write(&log, "")?;
                // The tests' own dependencies have to build too.
                let mut arguments = vec!["test", "--no-run"];
                arguments.extend(choice.iter().map(String::as_str));
                let mut command = self.bench.cargo_with(self.ready, package.folder(), &arguments, lock, vendor)?;
                if logged::run(&mut command, &log)?.success() {
                    continue;
                }
                let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
                let set = locked(&fs::read_to_string(lock)?)?;
                return Ok(Some(culprit(&text, &set).ok_or_else(|| first_error(&text).to_string())));
            }
        }
        Ok(None)
    }
}

/// The file that a cell's set is kept in.
pub fn file(root: &Path, cell: &str) -> PathBuf {
    root.join("ci/locks").join(format!("{cell}.lock"))
}

/// Writes a lock file whole or not at all.
pub fn keep(file: &Path, text: &str) -> Result<()> {
    let partial = file.with_extension("partial");
    write(&partial, text)?;
    fs::rename(&partial, file).with_context(|| format!("cannot write {}", file.display()))
}

/// A copy of the workspace's manifests beside a lock file.
pub fn copy_with(project: &Project, workspace: &Path, copy: &Path, lock: &Path) -> Result<()> {
    let text = without_reasons(&fs::read_to_string(lock)?);
    let rustc = project.config.floor.to_string();
    copy_manifests(workspace, copy, &project.packages_in(workspace)?, &rustc, false)?;
    write(&copy.join("Cargo.lock"), &text)
}

/// The workspace without its sources, each package asking for the cell's compiler.
///
/// With `holder`, a package of our own is a member.
fn copy_manifests(root: &Path, copy: &Path, packages: &[Package], rustc: &str, holder: bool) -> Result<()> {
    let mut members: Vec<PathBuf> = Vec::new();
    for package in packages {
        let folder = package.folder().strip_prefix(root).unwrap_or(Path::new("")).to_path_buf();
        let text = fs::read_to_string(&package.manifest_path)?;
        let manifest = bare(&text, rustc)
            .with_context(|| format!("{} is not understood", package.manifest_path.display()))?;
        write(&copy.join(&folder).join("Cargo.toml"), &manifest)?;
        write(&copy.join(&folder).join("src/lib.rs"), "")?;
        if folder != Path::new("") {
            members.push(folder);
        }
    }
    if holder {
        members.push(HOLDER.into());
        write(&copy.join(HOLDER).join("src/lib.rs"), "")?;
    }
    let path = copy.join("Cargo.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        // A workspace whose root is no package.
        Err(_) => fs::read_to_string(root.join("Cargo.toml"))?,
    };
    let mut manifest: Document = text.parse()?;
    let list: Array = members.iter().map(|m| m.to_string_lossy().into_owned()).collect();
    if !manifest.contains_key("workspace") {
        manifest["workspace"] = Item::Table(Table::new());
    }
    manifest["workspace"]["members"] = value(list);
    write(&path, &manifest.to_string())
}

/// A manifest with its dependencies, without its targets.
fn bare(text: &str, rustc: &str) -> Result<String> {
    let mut manifest: Document = text.parse()?;
    for target in ["lib", "bin", "example", "test", "bench", "profile", "lints"] {
        manifest.remove(target);
    }
    if let Some(package) = manifest.get_mut("package").and_then(Item::as_table_mut) {
        package.remove("build");
        package.remove("readme");
        package.remove("default-run");
        package["rust-version"] = value(rustc);
    }
    Ok(manifest.to_string())
}

/// Resolves, with the versions that are held back forbidden. Gives the lock file, and a line for each version that
/// cargo itself held back.
fn generate(copy: &Path, held: &[HeldBack]) -> Result<(PathBuf, Vec<String>)> {
    let mut forbidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for found in held {
        forbidden.entry(&found.name).or_default().push(&found.version);
    }
    let mut manifest = format!("[package]\nname = \"{HOLDER}\"\nversion = \"0.0.0\"\nedition = \"2018\"\n");
    let mut number = 0;
    for (name, versions) in forbidden {
        for below in lowest_of_each_line(&versions) {
            manifest.push_str(&format!(
                "[dependencies.held{number}]\npackage = \"{name}\"\nversion = \"{}\"\ndefault-features = false\n",
                below
            ));
            number += 1;
        }
    }
    write(&copy.join(HOLDER).join("Cargo.toml"), &manifest)?;
    let lock = copy.join("Cargo.lock");
    if lock.exists() {
        fs::remove_file(&lock)?;
    }
    let output = cargo()
        .args(["generate-lockfile"])
        .current_dir(copy)
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
        .output()
        .context("cannot start cargo: install Rust from rustup or from Debian")?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo finds no set of dependencies: {}", first_error(&text));
    Ok((lock, text.lines().filter_map(stated).collect()))
}

/// The first package from a registry in a lock file that needs `name`.
fn needing(lock: &str, name: &str) -> Option<HeldBack> {
    let document: Document = lock.parse().ok()?;
    let packages = document.get("package")?.as_array_of_tables()?;
    let needs = |table: &&Table| {
        let dependencies = table.get("dependencies").and_then(Item::as_array).into_iter().flatten();
        let mut names = dependencies.filter_map(|d| d.as_str()?.split(' ').next());
        table.contains_key("source") && names.any(|dependency| dependency == name)
    };
    let parent = packages.iter().find(needs)?;
    let field = |key: &str| parent.get(key).and_then(Item::as_str).map(str::to_string);
    Some(HeldBack {
        name: field("name")?,
        version: field("version")?,
        reason: format!("it needs {name}, of which no version can be taken"),
    })
}

/// `Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)`
fn stated(line: &str) -> Option<String> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (available: v")?;
    let (newest, needs) = rest.trim_end_matches(')').split_once(", requires ")?;
    let (name, version) = package.split_once(" v")?;
    Some(format!("{name} {newest} at {version}: it states that it needs {needs}"))
}

/// A requirement for each line of compatible versions: below the lowest that fails, but in the same line.
fn lowest_of_each_line(versions: &[&str]) -> Vec<String> {
    let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for version in versions {
        let plain = version.split(['-', '+']).next().unwrap_or(version);
        let numbers: Vec<u64> = plain.split('.').filter_map(|n| n.parse().ok()).collect();
        let line = match numbers.as_slice() {
            [0, 0, patch, ..] => format!("0.0.{patch}"),
            [0, minor, ..] => format!("0.{minor}"),
            [major, ..] => major.to_string(),
            [] => continue,
        };
        let lowest = lines.entry(line).or_insert_with(|| numbers.clone());
        if numbers < *lowest {
            *lowest = numbers;
        }
    }
    lines
        .iter()
        .map(|(line, lowest)| {
            let numbers: Vec<String> = lowest.iter().map(u64::to_string).collect();
            format!("^{line}, <{}", numbers.join("."))
        })
        .collect()
}

/// A vendored package whose manifest the cell's cargo cannot read.
fn unreadable(vendor: &Vendor, ready: &Ready) -> Result<Option<HeldBack>> {
    for manifest in vendor.manifests()? {
        let text = fs::read_to_string(&manifest)?;
        let parsed: Document = match text.parse() {
            Ok(parsed) => parsed,
            Err(_) => continue,
        };
        let field = |name: &str| parsed.get("package").and_then(|p| p.get(name)).and_then(Item::as_str).unwrap_or("").to_string();
        let needs = match field("edition").as_str() {
            "2018" => "1.31.0",
            "2021" => "1.56.0",
            "2024" => "1.85.0",
            _ => "1.0.0",
        };
        if needs.parse::<crate::version::Version>()? > ready.rustc {
            return Ok(Some(HeldBack {
                name: field("name"),
                version: field("version"),
                reason: format!("its edition {} needs {}", field("edition"), needs),
            }));
        }
    }
    Ok(None)
}

/// The dependency that cargo's messages blame.
fn culprit(log: &str, set: &[(String, String)]) -> Option<HeldBack> {
    let quoted = |line: &str, after: &str| -> Option<String> {
        Some(line.split(after).nth(1)?.split('`').next()?.to_string())
    };
    let why = first_error(log).to_string();
    for line in log.lines() {
        if let Some(package) = quoted(line, "error: package `").filter(|_| line.contains("requires rustc")) {
            let (name, version) = package.split_once(" v")?;
            return Some(HeldBack { name: name.into(), version: version.into(), reason: why });
        }
        if let Some(path) = quoted(line, "failed to parse manifest at `") {
            let folder = Path::new(&path).parent()?.file_name()?.to_str()?.to_string();
            let (name, version) = set.iter().find(|(name, version)| folder == format!("{name}-{version}"))?;
            return Some(HeldBack { name: name.clone(), version: version.clone(), reason: "its manifest cannot be read".into() });
        }
    }
    let name = log.lines().find_map(|line| quoted(line, "could not compile `"))?;
    let of_name: Vec<&(String, String)> = set.iter().filter(|(n, _)| n.replace('_', "-") == name.replace('_', "-")).collect();
    // Where a set has a package twice, the path in the messages tells which.
    let one = of_name
        .iter()
        .find(|(name, version)| log.contains(&format!("/{name}-{version}/")))
        .or_else(|| of_name.first())?;
    Some(HeldBack { name: one.0.clone(), version: one.1.clone(), reason: why })
}

/// The lock file without our own package, and the reasons as comments at its top.
fn with_reasons(lock: &str, held: &[HeldBack], stated: &[String]) -> String {
    let mut text: String = stated.iter().map(|line| format!("# held back: {line}\n")).collect();
    for found in held {
        text.push_str(&format!("# held back: {} {}: {}\n", found.name, found.version, found.reason.replace('\n', " ")));
    }
    let ours = format!("[[package]]\nname = \"{HOLDER}\"");
    match lock.find(&ours) {
        Some(start) => {
            let end = lock[start + 1..].find("[[package]]").map_or(lock.len(), |end| start + 1 + end);
            text.push_str(&lock[..start]);
            text.push_str(&lock[end..]);
        }
        None => text.push_str(lock),
    }
    text
}

/// The comments at the top of a lock file: what is held back, and why.
pub fn reasons(text: &str) -> Vec<String> {
    text.lines().map_while(|line| line.strip_prefix("# held back: ")).map(str::to_string).collect()
}

fn without_reasons(text: &str) -> String {
    let rest: Vec<&str> = text.lines().skip_while(|line| line.starts_with("# held back: ")).collect();
    rest.join("\n") + "\n"
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> Vec<(String, String)> {
        vec![("libc".into(), "0.2.191".into()), ("proc-macro2".into(), "1.0.107".into())]
    }

    #[test]
    fn the_package_that_does_not_compile_is_blamed() {
        let log = "error[E0658]: unstable\nerror: aborting\nerror: could not compile `proc-macro2`.\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("proc-macro2", "1.0.107"));
        assert_eq!(culprit("error: could not compile `our-own`", &set()), None);
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_blamed_by_its_path() {
        let log = "error: failed to get `libc`\n  failed to parse manifest at `/v/libc-0.2.191/Cargo.toml`\n";
        assert_eq!(culprit(log, &set()).unwrap().name, "libc");
    }

    #[test]
    fn a_stated_rust_version_is_believed() {
        let log = "error: package `libc v0.2.191` cannot be built because it requires rustc 1.65 or newer\n";
        assert_eq!(culprit(log, &set()).unwrap().version, "0.2.191");
    }

    #[test]
    fn versions_are_forbidden_from_the_lowest_on_in_their_line() {
        assert_eq!(lowest_of_each_line(&["1.0.107", "1.0.99", "2.1.0"]), ["^1, <1.0.99", "^2, <2.1.0"]);
        assert_eq!(lowest_of_each_line(&["0.2.12", "0.0.3"]), ["^0.0.3, <0.0.3", "^0.2, <0.2.12"]);
    }

    #[test]
    fn our_own_package_does_not_stay_in_the_lock() {
        let lock = format!("version = 3\n\n[[package]]\nname = \"{HOLDER}\"\nversion = \"0.0.0\"\n\n[[package]]\nname = \"libc\"\n");
        let held = HeldBack { name: "libc".into(), version: "1.0.0".into(), reason: "x".into() };
        assert_eq!(
            with_reasons(&lock, &[held], &["a 2.0.0 at 1.0.0: x".to_string()]),
            "# held back: a 2.0.0 at 1.0.0: x\n# held back: libc 1.0.0: x\nversion = 3\n\n[[package]]\nname = \"libc\"\n"
        );
    }

    #[test]
    fn what_the_index_states_is_a_reason() {
        let line = "      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)";
        assert_eq!(stated(line).unwrap(), "libc 0.2.191 at 0.2.163: it states that it needs Rust 1.65");
        assert_eq!(stated("      Adding autocfg v1.5.1"), None);
    }

    #[test]
    fn what_needs_an_impossible_package_is_blamed() {
        let lock = "[[package]]\nname = \"own\"\nversion = \"0.1.0\"\ndependencies = [\n \"basic\",\n]\n\n\
                    [[package]]\nname = \"trybuild\"\nversion = \"1.0.5\"\nsource = \"r\"\ndependencies = [\n \"basic 0.1.0\",\n]\n";
        let found = needing(lock, "basic").unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("trybuild", "1.0.5"));
        assert_eq!(needing(lock, "trybuild"), None);
    }

    #[test]
    fn a_copied_manifest_keeps_its_dependencies_alone() {
        let text = "[package]\nname = \"x\"\nbuild = \"b.rs\"\n[lib]\npath = \"y.rs\"\n[dependencies]\nlibc = \"0.2\"\n";
        let bare = bare(text, "1.48.0").unwrap();
        assert!(bare.contains("libc = \"0.2\"") && bare.contains("rust-version = \"1.48.0\""), "{bare}");
        assert!(!bare.contains("y.rs") && !bare.contains("b.rs"), "{bare}");
    }
}
