// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What of a copy is newer than the floor: clippy's findings on the newest compiler, which is shown the code that the
//! floor's compiler sees.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::copy;
use super::manifest::Manifest;
use super::messages::{Message, Place};
use super::standard::CRATE;
use super::trial::{self, Cargo, Trial};
use super::Package;

const LINT: &str = "clippy::incompatible_msrv";

/// The build script that repeats the floor's.
const SCRIPT: &str = "as-on-the-floor.rs";

/// The result of a build script, as cargo reports it.
#[derive(Debug, Deserialize)]
struct Executed {
    reason: String,
    package_id: String,
    cfgs: Vec<String>,
    env: Vec<(String, String)>,
    out_dir: PathBuf,
}

/// Returns clippy's findings of items that the floor's std lacks, and compat has not.
pub fn lacking(package: &Package, said: Vec<Message>) -> Vec<String> {
    let ours = |message: &Message| message.places().iter().any(|place| is_compats(package, message, place));
    said.into_iter().filter(|message| !ours(message)).map(shown).collect()
}

/// Returns what clippy says of items that are newer than the floor, compat's too; `None` if the copy does not build.
pub fn said(package: &Package, trial: &Trial, floor: &Cargo) -> Result<Option<Vec<Message>>> {
    repeat_build_script(package, trial, floor)?;
    let arguments = ["clippy", "--message-format=json", "--", "--force-warn", LINT];
    let said = trial::newest_says(trial, &arguments, "--cap-lints warn")?;
    Ok(said.map(|said| Message::warnings(&said, &[LINT])))
}

fn shown(message: Message) -> String {
    let place = message.places().first().map(|place| format!("{}:{}: ", place.file_name, place.line_start));
    place.unwrap_or_default() + &message.message
}

/// Returns whether compat has what is at a place. There it is std's own on the newest compiler, and on the floor, whose
/// std lacks it, it is compat's, or the copy would not build.
fn is_compats(package: &Package, message: &Message, place: &Place) -> bool {
    let file = match package.files.get(&super::plain(Path::new(&place.file_name))) {
        Some(draft) => draft.text.as_str(),
        None => return false,
    };
    let text = place.text(file).unwrap_or_default();
    let items = &package.items;
    // The methods of a type that came to std with them.
    let mut release =
        message.message.split('`').filter_map(|part| part.strip_suffix(".0")?.strip_prefix("1.")?.parse().ok());
    let release: Option<u32> = release.next_back();
    let of_its_type =
        |(path, since): (&String, &u32)| Some(*since) == release && file.contains(&format!("{CRATE}::{path}"));
    if items.paths.iter().any(of_its_type) {
        return true;
    }
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).any(|word| {
        let named = |path: &String| path.rsplit("::").next() == Some(word);
        items.methods.contains_key(word) || items.paths.keys().any(named)
    })
}

/// Has the copy's build script say what it says on the floor: it often asks the compiler what there is.
fn repeat_build_script(package: &Package, trial: &Trial, floor: &Cargo) -> Result<()> {
    let flags = trial::flags(Some(package.target.minor));
    let output = trial.run(floor, &[&["check", "--message-format=json"], flags].concat())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let all = text.lines().filter_map(|line| serde_json::from_str::<Executed>(line).ok());
    let own = format!("/{}", trial.folder.file_name().unwrap_or_default().to_string_lossy());
    let named = |id: &str| {
        id.starts_with(&format!("{} {} (path", package.manifest.name, package.manifest.version))
            || id.starts_with("path+") && id.split('#').next().map_or(false, |path| path.ends_with(&own))
    };
    let executed = match all.filter(|all| all.reason == "build-script-executed").find(|all| named(&all.package_id)) {
        Some(executed) => executed,
        None => return Ok(()),
    };
    copy::write(&trial.folder.join(SCRIPT), &script(&executed)?)?;
    let file = trial.folder.join("Cargo.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut manifest = Manifest::parse(&text).map_err(anyhow::Error::msg)?;
    manifest.build_with(SCRIPT);
    copy::write(&file, &manifest.text())
}

/// Returns a build script with the same output, and the same files in its folder.
fn script(executed: &Executed) -> Result<String> {
    let mut lines = String::new();
    for cfg in &executed.cfgs {
        writeln!(lines, "    println!(\"{{}}\", {:?});", format!("cargo:rustc-cfg={cfg}"))?;
    }
    for (name, value) in &executed.env {
        writeln!(lines, "    println!(\"{{}}\", {:?});", format!("cargo:rustc-env={name}={value}"))?;
    }
    let copied = "let to = std::env::var(\"OUT_DIR\").unwrap() + \"/.\";";
    let from = format!("{}/.", executed.out_dir.display());
    let command = format!(
        "std::process::Command::new(\"cp\").args([\"-r\", {from:?}, &to]).status().map(|status| assert!(status.success()))"
    );
    Ok(format!("fn main() {{\n{lines}    {copied}\n    {command}.unwrap();\n}}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_the_same_and_has_the_same_files() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        copy::write(&from.join("sub/generated.rs"), "fn f() {}\n").unwrap();
        fs::create_dir(&to).unwrap();
        let (cfgs, env) = (vec!["a=\"b\"".to_string()], vec![("K".to_string(), "a \"v\"".to_string())]);
        let executed = Executed { reason: String::new(), package_id: String::new(), cfgs, env, out_dir: from };
        copy::write(&folder.path().join("build.rs"), &script(&executed).unwrap()).unwrap();
        let run = |program: &str, arguments: &[&str]| {
            let mut command = std::process::Command::new(program);
            let output = command.args(arguments).current_dir(folder.path()).env("OUT_DIR", &to).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        run("rustc", &["--edition=2021", "build.rs"]);
        assert_eq!(run("./build", &[]), "cargo:rustc-cfg=a=\"b\"\ncargo:rustc-env=K=a \"v\"\n");
        assert_eq!(fs::read_to_string(to.join("sub/generated.rs")).unwrap(), "fn f() {}\n");
    }
}
