// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `let x = pin!(…);`: no macro of an older compiler can keep the value to the end of the block, so it gets a variable.

use super::Target;
use crate::lower::source::{Change, File};
use crate::lower::standard;

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    let is_std = standard::imports(file, "pin::pin");
    (0..file.len()).filter(|i| file.text(*i) == "let").filter_map(|i| rewrite(file, i, is_std)).collect()
}

fn rewrite(file: &File, start: usize, is_std: bool) -> Option<Change> {
    let mutable = usize::from(file.text(start + 1) == "mut");
    let dollar = usize::from(file.text(start + 1 + mutable) == "$");
    let name = start + 1 + mutable + dollar;
    let end = file.find(name, file.len(), |i| file.text(i) == ";")?;
    // A type may have an equals sign too.
    let called = file.find(name, end, |i| file.reads(i, &["pin", "!"]) && file.after(i + 2) == end)?;
    let mut equals = called - 1;
    while file.text(equals) == "::" || file.is_name(equals) {
        equals -= 1;
    }
    let typed = equals > name + 1;
    if !file.is_name(name) || typed && file.text(name + 1) != ":" || file.text(equals) != "=" {
        return None;
    }
    let path = file.spelled(equals + 1..called).replace(char::is_whitespace, "");
    let known = match path.trim_start_matches("::") {
        "" => is_std,
        // A module that is imported, or of std.
        "pin::" => standard::imports(file, "pin"),
        "std::pin::" | "core::pin::" => true,
        _ => false,
    };
    let open = called + 2;
    if !known {
        return None;
    }
    let close = file.other(open);
    let last = close - usize::from(file.before(close) == ",");
    let shadow = file.spelled(start + 1..equals).trim_end();
    let name = file.spelled(name - dollar..name + 1);
    let value = file.bytes(open + 1..last);
    let close = file.bytes(last..end + 1);
    let next = format!(";\n{}oldstable_compat::__pin!({shadow});", file.indentation(start));
    let head = file.bytes(start..open + 1);
    let change = Change::at(file, start, "pin! in a let").replace(head.start..head.end, format!("let {name} = "));
    Some(change.replace(value.end.max(head.end)..close.end, next))
}
