// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A module of `src` uses only those above it, in the order of `src/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules, in their order.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string(src().join("lib.rs")).expect("src/lib.rs");
    lib.lines()
        .map(|line| line.trim_start_matches("pub "))
        .filter_map(|line| Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned()))
        .collect()
}

/// Returns all source files below a path, or the file itself.
fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).expect("a directory of src");
    entries.flat_map(|entry| files(&entry.expect("an entry").path())).collect()
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let directory = src().join(module);
    if directory.is_dir() {
        files(&directory)
    } else {
        vec![src().join(format!("{}.rs", module))]
    }
}

/// Returns the code of a file in one line, without comments.
fn code(source: &str) -> String {
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    let words: Vec<_> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// Returns the names at the root of the crate.
fn names_at_the_root() -> Vec<(String, String)> {
    let mut names: Vec<_> = modules().into_iter().map(|module| (module.clone(), module)).collect();
    for module in modules() {
        for file in files_of(&module) {
            let source = fs::read_to_string(file).expect("a source file");
            for text in source.split("#[macro_export]").skip(1) {
                let name = text.split("macro_rules! ").nth(1).and_then(|text| text.split(' ').next());
                names.push((name.expect("a macro").to_owned(), module.clone()));
            }
        }
    }
    let lib = code(&fs::read_to_string(src().join("lib.rs")).expect("src/lib.rs"));
    for export in lib.split("pub use ").skip(1) {
        let end = export.find(';').expect("the end of a re-export");
        let mut words = words(&export[..end]);
        let module = words.remove(0);
        names.extend(words.into_iter().map(|name| (name, module.clone())));
    }
    names
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c| !is_of_a_name(c));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns the names that code uses from the crate's root: the first of each path after it.
fn taken_from_the_root(code: &str, root: &str) -> Vec<String> {
    let mut taken = Vec::new();
    for (at, _) in code.match_indices(root) {
        // Not the end of a longer path or name.
        if code[..at].ends_with(|c| is_of_a_name(c) || c == ':') {
            continue;
        }
        let path = &code[at + root.len()..];
        if !path.starts_with('{') {
            let end = path.find(|c| !is_of_a_name(c)).unwrap_or(path.len());
            taken.push(if path.starts_with('*') { "*" } else { &path[..end] }.to_owned());
            continue;
        }
        // A list: at its own depth, each name after a brace or a comma.
        let mut depth = 0;
        for (n, c) in path.char_indices() {
            if depth == 1 && path[..n].trim_end().ends_with(|c| c == '{' || c == ',') && is_of_a_name(c) {
                taken.extend(words(&path[n..]).into_iter().take(1));
            }
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    taken
}

/// Returns the depth of a file's module below the crate's root.
fn depth(file: &Path) -> usize {
    let below = file.strip_prefix(src()).expect("a file of src");
    let is_mod = below.file_name().map_or(false, |name| name == "mod.rs");
    below.components().count() - is_mod as usize
}

/// Returns the uses in a file of `module` that violate the order.
fn against_the_order(module: &str, file: &Path, source: &str, names: &[(String, String)]) -> Vec<String> {
    let modules = modules();
    let place = |module: &str| modules.iter().position(|other| other == module);
    let code = code(source);
    let mut taken = taken_from_the_root(&code, "crate::");
    let supers = "super::".repeat(depth(file));
    let above = taken_from_the_root(&code, &supers).into_iter();
    // From a test module inside the file, that is the file itself.
    taken.extend(above.filter(|name| modules.contains(name)));
    let mut wrong = Vec::new();
    for name in taken {
        let of = names.iter().find(|(known, _)| *known == name).map(|(_, module)| module.as_str());
        let is_above = match of {
            Some(of) => place(of) <= place(module),
            // The crate compat, whose shims macros name by this path.
            None => name == "compat",
        };
        if !is_above {
            wrong.push(format!("{} uses {}", file.display(), name));
        }
    }
    wrong
}

#[test]
fn each_module_uses_only_those_above_it() {
    let modules = modules();
    assert!(modules.len() > 20, "only these modules were found: {:?}", modules);
    let names = names_at_the_root();
    let mut wrong = Vec::new();
    for module in &modules {
        for file in files_of(module) {
            let source = fs::read_to_string(&file).expect("a source file");
            wrong.extend(against_the_order(module, &file, &source, &names));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_use_of_a_module_below_is_seen() {
    let file = src().join("qom").join("cast.rs");
    let names = names_at_the_root();
    let against = |source| against_the_order("qom", &file, source, &names);
    let uses = [
        "use crate::qdev::DeviceState;",
        "use crate::{\n    sys::{self, Object},\n    qdev,\n};",
        "pub use crate::memory::Attributes;",
        "fn f() { crate::plugin::init() }",
        "macro_rules! m { () => { $crate::pci::PciDevice }; }",
        "crate::qdev_define_conf! {}",
        "use super::super::irq::IrqLine;",
        "use crate::*;",
    ];
    for wrong in &uses {
        assert_eq!(against(wrong).len(), 1, "{}", wrong);
    }
    let right = "use crate::{Error, Result};\nuse crate::sys::qdev;\n// use crate::qdev;\nuse super::object::Object;\nuse crate::compat::c_str;";
    assert_eq!(against(right), Vec::<String>::new());
}

/// The pages that list the modules have them in this order.
#[test]
fn the_readme_and_the_front_page_follow_the_order() {
    let modules = modules();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("README.md");
    let in_readme = readme.lines().filter(|line| line.starts_with("| `src/")).flat_map(|line| {
        let cell = line.split('|').nth(1).unwrap_or_default();
        cell.split("`src/").skip(1).filter_map(|path| path.split(|c| c == '/' || c == '.' || c == '`').next())
    });
    let lib = fs::read_to_string(src().join("lib.rs")).expect("src/lib.rs");
    let on_the_front_page = lib.lines().filter(|line| line.starts_with("//! - [")).flat_map(|line| {
        let names = line.split("]: ").next().unwrap_or_default().split('`').skip(1).step_by(2);
        names.map(|name| if name == "Error" { "error" } else { name })
    });
    for names in &[in_readme.collect::<Vec<_>>(), on_the_front_page.collect()] {
        let places = names.iter().filter(|name| **name != "*");
        let places: Vec<_> = places.map(|name| modules.iter().position(|module| module == name).expect(name)).collect();
        let mut sorted = places.clone();
        sorted.sort_unstable();
        assert!(places.len() > 5, "only {:?} were found", names);
        assert_eq!(places, sorted, "{:?}", names);
    }
}
