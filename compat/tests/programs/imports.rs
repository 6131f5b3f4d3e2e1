// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A program that names std's items and modules by this crate's prefix compiles.

use crate::LIBRARY;
use std::{env, fs, process};

/// std's modules that have this name in all releases from 1.48 on or have one here.
const MODULES: &[&str] = &[
    "alloc",
    "any",
    "arch",
    "array",
    "ascii",
    "backtrace",
    "borrow",
    "boxed",
    "cell",
    "char",
    "clone",
    "cmp",
    "collections",
    "collections::binary_heap",
    "collections::btree_map",
    "collections::btree_set",
    "collections::hash_map",
    "collections::hash_set",
    "collections::linked_list",
    "collections::vec_deque",
    "convert",
    "default",
    "env",
    "error",
    "f32",
    "f32::consts",
    "f64",
    "f64::consts",
    "ffi",
    "ffi::c_str",
    "ffi::os_str",
    "fmt",
    "fs",
    "future",
    "hash",
    "hint",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "io",
    "io::prelude",
    "isize",
    "iter",
    "marker",
    "mem",
    "net",
    "num",
    "ops",
    "option",
    "os",
    "os::raw",
    "panic",
    "path",
    "pin",
    "prelude",
    "primitive",
    "process",
    "ptr",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "sync",
    "sync::atomic",
    "sync::mpsc",
    "task",
    "thread",
    "time",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "vec",
];

/// Compiles a program, which must have no error.
fn compile(name: &str, source: &str) {
    let file = env::temp_dir().join(format!("oldstable-compat-{}-{}.rs", name, process::id()));
    fs::write(&file, source).expect("a scratch file");
    let output = LIBRARY.compile(&file, "metadata", &["--edition", "2018", "--cap-lints", "allow"]).0;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::remove_file(file).expect("the scratch file is there");
}

#[cfg(unix)]
#[test]
fn each_item_has_its_path() {
    let mut source = String::new();
    let mut count = 0;
    for (row, line) in include_str!("../../items.tsv").lines().skip(1).enumerate() {
        let cells: Vec<_> = line.split('\t').collect();
        let (path, here) = (cells[0], cells[4]);
        let parent = path.rsplit("::").nth(1).unwrap_or_default();
        // What belongs to a type is no item that can be imported.
        if here != "left" && !path.starts_with("primitive::") && !parent.starts_with(char::is_uppercase) {
            source += &format!("mod row{} {{ pub use oldstable_compat::{} as item; }}\n", row, path);
            count += 1;
        }
    }
    assert!(count > 120, "only {} items were read", count);
    compile("items", &source);
}

/// Also where the program's own items have the names of some.
#[test]
fn each_module_is_std_s_and_takes_overrides() {
    let mut source = String::new();
    for (row, module) in MODULES.iter().enumerate() {
        source += &format!(
            "pub mod row{} {{\n    pub use oldstable_compat::{}::*;\n    pub fn size_of() {{}}\n    pub fn read() {{}}\n    \
             pub fn scope() {{}}\n    pub struct Error;\n    pub struct CStr;\n    pub trait Iterator {{}}\n    \
             pub mod prelude {{}}\n    pub const MAX: () = ();\n    #[macro_export] macro_rules! mine{} {{ () => {{}} }}\n}}\n",
            row, module, row
        );
    }
    compile("modules", &source);
}
