// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The modules of this program and the dependencies between them: the imports agree with the list in `src/main.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns the modules in main.rs's order, from the top down.
fn stated(main: &str) -> Vec<&str> {
    main.lines().filter_map(|line| line.strip_prefix("//! * [`")?.split('`').next()).collect()
}

/// Returns the names after `start` in some code; several if a brace follows.
fn names_behind(code: &str, start: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(start) {
        let is_part_of_a_word = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let rest = &code[at + start.len()..];
        if is_part_of_a_word {
            continue;
        }
        let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        match rest.strip_prefix('{') {
            None => names.push(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut first = true;
                for (at, c) in group.char_indices() {
                    if first && depth == 0 {
                        names.push(word(&group[at..]));
                    }
                    first = depth == 0 && c == ',';
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

/// Returns the modules that a file uses by imports, re-exports and paths in code.
fn used(text: &str, file: &Path, modules: &[&str]) -> BTreeSet<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut names = names_behind(&code, "crate::");
    names.extend(names_behind(&code, "super::super::"));
    if file.file_name().map_or(false, |name| name == "mod.rs") {
        names.extend(names_behind(&code, "super::"));
    }
    names.into_iter().filter(|name| modules.contains(&name.as_str())).collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().map_or(false, |extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn a_module_uses_only_those_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let main = fs::read_to_string(source.join("main.rs")).unwrap();
    let modules = stated(&main);
    let declared: BTreeSet<&str> =
        main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect();
    assert_eq!(
        modules.iter().copied().collect::<BTreeSet<_>>(),
        declared,
        "main.rs states other modules than it declares"
    );
    let (mut wrong, mut arrows) = (Vec::new(), 0);
    for (height, module) in modules.iter().enumerate() {
        let mut found = Vec::new();
        files(&source.join(module), &mut found);
        assert!(!found.is_empty(), "{module} is empty");
        for file in found {
            let text = fs::read_to_string(&file).unwrap();
            for other in used(&text, &file, &modules) {
                arrows += 1;
                if modules.iter().position(|name| *name == other).unwrap() < height {
                    wrong.push(format!("{} uses {other}, which is above {module}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(arrows > 50, "only {arrows} arrows were found: the imports are not understood any more");
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let modules = ["above", "here", "below", "far"];
    let used = |text: &str, file: &str| used(text, Path::new(file), &modules).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(used("use crate::above::x;", "here/a.rs"), "above");
    assert_eq!(used("pub use crate::above::x as y;", "here/a.rs"), "above");
    assert_eq!(used("fn f() { crate::above::x() }", "here/a.rs"), "above");
    assert_eq!(used("use crate::{below::{x, y}, far};\nuse other::above;", "here/a.rs"), "below far");
    assert_eq!(used("use crate::{\n    below::x,\n    far::y,\n};", "here/a.rs"), "below far");
    assert_eq!(used("use super::super::above;", "here/a.rs"), "above");
    assert_eq!(used("pub use super::above::x;", "here/mod.rs"), "above");
    assert_eq!(used("use super::above;", "here/a.rs"), "", "a neighbour of that name");
    assert_eq!(used("// crate::above\nuse other_crate::above::x;", "here/a.rs"), "");
}

#[test]
fn no_file_and_no_function_is_too_long_to_be_read() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    for file in found {
        let text = fs::read_to_string(&file).unwrap();
        let licence = text.lines().take_while(|line| line.starts_with("// SPDX-")).count();
        let lines: Vec<&str> = text.lines().collect();
        let length = lines.len() - licence;
        assert!(length <= 500, "{} has {length} lines", file.display());
        assert!(lines[licence].starts_with("//! "), "{} does not open with its subject", file.display());
        for (number, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let is_function = ["fn ", "pub fn "].iter().any(|start| line.trim_start().starts_with(start));
            if is_function && !line.ends_with([';', '}']) {
                let end = format!("{}}}", " ".repeat(indent));
                let length = lines[number..].iter().position(|line| *line == end).unwrap_or(0);
                assert!(length < 80, "{}:{}: a function of {} lines", file.display(), number + 1, length + 1);
            }
        }
    }
}
