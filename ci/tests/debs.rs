//! The Debian packages of this project, built in clean root file systems of the three suites, installed in others,
//! and U-Boot booted through the packaged plugin. It makes root file systems, so that it runs only when it is asked
//! for: `cargo test --manifest-path ci/Cargo.toml --test debs`.

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn the_packages_of_every_suite_are_built_installed_and_boot() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
        .args(["oldstable", "debs"])
        .current_dir(project)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    for suite in ["bullseye", "bookworm", "trixie"] {
        assert!(said.contains(&format!("{suite}: built, installed, booted\n")), "{said}");
    }
    assert!(output.status.success(), "{said}");
}
