//! What programs print stays what it was, when they are lowered: on the floor and on the newest compiler.

use std::fs;
use std::path::Path;
use std::process::Command;

const PROGRAMS: [&str; 7] = ["assignment", "attributes", "chains", "format", "let_else", "patterns", "preludes"];

fn toolchain(name: &str) -> bool {
    let output = Command::new("rustup").args(["run", name, "rustc", "-V"]).env_remove("RUSTUP_TOOLCHAIN").output();
    output.map_or(false, |output| output.status.success())
}

/// A package with the programs of tests/lower.
fn package(folder: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower");
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    for name in PROGRAMS {
        fs::copy(source.join(name).with_extension("rs"), folder.join("src/bin").join(name).with_extension("rs"))
            .unwrap();
    }
    let manifest = "[package]\nname = \"programs\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
}

/// What each program prints, built by a toolchain.
fn printed(folder: &Path, toolchain: &str) -> Vec<String> {
    let target = folder.join("target").join(toolchain);
    let mut cargo = Command::new("rustup");
    cargo.args(["run", toolchain, "cargo", "build", "--offline", "--quiet"]).current_dir(folder);
    for variable in ["RUSTC", "RUSTUP_TOOLCHAIN", "CARGO", "RUSTFLAGS"] {
        cargo.env_remove(variable);
    }
    let output = cargo.env("CARGO_TARGET_DIR", &target).output().unwrap();
    assert!(output.status.success(), "{toolchain}: {}", String::from_utf8_lossy(&output.stderr));
    let run = |name: &&str| {
        let output = Command::new(target.join("debug").join(name)).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        format!("{name}\n{}", String::from_utf8_lossy(&output.stdout))
    };
    PROGRAMS.iter().map(run).collect()
}

#[test]
fn a_lowered_program_prints_what_it_printed() {
    let floors: Vec<&str> = ["1.48", "1.63"].into_iter().filter(|floor| toolchain(floor)).collect();
    if floors.is_empty() || !toolchain("stable") {
        eprintln!("not run: rustup has no toolchain 1.48 or 1.63, or no stable");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("programs");
    package(&original);
    let expected = printed(&original, "stable");
    for floor in floors {
        let lowered = folder.path().join(floor);
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
            .args(["lower", floor, "--out"])
            .arg(&lowered)
            .current_dir(&original)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        for toolchain in [floor, "stable"] {
            for (found, expected) in printed(&lowered, toolchain).iter().zip(&expected) {
                assert_eq!(found, expected, "lowered to {floor}, built by {toolchain}");
            }
        }
    }
    assert!(
        fs::read_dir(&original).unwrap().all(|entry| entry.unwrap().file_name() != "lowered.md"),
        "the package was touched"
    );
}
