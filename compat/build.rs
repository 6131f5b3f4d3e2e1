//! Turns the compiler's release into the cfgs of gates.rs.

mod gates;

use std::env;
use std::ffi::OsString;
use std::process::Command;

/// Only for tests: pretend that the compiler has this release, such as `1.64`.
const PRETEND: &str = "OLDSTABLE_COMPAT_PRETEND_RUSTC";

/// What stands before the compiler's name when cargo runs it, from the outside in.
const WRAPPERS: [&str; 2] = ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];

/// The first cargo that understands `rustc-check-cfg`; those shortly before it warn about it.
const CHECK_CFG: u32 = 80;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=gates.rs");
    for variable in [PRETEND, "RUSTC"].iter().chain(&WRAPPERS) {
        println!("cargo:rerun-if-env-changed={}", variable);
    }

    let real = rustc_minor().unwrap_or_else(|problem| {
        println!("cargo:warning=oldstable-compat takes the compiler for the newest: {}", problem);
        u32::MAX
    });
    let minor = match env::var(PRETEND) {
        Ok(release) => gates::minor_of_release(&release)
            .unwrap_or_else(|| panic!("{} is `{}`: write a release such as 1.64", PRETEND, release)),
        Err(_) => real,
    };
    if real >= CHECK_CFG {
        println!("cargo:rustc-check-cfg=cfg(pretended)");
    }
    if minor != real {
        println!("cargo:rustc-cfg=pretended");
    }
    for since in gates::FIRST..=gates::LAST {
        if real >= CHECK_CFG {
            println!("cargo:rustc-check-cfg=cfg({})", gates::cfg(since));
        }
        if minor < since {
            println!("cargo:rustc-cfg={}", gates::cfg(since));
        }
    }
}

/// Asks what compiles the crate: a wrapper may run another compiler than the one that it is given.
fn rustc_minor() -> Result<u32, String> {
    let set = |name: &&str| env::var_os(name).filter(|value| !value.is_empty());
    let mut words: Vec<OsString> = WRAPPERS.iter().filter_map(set).collect();
    words.push(env::var_os("RUSTC").ok_or("cargo does not say which it is")?);
    let said = words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let output = Command::new(&words[0])
        .args(&words[1..])
        .arg("-vV")
        .output()
        .map_err(|error| format!("`{}` does not run: {}", said, error))?;
    gates::minor_of(&String::from_utf8_lossy(&output.stdout)).ok_or_else(|| format!("`{} -vV` names no release", said))
}
