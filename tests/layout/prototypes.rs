// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Checks each function of `imports!`, and each callback, against the prototypes of QEMU's own headers: the number of
//! arguments, and the kind of each and of the result.
//! The Rust side is read from the text of `src/sys`. Of a release whose sources were not available, no prototype is
//! known: only its exports are compared with its neighbours'.

use crate::facts::{entries, name, structs, value};
use oldstable::sys;
use std::collections::HashMap;
use std::fs;

/// Functions and callbacks used differently from a release's declaration, and the reason why that is right.
const ON_PURPOSE: &[(&str, &str, &str, &str)] = &[
    // 5.2 takes no events: a callee ignores a fifth argument.
    ("5.2", "qdev_init_clock_in", "fn(ptr, ptr, fn(ptr), ptr) -> ptr", "fn(ptr, ptr, fn(ptr), ptr, u32) -> ptr"),
    // 5.2 takes an int, which is 0 or 1: its first byte is the bool of the others.
    ("*", "i2c_start_transfer", "fn(ptr, u8, bool) -> i32", "fn(ptr, u8, i32) -> i32"),
    // What fits into 16 bits is passed the same.
    ("*", "msix_init_exclusive_bar", "fn(ptr, u16, u8, ptr) -> i32", "fn(ptr, u32, u8, ptr) -> i32"),
    // A timer that does not run has none, which is -1.
    ("*", "timer_expire_time_ns", "fn(ptr) -> u64", "fn(ptr) -> i64"),
    // The callback ignores the event.
    (
        "*",
        "qdev_init_clock_in",
        "fn(ptr, ptr, fn(ptr, enum 4), ptr, u32) -> ptr",
        "fn(ptr, ptr, fn(ptr), ptr, u32) -> ptr",
    ),
    // It is 0 or 1, of which the lowest byte is read.
    ("5.2", "runstate_is_running", "fn() -> i32", "fn() -> bool"),
    // It accepts any argument, and only compares the first byte with 0.
    (
        "5.2",
        "qemu_add_vm_change_state_handler",
        "fn(fn(ptr, i32, enum 4), ptr) -> ptr",
        "fn(fn(ptr, u8, i32), ptr) -> ptr",
    ),
    (
        "*",
        "qemu_add_vm_change_state_handler",
        "fn(fn(ptr, bool, enum 4), ptr) -> ptr",
        "fn(fn(ptr, u8, i32), ptr) -> ptr",
    ),
    // Up to 7.2 only `enter` gets the kind of reset; the others ignore what is in its place.
    ("5.2", "ResettablePhases.hold", "fn(ptr)", "fn(ptr, i32)"),
    ("5.2", "ResettablePhases.exit", "fn(ptr)", "fn(ptr, i32)"),
    ("7.2", "ResettablePhases.hold", "fn(ptr)", "fn(ptr, i32)"),
    ("7.2", "ResettablePhases.exit", "fn(ptr)", "fn(ptr, i32)"),
];

/// Callbacks that are fields: the Rust type or field, the C struct and field.
const FIELDS: &[(&str, &str, &str)] = &[
    ("DeviceRealize", "DeviceClass", "realize"),
    ("DeviceUnrealize", "DeviceClass", "unrealize"),
    ("DeviceRealize", "PCIDeviceClass", "realize"),
    ("DeviceUnrealize", "PCIDeviceClass", "exit"),
    ("PciConfigWrite", "PCIDeviceClass", "config_write"),
    ("I2cSend", "I2CSlaveClass", "send"),
    ("I2cReceive", "I2CSlaveClass", "recv"),
    ("I2cEvent", "I2CSlaveClass", "event"),
    ("UserCreatableComplete", "UserCreatableClass", "complete"),
    ("FieldExists", "VMStateField", "field_exists"),
    ("ResettablePhases.enter", "ResettablePhases", "enter"),
    ("ResettablePhases.hold", "ResettablePhases", "hold"),
    ("ResettablePhases.exit", "ResettablePhases", "exit"),
    ("Object.free", "Object", "free"),
    ("ObjectClass.unparent", "ObjectClass", "unparent"),
    ("TypeInfo.instance_init", "TypeInfo", "instance_init"),
    ("TypeInfo.instance_post_init", "TypeInfo", "instance_post_init"),
    ("TypeInfo.instance_finalize", "TypeInfo", "instance_finalize"),
    ("TypeInfo.class_init", "TypeInfo", "class_init"),
    ("TypeInfo.class_base_init", "TypeInfo", "class_base_init"),
    ("Notifier.notify", "Notifier", "notify"),
    ("MemoryRegionOps.read", "MemoryRegionOps", "read"),
    ("MemoryRegionOps.write", "MemoryRegionOps", "write"),
    ("MemoryRegionOps.read_with_attrs", "MemoryRegionOps", "read_with_attrs"),
    ("MemoryRegionOps.write_with_attrs", "MemoryRegionOps", "write_with_attrs"),
    ("AccessValidity.accepts", "MemoryRegionOps", "valid.accepts"),
    ("VmStateSection.pre_load", "VMStateDescription", "pre_load"),
    ("VmStateSection.post_load", "VMStateDescription", "post_load"),
    ("VmStateSection.pre_save", "VMStateDescription", "pre_save"),
    ("VmStateSection.needed", "VMStateDescription", "needed"),
    ("VmStateInfo.get", "VMStateInfo", "get"),
    ("VmStateInfo.put", "VMStateInfo", "put"),
];

/// The declarations of `src/sys`.
#[derive(Default)]
struct Declared {
    /// Type aliases, and fields as `Struct.field`.
    types: HashMap<String, String>,
    functions: Vec<(String, String)>,
}

/// Returns the text up to the `)` or `>` that closes the first bracket.
fn bracketed(text: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return (&text[1..at], &text[at + 1..]),
            ')' => depth -= 1,
            _ => {}
        }
    }
    panic!("{} is not closed", text)
}

/// Returns the parts between commas, or between semicolons, outside brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' | ';' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    let trimmed = parts.into_iter().map(str::trim);
    trimmed.filter(|part| !part.is_empty()).collect()
}

impl Declared {
    fn read() -> Self {
        let mut declared = Declared::default();
        let sys = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sys");
        for entry in fs::read_dir(sys).expect("src/sys") {
            let path = entry.expect("a file").path();
            if path.is_file() && path.file_name().map_or(true, |name| name != "imports.rs") {
                declared.take(&fs::read_to_string(path).expect("text"));
            }
        }
        declared
    }

    fn take(&mut self, text: &str) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text = code.collect::<Vec<_>>().join(" ");
        let (types, imports) = match text.find("imports! {") {
            Some(at) => text.split_at(at),
            None => (text.as_str(), ""),
        };
        for alias in types.split("pub type ").skip(1) {
            let (name, rest) = alias.split_at(alias.find(" = ").expect("an alias"));
            let end = rest.find(';').expect("its end");
            self.types.insert(name.to_string(), rest[3..end].to_string());
        }
        for body in types.split("pub struct ").skip(1) {
            let (name, rest) = body.split_at(body.find(' ').expect("a name"));
            let fields = &rest[..rest.find('}').unwrap_or(0)];
            for field in parts(fields.trim_start_matches(|c| c == ' ' || c == '{')) {
                if let (Some(at), true) = (field.find(": "), field.starts_with("pub ")) {
                    let field_name = format!("{}.{}", name, &field[4..at]);
                    self.types.insert(field_name, field[at + 2..].to_string());
                }
            }
        }
        for function in imports.split(" fn ").skip(1) {
            let at = function.find('(').expect("arguments");
            // Not the `fn` of an argument's type, which is not a name, nor a function of ours, which has a body.
            let end = function.find(|c| c == ';' || c == '{').expect("its end");
            if at > 0 && function[end..].starts_with(';') {
                let rest = &function[at..];
                let whole = match bracketed(rest).1.find(';') {
                    Some(tail) => &rest[..rest.len() - bracketed(rest).1.len() + tail],
                    None => &function[at..end],
                };
                self.functions.push((function[..at].to_string(), whole.to_string()));
            }
        }
    }

    /// Returns `(name: type, …) -> type` as a kind.
    fn signature(&self, text: &str) -> String {
        let (arguments, result) = bracketed(text);
        let mut kinds = Vec::new();
        for argument in parts(arguments) {
            if let Some(rest) = argument.strip_prefix("... ") {
                // The arguments after it are not declared.
                assert!(!rest.is_empty());
                kinds.push("...".to_string());
                break;
            }
            let type_ = argument.find(": ").map_or(argument, |at| &argument[at + 2..]);
            kinds.push(self.kind(type_));
        }
        let result = match result.trim().strip_prefix("-> ") {
            Some(type_) => format!(" -> {}", self.kind(type_)),
            None => String::new(),
        };
        format!("fn({}){}", kinds.join(", "), result)
    }

    fn kind(&self, type_: &str) -> String {
        let type_ = type_.trim();
        if type_.starts_with("*mut ") || type_.starts_with("*const ") {
            return "ptr".to_string();
        }
        if let Some(function) = type_.strip_prefix("Option<") {
            let at = function.find('(').expect("arguments");
            return self.signature(function[at..].trim_end_matches('>'));
        }
        let word = 8 * std::mem::size_of::<usize>();
        match type_ {
            "bool" | "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" => type_.to_string(),
            "c_int" => "i32".to_string(),
            "c_uint" => "u32".to_string(),
            "usize" => format!("u{}", word),
            // Passed as the bits that it is.
            "MemTxAttrs" => "struct".to_string(),
            _ => match self.types.get(type_) {
                Some(known) => self.kind(known),
                None => panic!("what is {}?", type_),
            },
        }
    }
}

/// Returns whether a caller with one kind and a callee with the other agree.
fn agree(c: &str, rust: &str) -> bool {
    if c == rust {
        return true;
    }
    match (c, rust) {
        ("enum 4", "i32") | ("enum 4", "u32") => return true,
        ("struct 4", "struct") | ("struct 8", "struct") => return true,
        // A callback that is never given.
        (c, "ptr") if c.starts_with("fn(") => return true,
        _ => {}
    }
    if !c.starts_with("fn(") || !rust.starts_with("fn(") {
        return false;
    }
    let ((c, c_result), (rust, rust_result)) = (bracketed(&c[2..]), bracketed(&rust[2..]));
    let (c, rust) = (parts(c), parts(rust));
    c.len() == rust.len()
        && c.iter().zip(&rust).all(|(c, rust)| agree(c, rust))
        && match (c_result.strip_prefix(" -> "), rust_result.strip_prefix(" -> ")) {
            (Some(c), Some(rust)) => agree(c, rust),
            // A result may be ignored.
            (_, None) => true,
            (None, Some(_)) => false,
        }
}

fn is_on_purpose(release: &str, what: &str, c: &str, rust: &str) -> bool {
    ON_PURPOSE.iter().any(|&(r, w, k, ours)| (r == "*" || r == release) && w == what && k == c && ours == rust)
}

#[test]
fn functions_are_called_as_each_release_declares_them() {
    let declared = Declared::read();
    assert!(declared.functions.len() > 100, "{}", declared.functions.len());
    let mut wrong = Vec::new();
    for release in sys::RELEASES.iter() {
        let title = name(release);
        let known = entries(&title, "function");
        let mut held = 0;
        for (function, signature) in &declared.functions {
            let line = match known.get(function.as_str()) {
                Some(line) => line,
                None => continue,
            };
            let c = match value(line, "kind") {
                Some(kind) => kind,
                None => continue,
            };
            let rust = declared.signature(signature);
            held += 1;
            if !agree(c, &rust) && !is_on_purpose(&title, function, c, &rust) {
                wrong.push(format!("{} in {}: C {}, Rust {}", function, title, c, rust));
            }
        }
        println!("QEMU {}: {} functions held against their prototypes", title, held);
        let from_binary = known.values().all(|line| value(line, "kind").is_none());
        assert!(held > 100 || from_binary, "only {} in {}", held, title);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn callbacks_are_what_each_release_calls() {
    let declared = Declared::read();
    let mut wrong = Vec::new();
    let mut held = 0;
    for release in sys::RELEASES.iter() {
        let title = name(release);
        let structs = structs(&title);
        for (ours, c_struct, c_field) in FIELDS {
            let rust = declared.types.get(*ours).unwrap_or_else(|| panic!("src/sys has no {}", ours));
            let rust = declared.kind(rust);
            let c = match structs[c_struct].kinds.get(c_field) {
                Some(kind) => *kind,
                None => continue,
            };
            held += 1;
            if !agree(c, &rust) && !is_on_purpose(&title, ours, c, &rust) {
                wrong.push(format!("{} in {}: C {}, Rust {}", ours, title, c, rust));
            }
        }
    }
    assert!(held >= FIELDS.len(), "only {} callbacks", held);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_does_not_agree_is_seen() {
    assert!(agree("fn(ptr, enum 4) -> ptr", "fn(ptr, u32) -> ptr"));
    assert!(agree("fn(ptr) -> i32", "fn(ptr)"));
    for (c, rust) in &[
        ("fn(ptr, i32)", "fn(ptr)"),
        ("fn(ptr, i32)", "fn(ptr, i64)"),
        ("fn(ptr)", "fn(ptr) -> i32"),
        ("fn(fn(ptr, i32))", "fn(fn(ptr))"),
        ("fn(ptr, ...)", "fn(ptr)"),
        ("fn(bool)", "fn(u8)"),
    ] {
        assert!(!agree(c, rust), "{} and {}", c, rust);
    }
}
