// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The file with the keys that sign a suite's package lists, if Debian does not sign them.

use std::path::{Path, PathBuf};

use anyhow::{ensure, Result};

/// Returns the absolute path of a keyring that a msrv.toml names relative to its own folder.
///
/// # Errors
/// If there is no such file, or apt cannot read its name.
pub fn find(keyring: &Path, settings: &Path) -> Result<PathBuf> {
    let settings = settings.canonicalize()?;
    let keyring = settings.parent().unwrap_or(&settings).join(keyring);
    let (name, settings) = (keyring.display(), settings.display());
    ensure!(keyring.is_file(), "the keyring {name} does not exist: correct its path in {settings}");
    ensure!(
        !keyring.to_string_lossy().contains(|c: char| c.is_whitespace() || "[],#".contains(c)),
        "apt cannot read the path of the keyring {name}: move it to one without spaces, commas and brackets"
    );
    Ok(keyring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_is_a_file_whose_path_apt_can_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["msrv.toml", "keys.gpg", "our keys.gpg"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let find = |name: &str| find(Path::new(name), &folder.path().join("msrv.toml"));
        assert!(find("keys.gpg").unwrap().is_absolute());
        assert!(find("none.gpg").unwrap_err().to_string().contains("correct its path"));
        assert!(find("our keys.gpg").unwrap_err().to_string().contains("without spaces"));
    }
}
