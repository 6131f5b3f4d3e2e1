//! Turns the compiler's release into the cfgs of gates.rs.

mod gates;

use std::env;
use std::process::Command;

/// Only for tests: pretend that the compiler has this release, such as `1.64`.
const PRETEND: &str = "OLDSTABLE_COMPAT_PRETEND_RUSTC";

/// The first cargo that understands `rustc-check-cfg`; those shortly before it warn about it.
const CHECK_CFG: u32 = 80;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=gates.rs");
    println!("cargo:rerun-if-env-changed={}", PRETEND);

    // A compiler whose release cannot be read is taken for the newest.
    let real = rustc_minor().unwrap_or(u32::MAX);
    let minor = match env::var(PRETEND) {
        Ok(release) => gates::minor_of_release(&release).unwrap_or_else(|| {
            panic!("{} is `{}`: write a release such as 1.64", PRETEND, release)
        }),
        Err(_) => real,
    };
    for &(cfg, since) in gates::GATES {
        if real >= CHECK_CFG {
            println!("cargo:rustc-check-cfg=cfg({})", cfg);
        }
        if minor < since {
            println!("cargo:rustc-cfg={}", cfg);
        }
    }
}

fn rustc_minor() -> Option<u32> {
    let output = Command::new(env::var_os("RUSTC")?)
        .arg("-vV")
        .output()
        .ok()?;
    gates::minor_of(&String::from_utf8(output.stdout).ok()?)
}
