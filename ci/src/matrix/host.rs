//! The workspaces that are tested on this machine, with the Rust that started this program.

use crate::cell::workbench::Workbench;
use crate::matrix::steps;
use crate::project::workspace::cargo;
use crate::report::model::{Outcome, Row, Step};

/// Runs the tests of the host's workspaces with the cargo that started this program.
pub fn row(bench: &Workbench, verbose: bool) -> Row {
    let mut row = Row { name: "host".to_string(), ..Row::default() };
    let logs = bench.project.target().join("logs/host");
    let mut total = Outcome::default();
    for workspace in &bench.project.config.host {
        let name = workspace.display().to_string();
        let log = logs.join(format!("{}.log", name.replace(['/', '.'], "_")));
        let outcome = steps::timed("host", &format!("tests of {name}"), &log, verbose, || {
            let mut command = cargo();
            command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
            command.current_dir(bench.project.root.join(workspace));
            steps::test(&mut command, &log)
        });
        total.add(outcome, &name);
    }
    row.steps.insert(Step::Test, total);
    row
}
