// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Plugins of two authors in one QEMU, built with different versions of this crate with different layouts of classes:
//! both devices work, and each plugin has its own arguments. The test needs a `qemu-system-aarch64`, so it runs only on
//! request: `cargo test --test two_plugins`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "common/author.rs"]
mod author;

use author::{plugin, write};

/// Copies a folder of sources.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// Returns a text with a part replaced, which it must contain.
fn replaced(text: &str, part: &str, by: &str) -> String {
    assert!(text.contains(part), "there is no {:?} to be replaced", part);
    text.replacen(part, by, 1)
}

/// Makes a possible future crate: version 0.9, whose classes have additional data in front of this version's.
fn another_version(folder: &Path) -> PathBuf {
    let (own, other) = (Path::new(env!("CARGO_MANIFEST_DIR")), folder.join("oldstable"));
    copy(&own.join("src"), &other.join("src"));
    copy(&own.join("compat"), &other.join("compat"));
    let manifest = fs::read_to_string(own.join("Cargo.toml")).unwrap();
    let head = manifest.split("[[example]]").next().unwrap();
    let head = replaced(head, "version = \"0.1.0\"", "version = \"0.9.0\"");
    write(&other.join("Cargo.toml"), &format!("{}\n[workspace]\nmembers = [\"compat\"]\n", head));
    // A member that inherits the workspace's lints finds none.
    let compat = other.join("compat/Cargo.toml");
    let manifest = fs::read_to_string(&compat).unwrap();
    fs::write(compat, manifest.replace("[lints]\nworkspace = true\n", "")).unwrap();
    let class = other.join("src/qom/class.rs");
    let text = fs::read_to_string(&class).unwrap();
    fs::write(&class, replaced(&text, "pub struct RustClass {\n", "pub struct RustClass {\n    _more: [usize; 5],\n"))
        .unwrap();
    other
}

#[test]
fn plugins_of_two_versions_live_in_one_qemu() {
    let folder = std::env::temp_dir().join(format!("oldstable-two-plugins-{}", std::process::id()));
    let other = another_version(&folder);
    let ours = plugin(&folder, "odometer", "tachometer", Path::new(env!("CARGO_MANIFEST_DIR")));
    let theirs = plugin(&folder, "tachometer", "odometer", &other);
    let (ours, theirs) = (ours.display(), theirs.display());
    let said = |arguments: &str| {
        let line = format!(
            "{{ printf 'xp /1wx 0x0c000000\\nxp /1wx 0x0c001000\\nxp /1wx 0x0c000000\\nxp /1wx 0x0c001000\\nquit\\n' | \
             {} timeout 100 qemu-system-aarch64 -S -M virt -nic none -display none -monitor stdio {}; }} 2>&1",
            if arguments.starts_with("LD_") { arguments } else { "" },
            if arguments.starts_with("LD_") { "" } else { arguments },
        );
        let output = Command::new("sh").args(&["-c", &line]).output().expect("a shell runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let version = said("-version");
    let both = if version.contains("version 5.2") {
        let said = said(&format!("LD_PRELOAD={} OLDSTABLE_PLUGIN='libtachometer.so,step=5'", ours));
        assert!(
            said.contains("OLDSTABLE_PLUGIN has arguments for libtachometer.so, which is not preloaded"),
            "{}",
            said
        );
        format!(
            "LD_PRELOAD={}:{} OLDSTABLE_PLUGIN='libodometer.so,address=0x0c000000,step=3;\
             libtachometer.so,step=5,address=0x0c001000'",
            ours, theirs
        )
    } else {
        format!("-plugin {},address=0x0c000000,step=3 -plugin {},step=5,address=0x0c001000", ours, theirs)
    };
    let said = said(&both);
    let read = |address: &str| -> Vec<u64> {
        let values = said.lines().filter_map(|line| line.split(address).nth(1));
        values.filter_map(|text| u64::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok()).collect()
    };
    assert_eq!((read("0c000000:"), read("0c001000:")), (vec![3, 6], vec![5, 10]), "{}", said);
    // The plugin whose board function runs last sees the other's device.
    assert!(said.contains(" sees "), "{}", said);
    fs::remove_dir_all(&folder).unwrap();
}
