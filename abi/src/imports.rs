// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The names that `src/sys` imports from QEMU by `imports!`.

use anyhow::{ensure, Context, Result};
use std::path::Path;

#[derive(Default)]
pub struct Imports {
    pub functions: Vec<String>,
    pub variables: Vec<String>,
}

pub fn read(sys: &Path) -> Result<Imports> {
    let mut imports = Imports::default();
    for entry in std::fs::read_dir(sys).with_context(|| format!("{} is gone", sys.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            take(&std::fs::read_to_string(&path)?, &mut imports);
        }
    }
    imports.functions.sort();
    imports.variables.sort();
    ensure!(!imports.functions.is_empty(), "src/sys imports nothing: has its `imports!` another form now?");
    Ok(imports)
}

fn take(text: &str, imports: &mut Imports) {
    let Some(start) = text.find("\nimports! {") else { return };
    for line in text[start..].lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("fn ") {
            imports.functions.extend(rest.split('(').next().map(str::to_string));
        } else if let Some(rest) = line.strip_prefix("static ") {
            imports.variables.extend(rest.split(':').next().map(str::to_string));
        }
    }
}
