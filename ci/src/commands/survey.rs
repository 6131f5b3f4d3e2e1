// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable survey`: lowers many packages, each for several floors, and keeps what came out in a table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use clap::Args;
use tempfile::NamedTempFile;

use super::lower::{self, Floor, Lowered, Newest, Proofs};
use crate::host::{cache, ending, output, process, progress};
use crate::lower::report::Left;
use crate::lower::results::Tests;
use crate::lower::{copy, minor, trial};
use crate::project::version::Version;
use crate::project::workspace::cargo;

const HEAD: [&str; 13] = [
    "package", "version", "floor", "tool", "builds", "places", "differ", "by hand", "seconds", "tests", "newest",
    "newer", "why not",
];

#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// A file with a package in each line: its name and its version.
    #[arg(value_name = "LIST")]
    pub list: PathBuf,
    /// The compilers.
    #[arg(value_name = "FLOOR", required = true)]
    pub floors: Vec<Version>,
    /// The table, which is continued if it exists.
    #[arg(long, value_name = "FILE", default_value = "survey.tsv")]
    pub table: PathBuf,
    /// The folder for the copies.
    #[arg(long, value_name = "FOLDER", default_value = "target/survey")]
    pub out: PathBuf,
    /// The number of packages to lower at the same time.
    #[arg(long, short, default_value = "1")]
    pub jobs: usize,
    /// Also lower the packages' dependencies.
    #[arg(long)]
    pub with_dependencies: bool,
    /// Also run the packages' own tests on the floors.
    #[arg(long)]
    pub test: bool,
    /// On the newest compiler, run the tests of the package and of its copy, and look for newer std items with clippy.
    #[arg(long)]
    pub newest: bool,
    /// Repeat the rows from other builds of this program.
    #[arg(long)]
    pub again: bool,
    /// Use the oldstable-compat in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub compat: Option<PathBuf>,
}

impl Arguments {
    /// Whether a row says all that is asked for.
    fn has_all(&self, row: &[String], tool: &str) -> bool {
        let proofs = (!self.test || !row[9].is_empty()) && (!self.newest || !row[10].is_empty());
        (!self.again || row[3] == tool) && (row[4] != "yes" || proofs)
    }

    /// Returns what is asked for, and what a row of an earlier run has.
    fn proofs(&self, row: Option<&Vec<String>>) -> Proofs {
        let had = |column: usize| row.map_or(false, |row| !row[column].is_empty());
        Proofs { strict: false, test: self.test || had(9), newest: self.newest || had(10) }
    }
}

struct Task {
    name: String,
    version: String,
    minor: u32,
}

pub fn run(arguments: &Arguments) -> Result<i32> {
    let list =
        fs::read_to_string(&arguments.list).with_context(|| format!("cannot read {}", arguments.list.display()))?;
    let minors: Vec<u32> = arguments.floors.iter().map(minor).collect::<Result<_>>()?;
    let compat = fs::canonicalize(lower::compat(arguments.compat.as_deref())?)?;
    let tool = tool()?;
    let mut all = Vec::new();
    for minor in &minors {
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            if let (Some(name), Some(version)) = (words.next(), words.next()) {
                all.push(Task { name: name.to_string(), version: version.to_string(), minor: *minor });
            }
        }
    }
    let table = Table::read(&arguments.table)?;
    let done = |task: &Task| table.row(task).map_or(false, |row| arguments.has_all(row, &tool));
    let tasks: Vec<&Task> = all.iter().filter(|task| !done(task)).collect();
    let floors = tasks.iter().map(|task| task.minor).collect::<BTreeSet<_>>();
    let toolchains: BTreeMap<u32, String> =
        floors.into_iter().map(|minor| Ok((minor, lower::toolchain(minor)?))).collect::<Result<_>>()?;
    table.write()?;
    let table = Mutex::new(table);
    fs::create_dir_all(&arguments.out)?;
    let out = fs::canonicalize(&arguments.out)?;
    let originals =
        Originals { folder: out.join("originals").join(if arguments.newest { clippy()? } else { String::new() }) };
    for minor in &minors {
        // One from an earlier run may be older.
        let compat = built(&out, *minor).join(copy::COMPAT);
        if compat.exists() {
            fs::remove_dir_all(&compat).with_context(|| format!("cannot replace {}", compat.display()))?;
        }
    }
    process::side_by_side(&tasks, arguments.jobs, |task| {
        let start = Instant::now();
        // The row is written anew, with all that it had.
        let proofs = arguments.proofs(table.lock().unwrap_or_else(|e| e.into_inner()).row(task));
        let lowered = one(task, &out, &compat, &toolchains[&task.minor], arguments.with_dependencies, proofs);
        let original = match &lowered {
            Ok(Lowered { newest: Some(_), .. }) => Some(originals.tests(task, &built(&out, task.minor))),
            _ => None,
        };
        let lowered = lowered.and_then(|lowered| Ok((lowered, original.transpose()?)));
        // The table may be shown elsewhere.
        let lowered =
            lowered.map_err(|error| anyhow::Error::msg(format!("{error:#}").replace(&out.display().to_string(), ".")));
        // A signal ends the programs that it started, which is no result.
        ending::wait_if_ending();
        let row = row(task, &tool, &lowered, start.elapsed().as_secs_f32());
        progress::note(&row.join("\t"));
        if let Err(error) = table.lock().unwrap_or_else(|e| e.into_inner()).put(row) {
            progress::note(&format!("error: the table cannot be written: {error:#}"));
        }
    });
    let table = table.into_inner().unwrap_or_else(|e| e.into_inner());
    for minor in &minors {
        output::line(table.summary(&format!("1.{minor}")));
    }
    Ok(0)
}

/// Returns an identifier of this build of this program.
fn tool() -> Result<String> {
    Ok(format!("{} {}", env!("CARGO_PKG_VERSION"), &cache::this_program()?[..8]))
}

fn one(
    task: &Task,
    out: &Path,
    compat: &Path,
    toolchain: &str,
    with_dependencies: bool,
    proofs: Proofs,
) -> Result<Lowered> {
    let folder = fetched(task)?;
    let cargo = |folder: &Path, target: &Path| Ok(trial::rustup(toolchain, folder, target));
    let place = out.join(format!("1.{}", task.minor)).join(format!("{}-{}", task.name, task.version));
    let built = built(out, task.minor);
    fs::create_dir_all(&built)?;
    let floor = Floor { minor: task.minor, compat, cargo: &cargo, built: &built, with_dependencies };
    lower::lower(&folder, &place, &floor, proofs)
}

/// Returns the sources of a task's package.
fn fetched(task: &Task) -> Result<PathBuf> {
    lower::from_registry(&format!("{}@{}", task.name, task.version))
}

/// The folder where shared dependencies are built, once per floor.
fn built(out: &Path, minor: u32) -> PathBuf {
    out.join("built").join(format!("1.{minor}"))
}

/// What the newest compiler says of the packages as they are, which is the same for each floor. A run that is continued
/// does not ask it again.
struct Originals {
    folder: PathBuf,
}

impl Originals {
    fn tests(&self, task: &Task, built: &Path) -> Result<Tests> {
        let file = self.folder.join(format!("{}-{}", task.name, task.version));
        // One that an older release of this program wrote says less.
        if let Some(known) = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok()) {
            return Ok(known);
        }
        let tests = lower::original(&fetched(task)?, built)?;
        copy::write(&file, &serde_json::to_string(&tests)?)?;
        Ok(tests)
    }
}

/// Returns the version of the newest clippy, which a toolchain can lack.
fn clippy() -> Result<String> {
    let output = cargo().args(["clippy", "--version"]).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "--newest needs clippy: `rustup component add clippy` installs it");
    Ok(String::from_utf8_lossy(&output.stdout).split_whitespace().nth(1).unwrap_or_default().to_string())
}

/// Returns the cells of a row, one for each of [`HEAD`].
fn row(task: &Task, tool: &str, done: &Result<(Lowered, Option<Tests>)>, seconds: f32) -> Vec<String> {
    let cell = |text: &dyn Fn(&Lowered) -> String| done.as_ref().map_or_else(|_| String::new(), |(done, _)| text(done));
    let newest = |text: &dyn Fn(&Newest) -> String| cell(&|done| done.newest.as_ref().map_or_else(String::new, text));
    let original = done.as_ref().ok().and_then(|(_, original)| original.as_ref());
    let mut row = vec![
        task.name.clone(),
        task.version.clone(),
        format!("1.{}", task.minor),
        tool.to_string(),
        if done.as_ref().map_or(false, |(done, _)| done.left.is_empty()) { "yes" } else { "no" }.to_string(),
        cell(&|done| done.changes.to_string()),
        cell(&|done| done.differing.len().to_string()),
        cell(&|done| (done.by_hand.len() + done.left.len()).to_string()),
        format!("{seconds:.1}"),
        cell(&|done| done.tests.as_ref().map_or_else(String::new, Tests::to_string)),
        newest(&|newest| original.map_or_else(String::new, |original| newest.tests.compared(original))),
        newest(&|newest| found(newest.newer.as_deref())),
        done.as_ref().map_or_else(|error| format!("{error:#}"), |(done, _)| why_not(&done.left)),
    ];
    row.iter_mut().for_each(|cell| *cell = cell.split_whitespace().collect::<Vec<_>>().join(" "));
    row
}

fn found(newer: Option<&[String]>) -> String {
    match newer {
        None => "it does not build".to_string(),
        Some([]) => "0".to_string(),
        Some(all) => format!("{}: {}", all.len(), all.iter().min().expect("one")),
    }
}

/// Returns the remaining errors, each kind once, those about the language first.
fn why_not(left: &[Left]) -> String {
    let mut why: Vec<String> = Vec::new();
    let (language, other): (Vec<&Left>, Vec<&Left>) = left.iter().partition(|left| left.language.is_some());
    for left in language.into_iter().chain(other) {
        let text = left.language.map_or_else(|| left.message.clone(), |(what, since)| format!("{what} (1.{since})"));
        if !why.contains(&text) {
            why.push(text);
        }
    }
    let more = if why.len() > 3 { format!("; and {} more", why.len() - 3) } else { String::new() };
    why.truncate(3);
    why.join("; ") + &more
}

/// The results, a row for each package and floor.
struct Table {
    path: PathBuf,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads the table if it exists and was written by this program.
    fn read(path: &Path) -> Result<Table> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let mut lines = text.lines().map(|line| line.split('\t').map(String::from).collect::<Vec<_>>());
        let head = lines.next().unwrap_or_else(|| HEAD.map(String::from).to_vec());
        let rows: Vec<_> = lines.collect();
        ensure!(
            head == HEAD && rows.iter().all(|row| row.len() == HEAD.len()),
            "{} is not a table of this command: give another with --table",
            path.display()
        );
        Ok(Table { path: path.to_path_buf(), rows })
    }

    fn row(&self, task: &Task) -> Option<&Vec<String>> {
        let key = [&task.name, &task.version, &format!("1.{}", task.minor)];
        self.rows.iter().find(|row| row.iter().zip(key).all(|(cell, key)| cell == key))
    }

    /// Adds a row, or replaces the one of the same package and floor.
    fn put(&mut self, row: Vec<String>) -> Result<()> {
        match self.rows.iter_mut().find(|old| old[..3] == row[..3]) {
            Some(old) => *old = row,
            None => self.rows.push(row),
        }
        self.write()
    }

    /// The old table stays until the new one is complete.
    fn write(&self) -> Result<()> {
        let line = |cells: &[String]| cells.join("\t") + "\n";
        let text: String = HEAD.join("\t") + "\n" + &self.rows.iter().map(|row| line(row)).collect::<String>();
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let written = || -> Result<()> {
            let mut file = NamedTempFile::new_in(folder)?;
            // Temporary files are private; the table is readable for all.
            file.as_file().set_permissions(Permissions::from_mode(0o644))?;
            file.write_all(text.as_bytes())?;
            file.persist(&self.path)?;
            Ok(())
        };
        written().with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn summary(&self, floor: &str) -> String {
        let rows: Vec<_> = self.rows.iter().filter(|row| row[2] == floor).collect();
        let count = |column: usize, holds: &dyn Fn(&str) -> bool| rows.iter().filter(|row| holds(&row[column])).count();
        format!(
            "{floor}: {} of {} build; the own tests of {} ran, of {} without a failure; on the newest compiler {} of \
                {} behave like the original, clippy finds nothing newer in {}",
            count(4, &|builds| builds == "yes"),
            rows.len(),
            count(9, &|tests| tests.contains(" passed, ")),
            count(9, &|tests| tests.contains(" passed, 0 failed")),
            count(10, &|newest| newest.starts_with("the same: ") && newest.contains(" passed, ")),
            count(10, &|newest| !newest.is_empty()),
            count(11, &|newer| newer == "0"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "a\t1.0.0\t1.63\t0 0\tyes\t0\t0\t0\t1.0\t1 passed, 0 failed\t\t0\t\n\
                        b\t2.0.0\t1.63\t0 0\tno\t\t\t\t1.0\t\t\t\twhy\n";

    fn arguments(folder: &Path) -> Arguments {
        fs::write(folder.join("list"), "a 1.0.0\nb 2.0.0\n").unwrap();
        Arguments {
            list: folder.join("list"),
            floors: vec!["1.63".parse().unwrap()],
            table: folder.join("table"),
            out: folder.join("out"),
            jobs: 1,
            with_dependencies: false,
            test: false,
            newest: false,
            again: false,
            compat: None,
        }
    }

    fn head() -> String {
        HEAD.join("\t") + "\n"
    }

    #[test]
    fn what_is_in_the_table_is_not_done_again() {
        let scratch = tempfile::tempdir().unwrap();
        let arguments = arguments(scratch.path());
        fs::write(&arguments.table, head() + ROWS).unwrap();
        // These packages do not exist, so another attempt would change their rows.
        run(&arguments).unwrap();
        assert_eq!(fs::read_to_string(&arguments.table).unwrap(), head() + ROWS);
    }

    #[test]
    fn what_the_table_does_not_say_yet_is_done() {
        let scratch = tempfile::tempdir().unwrap();
        let arguments = arguments(scratch.path());
        let row = |line: usize| ROWS.lines().nth(line).unwrap().split('\t').map(String::from).collect::<Vec<_>>();
        let (tested, unbuilt) = (row(0), row(1));
        let asked = |test, newest, again| Arguments { test, newest, again, list: PathBuf::new(), ..arguments.clone() };
        assert!(asked(true, false, false).has_all(&tested, "0 1") && asked(true, true, false).has_all(&unbuilt, "0 1"));
        assert!(!asked(false, true, false).has_all(&tested, "0 1"));
        assert!(
            !asked(false, false, true).has_all(&tested, "0 1") && asked(false, false, true).has_all(&tested, "0 0")
        );
    }

    #[test]
    fn what_is_no_table_stays_as_it_is() {
        let scratch = tempfile::tempdir().unwrap();
        let arguments = arguments(scratch.path());
        for text in ["own notes\n", &(head() + "a\t1.0.0\t1.6")] {
            fs::write(&arguments.table, text).unwrap();
            let error = run(&arguments).unwrap_err();
            assert!(format!("{error:#}").contains("is not a table of this command"), "{error:#}");
            assert_eq!(fs::read_to_string(&arguments.table).unwrap(), text);
        }
    }

    #[test]
    fn a_row_takes_the_place_of_an_older_one() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("table");
        fs::write(&path, head() + ROWS).unwrap();
        let mut table = Table::read(&path).unwrap();
        let new: Vec<String> =
            ROWS.lines().next().unwrap().replace("0 0", "0 1").split('\t').map(String::from).collect();
        table.put(new).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), head() + &ROWS.replacen("0 0", "0 1", 1));
        let summary = table.summary("1.63");
        assert!(summary.starts_with("1.63: 1 of 2 build; the own tests of 1 ran, of 1 without"), "{summary}");
    }

    /// The tables that were made by the commands in the README.
    #[test]
    fn the_readme_has_the_figures_of_the_tables() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let readme = fs::read_to_string(folder.join("README.md")).unwrap();
        let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
        for (table, list, floors) in
            [("survey", "plain", &["1.48", "1.63"][..]), ("survey-with-dependencies", "with-dependencies", &["1.63"])]
        {
            let table = Table::read(&folder.join(format!("tests/data/{table}.tsv"))).unwrap();
            let list = fs::read_to_string(folder.join(format!("tests/lower/{list}.txt"))).unwrap();
            for floor in floors {
                let rows: Vec<_> = table.rows.iter().filter(|row| row[2] == *floor).collect();
                let summary = table.summary(floor);
                let is_tested = rows.iter().any(|row| !row[9].is_empty());
                let figures = if is_tested { &*summary } else { summary.split(';').next().unwrap() };
                assert!(readme.contains(figures), "{figures}");
                let mut packages: Vec<String> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
                packages.sort();
                let mut listed: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
                listed.sort_unstable();
                assert_eq!(packages, listed);
            }
        }
    }
}
