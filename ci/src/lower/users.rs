// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parts of a package that use oldstable-compat, which becomes a dependency of those alone.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use super::source::{Draft, File};
use super::standard::CRATE;

/// The words that an item with a body may begin with.
const ITEMS: [&str; 14] = [
    "mod",
    "fn",
    "use",
    "impl",
    "struct",
    "enum",
    "union",
    "trait",
    "const",
    "static",
    "type",
    "unsafe",
    "extern",
    "macro_rules",
];

const TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

/// What oldstable-compat has with its feature `std` alone, and the release whose core has it.
const ONLY_IN_STD: [(&str, u32); 2] = [("oldstable_compat::c_str!", 64), ("oldstable_compat::error::", 81)];

/// Which parts use it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Users {
    /// The library or a program.
    pub built: bool,
    /// The build script.
    pub script: bool,
    /// Tests, examples, benchmarks or the documentation's examples.
    pub tests: bool,
    /// Whether the library or a program needs its feature `std` at the manifest's floor.
    pub std: bool,
}

impl Users {
    /// Returns the users in a package's files.
    pub fn of(files: &BTreeMap<PathBuf, Draft>, manifest: &Manifest) -> Users {
        let mut users = Users::default();
        let of_tests = only_of_tests(files, manifest);
        let script = manifest.script();
        for (path, draft) in files.iter().filter(|(_, draft)| draft.text.contains(CRATE)) {
            let code = is_code(&draft.text);
            users.tests |= of_tests(path) || !code;
            users.script |= *path == script;
            let built = code && *path != script && !of_tests(path);
            users.built |= built;
            let is_used = |(name, minor): &(&str, u32)| {
                manifest.floor.map_or(false, |floor| floor < *minor) && draft.text.contains(name)
            };
            users.std |= built && ONLY_IN_STD.iter().any(is_used);
        }
        // A script may have any file as a module.
        let includes = |text: &str| ["mod ", "include!"].iter().any(|word| text.contains(word));
        users.script |= users.any() && files.get(&script).map_or(false, |draft| includes(&draft.text));
        users
    }

    pub fn any(self) -> bool {
        self.built || self.script || self.tests
    }
}

/// Returns whether a file is one of tests, examples or benchmarks alone.
pub fn only_of_tests<'a>(files: &BTreeMap<PathBuf, Draft>, manifest: &'a Manifest) -> impl Fn(&Path) -> bool + 'a {
    let folders = ["tests", "examples", "benches"];
    let others: Vec<&str> =
        files.iter().filter(|(path, _)| !folders.iter().any(|f| path.starts_with(f))).map(|(_, d)| &*d.text).collect();
    // The library may have any file as a module.
    let apart = !folders.iter().any(|folder| others.iter().any(|text| text.contains(&format!("../{folder}/"))));
    let modules: Vec<PathBuf> = files.iter().flat_map(|(path, draft)| modules_of_tests(path, &draft.text)).collect();
    move |path| {
        let in_folder = apart && folders.iter().any(|folder| path.starts_with(folder));
        in_folder && !manifest.builds(path)
            || modules.iter().any(|module| path.with_extension("") == *module || path.starts_with(module))
    }
}

/// Returns the files without extension, or folders, of modules that a file declares for tests.
fn modules_of_tests(path: &Path, text: &str) -> Vec<PathBuf> {
    if !text.contains("cfg(test)") {
        return Vec::new();
    }
    let file = match File::parse(text) {
        Ok(file) => file,
        Err(_) => return Vec::new(),
    };
    let root = ["lib", "main", "mod"].iter().any(|name| path.file_stem().map_or(false, |stem| stem == *name));
    let folder = if root { path.parent().unwrap_or(path).to_path_buf() } else { path.with_extension("") };
    let items = items_of_tests(&file).into_iter();
    let named = items.filter_map(|item| {
        let last = item.end.checked_sub(1)?;
        let declared = file.text(last) == ";" && last >= 2 && file.text(last - 2) == "mod";
        let elsewhere = item.clone().any(|i| file.text(i) == "path");
        // In a module of this file the folder is another.
        let outer = file.around(item.start).is_none();
        (declared && !elsewhere && outer).then(|| folder.join(file.text(last - 1)))
    });
    named.collect()
}

/// Returns whether code besides tests uses it.
fn is_code(text: &str) -> bool {
    let file = match File::parse(text) {
        Ok(file) => file,
        Err(_) => return true,
    };
    if file.reads(0, &["#", "!", "[", "cfg", "(", "test", ")", "]"]) {
        return false;
    }
    let tests = items_of_tests(&file);
    (0..file.len()).any(|i| file.text(i) == CRATE && !tests.iter().any(|item| item.contains(&i)))
}

/// Returns the tokens of the items that only tests have.
fn items_of_tests(file: &File) -> Vec<Range<usize>> {
    (0..file.len()).filter(|i| file.reads(*i, &TESTS)).filter_map(|i| item(file, i)).collect()
}

/// Returns the tokens of the item whose attributes begin here; a field or an expression is none.
fn item(file: &File, start: usize) -> Option<Range<usize>> {
    let mut i = start;
    while file.reads(i, &["#", "["]) {
        i = file.after(i + 1);
    }
    if file.text(i) == "pub" {
        i += 1;
        i = if file.text(i) == "(" { file.after(i) } else { i };
    }
    if !ITEMS.contains(&file.text(i)) {
        return None;
    }
    let end = file.find(i, file.len(), |i| [";", "{"].contains(&file.text(i)))?;
    Some(start..file.after(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USE: &str = "use oldstable_compat::x;\n";

    fn users_with(manifest: &str, files: &[(&str, &str)]) -> [bool; 3] {
        let text = format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\n{manifest}");
        let manifest = Manifest::parse(&text).unwrap();
        let files = files.iter().map(|(path, text)| (PathBuf::from(path), Draft::new(text.to_string()))).collect();
        let Users { built, script, tests, .. } = Users::of(&files, &manifest);
        [built, script, tests]
    }

    fn users(files: &[(&str, &str)]) -> [bool; 3] {
        users_with("", files)
    }

    const BUILT: [bool; 3] = [true, false, false];
    const SCRIPT: [bool; 3] = [false, true, false];
    const TESTS: [bool; 3] = [false, false, true];

    #[test]
    fn each_file_belongs_to_a_part() {
        assert_eq!(users(&[("src/lib.rs", "fn f() {}")]), [false; 3]);
        assert_eq!(users(&[("src/lib.rs", USE)]), BUILT);
        assert_eq!(users(&[("src/deep/er.rs", USE)]), BUILT);
        assert_eq!(users(&[("src/bin/b.rs", USE)]), BUILT);
        for file in ["tests/a.rs", "tests/common/mod.rs", "examples/e.rs", "benches/b.rs"] {
            assert_eq!(users(&[("src/lib.rs", ""), (file, USE)]), TESTS, "{file}");
        }
        assert_eq!(users(&[("build.rs", USE)]), SCRIPT);
        assert_eq!(users_with("build = \"src/make.rs\"", &[("src/make.rs", USE), ("build.rs", "")]), SCRIPT);
        assert_eq!(users(&[("src/lib.rs", USE), ("build.rs", "mod a;")]), [true, true, false]);
    }

    #[test]
    fn what_old_compilers_have_in_std_alone_needs_its_feature() {
        let needs = |file: &str, text: &str, minor: u32| {
            let mut manifest = Manifest::parse("[package]\nname = \"a\"\nversion = \"1.0.0\"\n").unwrap();
            manifest.floor = Some(minor);
            let files = [(PathBuf::from(file), Draft::new(text.to_string()))];
            Users::of(&BTreeMap::from(files), &manifest).std
        };
        let (literal, error) = ("fn f() { oldstable_compat::c_str!(\"\"); }", "use oldstable_compat::error::Error;");
        assert!(needs("src/lib.rs", literal, 63) && !needs("src/lib.rs", literal, 64));
        assert!(needs("src/lib.rs", error, 80) && !needs("src/lib.rs", error, 81));
        assert!(!needs("tests/a.rs", literal, 63) && !needs("build.rs", error, 63) && !needs("src/lib.rs", USE, 48));
    }

    #[test]
    fn a_library_may_have_files_of_tests() {
        assert_eq!(users(&[("src/lib.rs", "#[path = \"../tests/a.rs\"] mod a;"), ("tests/a.rs", USE)]), BUILT);
        assert_eq!(users_with("[lib]\npath = \"tests/a.rs\"", &[("tests/a.rs", USE)]), BUILT);
        assert_eq!(users_with("[[bin]]\nname = \"e\"\npath = \"examples/e.rs\"", &[("examples/e.rs", USE)]), BUILT);
        assert_eq!(users(&[("src/lib.rs", "mod tests;"), ("src/tests.rs", USE)]), BUILT);
    }

    #[test]
    fn parts_of_a_file_may_be_of_tests() {
        let lib = |text: &str| users(&[("src/lib.rs", text)]);
        let module = format!("#[cfg(test)]\nmod tests {{ {USE} fn f() {{}} }}\n");
        assert_eq!(lib(&module), TESTS);
        assert_eq!(lib(&format!("{module}{USE}")), BUILT);
        assert_eq!(lib(&format!("#[cfg(test)]\n{USE}")), TESTS);
        assert_eq!(lib(&format!("#[cfg(not(test))]\n{USE}")), BUILT);
        assert_eq!(lib(&format!("#[cfg(any(test, unix))]\n{USE}")), BUILT);
        assert_eq!(lib("/// oldstable_compat::f();\nfn f() {}"), TESTS);
        // The field ends before.
        assert_eq!(lib("struct S { #[cfg(test)] a: [u8; { 1 }], b: oldstable_compat::X }"), BUILT);
        assert_eq!(lib("fn f() { match x { #[cfg(test)] 1 => {} _ => { oldstable_compat::f() } } }"), BUILT);
        assert_eq!(lib(&format!("#![cfg(test)]\n{USE}")), TESTS);
        assert_eq!(lib(&format!("not Rust ' \" {USE}")), BUILT);
    }

    #[test]
    fn a_module_of_tests_may_be_a_file() {
        let declared = "#[cfg(test)]\nmod tests;\n";
        for file in ["src/tests.rs", "src/tests/mod.rs", "src/tests/deep.rs"] {
            assert_eq!(users(&[("src/lib.rs", declared), (file, USE)]), TESTS, "{file}");
        }
        assert_eq!(users(&[("src/a.rs", declared), ("src/a/tests.rs", USE)]), TESTS);
        assert_eq!(users(&[("src/a.rs", declared), ("src/tests.rs", USE)]), BUILT);
        let elsewhere = "#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\n";
        assert_eq!(users(&[("src/lib.rs", elsewhere), ("src/tests.rs", USE)]), BUILT);
    }
}
