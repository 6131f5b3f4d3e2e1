// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The report as files in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::report::model::Report;
use crate::report::{html, json, junit};

/// Writes `matrix.json`, `junit.xml` and `index.html` into a folder, and returns the page's path.
///
/// All three are made from the same report as the table and the exit status.
pub fn write(report: &Report, folder: &Path) -> Result<PathBuf> {
    let page = folder.join("index.html");
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        whole(&folder.join("matrix.json"), &format!("{:#}\n", json::value(report)))?;
        whole(&folder.join("junit.xml"), &junit::xml(report))?;
        whole(&page, &html::page(report, folder))
    };
    write().with_context(|| format!("cannot write the report in {}", folder.display()))?;
    Ok(page)
}

/// Writes a file completely or not at all, since two runs may write reports at the same time.
fn whole(file: &Path, text: &str) -> std::io::Result<()> {
    let partial = file.with_extension(format!("{}.partial", std::process::id()));
    fs::write(&partial, text)?;
    fs::rename(&partial, file)
}
