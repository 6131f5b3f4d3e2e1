//! `cargo oldstable survey`: lowers many packages, each for several floors, and keeps what came out in a table.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use super::lower::{self, Floor, Lowered};
use crate::host::{output, process, progress};
use crate::lower::report::Tests;
use crate::lower::{copy, trial};
use crate::project::version::Version;

const HEAD: &str = "package\tversion\tfloor\tbuilds\tplaces\tdiffer\tby hand\tseconds\ttests\twhy not\n";

#[derive(Debug, Args)]
pub struct Arguments {
    /// A file with a package in each line: its name and its version.
    #[arg(value_name = "LIST")]
    pub list: PathBuf,
    /// The compilers.
    #[arg(value_name = "FLOOR", required = true)]
    pub floors: Vec<Version>,
    /// The table, which is gone on with if it is there.
    #[arg(long, value_name = "FILE", default_value = "survey.tsv")]
    pub table: PathBuf,
    /// Where the copies go.
    #[arg(long, value_name = "FOLDER", default_value = "target/survey")]
    pub out: PathBuf,
    /// This many at the same time.
    #[arg(long, short, default_value = "1")]
    pub jobs: usize,
    /// Lower what the packages depend on too.
    #[arg(long)]
    pub with_dependencies: bool,
    /// Run the packages' own tests on the floors too.
    #[arg(long)]
    pub test: bool,
    /// Take oldstable-compat from this folder.
    #[arg(long, value_name = "FOLDER")]
    pub compat: Option<PathBuf>,
}

struct Task {
    name: String,
    version: String,
    minor: u32,
}

pub fn run(arguments: &Arguments) -> Result<i32> {
    let list =
        fs::read_to_string(&arguments.list).with_context(|| format!("cannot read {}", arguments.list.display()))?;
    let minors: Vec<u32> = arguments.floors.iter().map(lower::minor).collect::<Result<_>>()?;
    let compat = fs::canonicalize(lower::compat(arguments.compat.as_deref())?)?;
    let table = fs::read_to_string(&arguments.table).unwrap_or_default();
    let (whole, done) = done(&table);
    let mut tasks = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            for minor in &minors {
                let task = Task { name: name.to_string(), version: version.to_string(), minor: *minor };
                if !done.contains(&(task.name.clone(), task.version.clone(), format!("1.{minor}"))) {
                    tasks.push(task);
                }
            }
        }
    }
    for minor in tasks.iter().map(|task| task.minor).collect::<BTreeSet<_>>() {
        lower::ensure_toolchain(&format!("1.{minor}"))?;
    }
    let written = || -> Result<File> {
        let mut file = File::options().create(true).append(true).open(&arguments.table)?;
        file.set_len(whole.len() as u64)?;
        if whole.is_empty() {
            file.write_all(HEAD.as_bytes())?;
        }
        Ok(file)
    };
    let table = Mutex::new(written().with_context(|| format!("cannot write {}", arguments.table.display()))?);
    fs::create_dir_all(&arguments.out)?;
    let out = fs::canonicalize(&arguments.out)?;
    for minor in &minors {
        // An earlier run's may be older.
        let compat = built(&out, *minor).join(copy::COMPAT);
        if compat.exists() {
            fs::remove_dir_all(&compat).with_context(|| format!("cannot replace {}", compat.display()))?;
        }
    }
    process::side_by_side(&tasks, arguments.jobs, |task| {
        let start = Instant::now();
        let row = match one(task, &out, &compat, arguments.test, arguments.with_dependencies) {
            Ok(lowered) => row(task, &lowered, start.elapsed().as_secs_f32()),
            Err(error) => {
                let why = format!("{error:#}").replace(['\n', '\t'].as_slice(), " ");
                format!(
                    "{}\t{}\t1.{}\tno\t\t\t\t{:.1}\t\t{why}\n",
                    task.name,
                    task.version,
                    task.minor,
                    start.elapsed().as_secs_f32()
                )
            }
        };
        progress::note(row.trim_end());
        // A row is one write, so that a run that is ended leaves whole rows.
        let mut file = table.lock().unwrap_or_else(|e| e.into_inner());
        if let Err(error) = file.write_all(row.as_bytes()) {
            progress::note(&format!("error: the table cannot be written: {error}"));
        }
    });
    summary(&arguments.table, &minors)
}

fn one(task: &Task, out: &Path, compat: &Path, test: bool, with_dependencies: bool) -> Result<Lowered> {
    let folder = lower::from_registry(&format!("{}@{}", task.name, task.version))?;
    let toolchain = format!("1.{}", task.minor);
    let cargo = |folder: &Path, target: &Path| Ok(trial::rustup(&toolchain, folder, target));
    let place = out.join(&toolchain).join(format!("{}-{}", task.name, task.version));
    let built = built(out, task.minor);
    fs::create_dir_all(&built)?;
    let floor = Floor { minor: task.minor, compat, cargo: &cargo, built: &built, with_dependencies };
    lower::lower(&folder, &place, &floor, false, test)
}

/// Where what packages share is built, once for each floor.
fn built(out: &Path, minor: u32) -> PathBuf {
    out.join("built").join(format!("1.{minor}"))
}

fn row(task: &Task, lowered: &Lowered, seconds: f32) -> String {
    let builds = if lowered.left.is_empty() { "yes" } else { "no" };
    let mut why: Vec<String> = Vec::new();
    for left in &lowered.left {
        let text = left.language.map_or_else(|| left.message.clone(), |(what, since)| format!("{what} (1.{since})"));
        if !why.contains(&text) {
            why.push(text);
        }
    }
    let more = if why.len() > 3 { format!("; and {} more", why.len() - 3) } else { String::new() };
    why.truncate(3);
    format!(
        "{}\t{}\t1.{}\t{builds}\t{}\t{}\t{}\t{seconds:.1}\t{}\t{}{more}\n",
        task.name,
        task.version,
        task.minor,
        lowered.changes,
        lowered.differing.len(),
        lowered.by_hand.len() + lowered.left.len(),
        lowered.tests.as_ref().map_or_else(String::new, Tests::to_string).replace(['\n', '\t'].as_slice(), " "),
        why.join("; ").replace('\t', " ")
    )
}

/// What is left of a table whose last row may be torn, and which packages it has at which floors.
fn done(table: &str) -> (&str, BTreeSet<(String, String, String)>) {
    let whole = &table[..table.rfind('\n').map_or(0, |end| end + 1)];
    let rows = whole.lines().map(|line| line.split('\t').map(String::from));
    let keys = rows.filter_map(|mut cells| Some((cells.next()?, cells.next()?, cells.next()?)));
    (whole, keys.filter(|(_, _, floor)| floor.starts_with("1.")).collect())
}

fn summary(table: &Path, minors: &[u32]) -> Result<i32> {
    let text = fs::read_to_string(table)?;
    for minor in minors {
        let floor = format!("1.{minor}");
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
        let of_floor: Vec<_> = rows.iter().filter(|row| row.get(2) == Some(&floor.as_str())).collect();
        let builds = of_floor.iter().filter(|row| row.get(3) == Some(&"yes")).count();
        output::line(format_args!("{floor}: {builds} of {} build", of_floor.len()));
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            compat: None,
        }
    }

    #[test]
    fn what_is_in_the_table_is_not_done_again() {
        let scratch = tempfile::tempdir().unwrap();
        let arguments = arguments(scratch.path());
        let rows = "a\t1.0.0\t1.63\tyes\t0\t0\t0\t1.0\t\t\nb\t2.0.0\t1.63\tno\t\t\t\t1.0\t\twhy\n";
        fs::write(&arguments.table, format!("{HEAD}{rows}")).unwrap();
        // There are no such packages: it would say so in the rows.
        run(&arguments).unwrap();
        assert_eq!(fs::read_to_string(&arguments.table).unwrap(), format!("{HEAD}{rows}"));
    }

    #[test]
    fn a_torn_row_is_done_again() {
        let row = "a\t1.0.0\t1.63\tyes\t0\t0\t0\t1.0\t\t\n";
        let table = format!("{HEAD}{row}b\t2.0.0\t1.63\ty");
        let (whole, done) = done(&table);
        assert_eq!(whole, format!("{HEAD}{row}"));
        assert_eq!(done.into_iter().map(|(name, _, _)| name).collect::<Vec<_>>(), ["a"]);
    }
}
