// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mirrors in various states: a server on this machine serves Debian's own lists of Bullseye, from this machine's
//! mirror, like a mirror that no longer has the suite, or with a fault. apt verifies them with Debian's keys.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/cells.rs"]
mod cells;
#[path = "common/folder.rs"]
mod folder;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use cells::of_the_project;
use folder::{said, Folder};

/// The fetched files by their addresses.
static FETCHED: Mutex<BTreeMap<String, Option<Vec<u8>>>> = Mutex::new(BTreeMap::new());

/// The files of a server, each fetched once.
fn fetch(address: &str) -> Option<Vec<u8>> {
    let mut fetched = FETCHED.lock().unwrap();
    fetched.entry(address.to_string()).or_insert_with(|| get(address)).clone()
}

/// apt's own download method supports proxies.
fn get(address: &str) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let output = Command::new("/usr/lib/apt/apt-helper").args(["download-file", address]).arg(&file).output().ok()?;
    output.status.success().then(|| fs::read(file).ok()).flatten()
}

/// Returns the trees `debian` and `debian-security` of this machine's mirror.
fn trees() -> Option<[String; 2]> {
    let output = Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let of = |name: &str| {
        said.lines().map(|line| line.trim_end_matches('/')).find(|line| line.ends_with(name)).map(str::to_string)
    };
    Some([of("/debian")?, of("/debian-security")?])
}

/// Returns the output of `lock --packager` with a mirror below `folder` of a server that changes its files.
fn locked(folder: &str, change: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + 'static) -> (String, Option<i32>) {
    locked_with("", folder, change)
}

/// Does the same with some settings of the suite.
fn locked_with(
    settings: &str,
    folder: &str,
    change: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + 'static,
) -> (String, Option<i32>) {
    let [main, security] = trees().expect("they were there a moment ago");
    // A mirror that no longer has the suite has it only in `archive`.
    let port = server::start(move |path| {
        let path = path.strip_prefix("/mirror/").or_else(|| path.strip_prefix("/gone/debian-archive/"))?;
        let address = match path.strip_prefix("debian-security/") {
            Some(rest) => format!("{security}/{rest}"),
            None => format!("{main}/{}", path.strip_prefix("debian/")?),
        };
        // At this point the lists have been verified.
        let is_list = !path.contains("/pool/");
        is_list.then(|| fetch(&address)).flatten().map(|body| change(path, body))
    });
    let place = Folder::new();
    place.write("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
    place.write("src/lib.rs", "");
    let suite = format!("[suites.bullseye]\n{settings}\n");
    place.write("msrv.toml", &format!("floor = \"1.48.0\"\n{suite}[qemu]\n{}", of_the_project(&["bullseye"])));
    let mirror = format!("http://127.0.0.1:{port}/{folder}/debian");
    let mut command = place.oldstable("", &["lock", "--packager", "--mirror", &mirror]);
    let output = command.env("no_proxy", "127.0.0.1").output().unwrap();
    (said(&output), output.status.code())
}

fn a_suite_that_left_the_mirror_comes_from_the_archive() {
    let (said, status) = locked("gone", |_, body| body);
    assert_eq!(status, Some(0), "{said}");
    for suite in ["bullseye", "bullseye-updates", "bullseye-security"] {
        assert!(said.contains(&format!("{suite} does not exist any more: taken from http://127.0.0.1:")), "{said}");
    }
}

fn half_a_file_is_told() {
    let (said, status) = locked("mirror", |path, mut body| {
        if !path.ends_with("Release") {
            body.truncate(body.len() / 2);
        }
        body
    });
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("has other files than it lists"), "{said}");
}

/// The text of the lists differs from that signed by Debian.
fn what_debian_has_not_signed_is_refused() {
    let (said, status) = locked("mirror", |path, body| match path.ends_with("InRelease") {
        true => String::from_utf8_lossy(&body).replacen("Origin: Debian", "Origin: Nobody", 1).into_bytes(),
        false => body,
    });
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("cannot be verified: install the newest debian-archive-keyring"), "{said}");
}

/// gpg's folder with a key that is trusted only if it is named.
struct Home(tempfile::TempDir);

impl Drop for Home {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}

/// Signs with that key. The server keeps it while this process runs.
#[derive(Clone)]
struct Signer {
    home: PathBuf,
}

impl Signer {
    fn new() -> (Home, Signer) {
        let home = Home(tempfile::tempdir().unwrap());
        let signer = Signer { home: home.0.path().to_path_buf() };
        signer.gpg(&["--passphrase", "", "--quick-generate-key", "nobody@example.org", "ed25519", "sign", "never"]);
        signer.gpg(&["--export", "--output", &signer.keyring()]);
        (home, signer)
    }

    fn gpg(&self, arguments: &[&str]) {
        let mut gpg = Command::new("gpg");
        let output = gpg.arg("--homedir").arg(&self.home).args(["--batch", "--quiet"]).args(arguments).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    fn path(&self, name: &str) -> String {
        self.home.join(name).to_str().unwrap().to_string()
    }

    fn keyring(&self) -> String {
        self.path("keys.gpg")
    }

    /// Returns the text signed by Debian with another expiry date, signed by this key.
    fn signed(&self, debians: &[u8], last_day: &str) -> Vec<u8> {
        let text = String::from_utf8_lossy(debians).into_owned();
        let text = text.split_once("\n\n").map_or("", |(_, rest)| rest);
        let text = text.split("-----BEGIN PGP SIGNATURE-----").next().unwrap_or(text);
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("Valid-Until: ")).collect();
        let (plain, signed) = (self.path("Release"), self.path("InRelease"));
        fs::write(&plain, format!("{}\nValid-Until: {last_day}\n", kept.join("\n"))).unwrap();
        self.gpg(&["--yes", "--clearsign", "--output", &signed, &plain]);
        fs::read(signed).unwrap()
    }
}

/// Returns the message if an unknown key has signed all lists.
fn signed_by_nobody(last_day: &'static str, settings: impl Fn(&str) -> String) -> String {
    let (_home, signer) = Signer::new();
    let settings = settings(&signer.keyring());
    let (said, status) = locked_with(&settings, "mirror", move |path, body| match path.ends_with("InRelease") {
        true => signer.signed(&body, last_day),
        false => body,
    });
    assert_eq!(status, Some(1), "{said}");
    said
}

const FAR: &str = "Sat, 01 Jan 2094 00:00:00 UTC";
const PAST: &str = "Mon, 06 Jan 2025 00:00:00 UTC";

/// Verified lists are read, and a root file system would be made from the packages.
const TRUSTED: &str = "but does not have it";

/// The lists equal Debian's; only the signature is another one.
fn a_key_that_nobody_trusts_is_refused() {
    for settings in ["", "closed = true"] {
        let said = signed_by_nobody(FAR, |_| settings.to_string());
        assert!(said.contains("cannot be verified: install the newest debian-archive-keyring"), "{settings}: {said}");
    }
}

fn a_keyring_that_is_named_is_trusted_and_no_other() {
    let said = signed_by_nobody(FAR, |keyring| format!("keyring = {keyring:?}"));
    assert!(said.contains(TRUSTED), "{said}");
    // Debian's own key is not in that keyring.
    let (_home, signer) = Signer::new();
    let keyring = signer.keyring();
    let (said, status) = locked_with(&format!("keyring = {keyring:?}"), "mirror", |_, body| body);
    assert_eq!(status, Some(1), "{said}");
    let mend = format!("cannot be verified: correct {keyring}, which msrv.toml names as its keyring");
    assert!(said.contains(&mend), "{said}");
}

fn expired_lists_are_refused_unless_the_suite_is_closed() {
    let said = signed_by_nobody(PAST, |keyring| format!("keyring = {keyring:?}"));
    assert!(said.contains("are out of date: use a mirror that is up to date"), "{said}");
    assert!(said.contains("closed = true in [suites.bullseye]"), "{said}");
    let said = signed_by_nobody(PAST, |keyring| format!("closed = true\nkeyring = {keyring:?}"));
    assert!(said.contains(TRUSTED), "{said}");
}

fn main() {
    let tests: [(&str, fn()); 6] = [
        ("a_suite_that_left_the_mirror_comes_from_the_archive", a_suite_that_left_the_mirror_comes_from_the_archive),
        ("half_a_file_is_told", half_a_file_is_told),
        ("what_debian_has_not_signed_is_refused", what_debian_has_not_signed_is_refused),
        ("a_key_that_nobody_trusts_is_refused", a_key_that_nobody_trusts_is_refused),
        ("a_keyring_that_is_named_is_trusted_and_no_other", a_keyring_that_is_named_is_trusted_and_no_other),
        ("expired_lists_are_refused_unless_the_suite_is_closed", expired_lists_are_refused_unless_the_suite_is_closed),
    ];
    let release = trees().and_then(|[main, _]| fetch(&format!("{main}/dists/bullseye/InRelease")));
    let missing = match release {
        None => Some("no mirror that apt here uses has Bullseye".to_string()),
        Some(_) => None,
    };
    let has_gpg = Command::new("gpg").arg("--version").output().is_ok();
    let signs = ["nobody_trusts", "keyring", "expired"];
    runner::run(&tests, |name| {
        let lacks_gpg = !has_gpg && signs.iter().any(|part| name.contains(part));
        missing.clone().or_else(|| lacks_gpg.then(|| "there is no gpg to sign with".to_string()))
    })
}
