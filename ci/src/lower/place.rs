//! The rewritten files in the place of the package: all of them or none.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempPath;

use super::copy;

/// A file that is whole, beside its place, and what stands in the place.
struct Staged {
    file: TempPath,
    to: PathBuf,
    before: Option<Vec<u8>>,
}

/// Puts the rewritten files into the package: all of them beside their places first, so that a full disk changes none.
pub fn apply(copy: &Path, folder: &Path, manifest: &str) -> Result<()> {
    let mut made = Vec::new();
    let result = stage(copy, folder, manifest, &mut made).and_then(put);
    if result.is_err() {
        // From the inside out; one that holds something else stays.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    result
}

fn stage(copy: &Path, folder: &Path, manifest: &str, made: &mut Vec<PathBuf>) -> Result<Vec<Staged>> {
    let mut staged = Vec::new();
    let files = copy::files(copy)?;
    let ours = [Path::new(copy::PAGE), Path::new(copy::PATCH)];
    for path in files.into_iter().filter(|path| !ours.contains(&path.as_path())).chain(copy::added(copy)?) {
        let (from, to) = (copy.join(&path), folder.join(&path));
        let text = match path == Path::new("Cargo.toml") {
            true => manifest.as_bytes().to_vec(),
            false => fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?,
        };
        let before = fs::read(&to).ok();
        if before.as_ref() == Some(&text) {
            continue;
        }
        let mut write = || -> Result<TempPath> {
            let beside = to.parent().unwrap_or(folder);
            let missing: Vec<_> = beside.ancestors().take_while(|folder| !folder.exists()).collect();
            made.extend(missing.into_iter().rev().map(Path::to_path_buf));
            fs::create_dir_all(beside)?;
            let mut file = tempfile::Builder::new().prefix(".lowering-").tempfile_in(beside)?;
            file.write_all(&text)?;
            file.as_file().set_permissions(fs::metadata(&from)?.permissions())?;
            file.as_file().sync_all()?;
            Ok(file.into_temp_path())
        };
        let file = write().with_context(|| format!("cannot write {}", to.display()))?;
        staged.push(Staged { file, to, before });
    }
    Ok(staged)
}

fn put(staged: Vec<Staged>) -> Result<()> {
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for Staged { file, to, before } in staged {
        if let Err(error) = file.persist(&to) {
            for (to, before) in done {
                let back = before.map_or_else(|| fs::remove_file(&to), |text| fs::write(&to, text));
                back.with_context(|| format!("cannot put back {}", to.display()))?;
            }
            return Err(error.error).with_context(|| format!("cannot write {}", to.display()));
        }
        done.push((to, before));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy with oldstable-compat, and its package; both are removed at the end.
    fn package() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let scratch = tempfile::tempdir().unwrap();
        let (copy, folder) = (scratch.path().join("copy"), scratch.path().join("package"));
        for (name, text) in [("Cargo.toml", "[workspace]"), ("src/a.rs", "new"), ("src/b.rs", "new")] {
            copy::write(&copy.join(name), text).unwrap();
        }
        copy::write(&copy.join("oldstable-compat/Cargo.toml"), "").unwrap();
        copy::write(&copy.join("oldstable-compat/src/lib.rs"), "").unwrap();
        copy::write(&folder.join("Cargo.toml"), "old").unwrap();
        copy::write(&folder.join("src/a.rs"), "old").unwrap();
        (scratch, copy, folder)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_put_and_the_manifest_is_the_own() {
        let (_scratch, copy, folder) = package();
        apply(&copy, &folder, "own").unwrap();
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), "own");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "new");
        assert_eq!(names(&folder), ["Cargo.toml", "oldstable-compat", "src"]);
        assert_eq!(names(&folder.join("oldstable-compat/src")), ["lib.rs"]);
    }

    #[test]
    fn what_fails_late_leaves_the_package() {
        // A file cannot take a folder's place; the files before it are in theirs by then.
        let (_scratch, copy, folder) = package();
        fs::create_dir(folder.join("src/b.rs")).unwrap();
        let error = apply(&copy, &folder, "own").unwrap_err();
        assert!(format!("{error:#}").starts_with(&format!("cannot write {}: ", folder.join("src/b.rs").display())));
        assert_eq!(names(&folder), ["Cargo.toml", "src"]);
        assert_eq!(names(&folder.join("src")), ["a.rs", "b.rs"]);
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), "old");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "old");
        // Nor can a folder take a file's.
        fs::remove_dir(folder.join("src/b.rs")).unwrap();
        fs::write(folder.join("oldstable-compat"), "a file").unwrap();
        apply(&copy, &folder, "own").unwrap_err();
        assert_eq!(names(&folder), ["Cargo.toml", "oldstable-compat", "src"]);
        assert_eq!(names(&folder.join("src")), ["a.rs"]);
    }
    const DISK: &str = "OLDSTABLE_SMALL_DISK";

    #[test]
    fn a_full_disk_leaves_the_package() {
        let disk = tempfile::tempdir().unwrap();
        let script = "mount -t tmpfs -o size=128k none \"$1\" && \
                      exec \"$2\" --exact lower::place::tests::on_a_small_disk --ignored";
        let output = std::process::Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
            .args([disk.path(), &std::env::current_exe().unwrap()])
            .env(DISK, disk.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    #[ignore = "it is run by the test above, where the disk is small"]
    fn on_a_small_disk() {
        let folder = PathBuf::from(std::env::var_os(DISK).expect("the test above says where"));
        let (_scratch, copy, _) = package();
        copy::write(&folder.join("Cargo.toml"), "old").unwrap();
        copy::write(&folder.join("src/a.rs"), "old").unwrap();
        // The first files have room, and this has not.
        copy::write(&copy.join("src/z.rs"), &"//\n".repeat(100_000)).unwrap();
        let error = format!("{:#}", apply(&copy, &folder, "own").unwrap_err());
        assert!(error.starts_with("cannot write ") && error.contains("No space left"), "{error}");
        assert_eq!(names(&folder), ["Cargo.toml", "src"]);
        assert_eq!(names(&folder.join("src")), ["a.rs"]);
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), "old");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "old");
    }
}
