//! Cells of the project's own msrv.toml: with the same packages, so that there is one root file system for both.

/// What says of a cell which root file system it has.
const KEYS: [&str; 5] = ["name", "suite", "archives", "packages", "qemu"];

/// The cells of these names, as a msrv.toml has them.
pub fn of_the_project(names: &[&str]) -> String {
    let all: Vec<&str> = include_str!("../../../msrv.toml").split("\n[[cell]]\n").skip(1).collect();
    let cell = |name: &&str| {
        let head = format!("name = {name:?}\n");
        let cell = all.iter().find(|cell| cell.starts_with(&head)).expect("the project has the cell");
        let is_kept = |line: &&str| line.split_once(" = ").map_or(false, |(key, _)| KEYS.contains(&key));
        let lines: Vec<&str> = cell.lines().take_while(|line| !line.is_empty()).filter(is_kept).collect();
        format!("[[cell]]\n{}\n", lines.join("\n"))
    };
    names.iter().map(cell).collect()
}
