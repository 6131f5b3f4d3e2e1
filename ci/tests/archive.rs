//! A mirror as it may be: a server on this machine serves Debian's own lists of Bullseye, from the mirror that apt here uses,
//! as a mirror that has given the suite up does, or with a fault. apt verifies what it gets with Debian's keys.
//!
//! This has no libtest harness, because what cannot run is counted as ignored, with its reason.

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
use std::process::Command;
use std::sync::Mutex;

use cells::of_the_project;
use folder::{said, Folder};

/// What was fetched, by its address.
static FETCHED: Mutex<BTreeMap<String, Option<Vec<u8>>>> = Mutex::new(BTreeMap::new());

/// What a server gives, once.
fn fetch(address: &str) -> Option<Vec<u8>> {
    let mut fetched = FETCHED.lock().unwrap();
    fetched.entry(address.to_string()).or_insert_with(|| get(address)).clone()
}

/// apt's own way to fetch a file knows of proxies.
fn get(address: &str) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let output = Command::new("/usr/lib/apt/apt-helper").args(["download-file", address]).arg(&file).output().ok()?;
    output.status.success().then(|| fs::read(file).ok()).flatten()
}

/// The tree `debian` of the mirror that apt here uses, and the one of security.
fn trees() -> Option<[String; 2]> {
    let output = Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let of = |name: &str| {
        said.lines().map(|line| line.trim_end_matches('/')).find(|line| line.ends_with(name)).map(str::to_string)
    };
    Some([of("/debian")?, of("/debian-security")?])
}

/// What `lock --packager` says with a mirror below `folder` of a server that changes what it serves.
fn locked(folder: &str, change: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + 'static) -> (String, Option<i32>) {
    let [main, security] = trees().expect("they were there a moment ago");
    // A mirror that has given the suite up has it in `archive` alone.
    let port = server::start(move |path| {
        let path = path.strip_prefix("/mirror/").or_else(|| path.strip_prefix("/gone/debian-archive/"))?;
        let address = match path.strip_prefix("debian-security/") {
            Some(rest) => format!("{security}/{rest}"),
            None => format!("{main}/{}", path.strip_prefix("debian/")?),
        };
        fetch(&address).map(|body| change(path, body))
    });
    let place = Folder::new();
    place.write("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
    place.write("src/lib.rs", "");
    place.write("msrv.toml", &format!("floor = \"1.48.0\"\n[qemu]\n{}", of_the_project(&["bullseye"])));
    let mirror = format!("http://127.0.0.1:{port}/{folder}/debian");
    let mut command = place.oldstable("", &["lock", "--packager", "--mirror", &mirror]);
    let output = command.env("no_proxy", "127.0.0.1").output().unwrap();
    (said(&output), output.status.code())
}

fn a_suite_that_left_the_mirror_is_taken_from_the_archive() {
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

/// The words of the lists are others than those that Debian has signed.
fn what_debian_has_not_signed_is_refused() {
    let (said, status) = locked("mirror", |path, body| match path.ends_with("InRelease") {
        true => String::from_utf8_lossy(&body).replacen("Origin: Debian", "Origin: Nobody", 1).into_bytes(),
        false => body,
    });
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("cannot be verified: install the newest debian-archive-keyring"), "{said}");
}

fn main() {
    let tests: [(&str, fn()); 3] = [
        (
            "a_suite_that_left_the_mirror_is_taken_from_the_archive",
            a_suite_that_left_the_mirror_is_taken_from_the_archive,
        ),
        ("half_a_file_is_told", half_a_file_is_told),
        ("what_debian_has_not_signed_is_refused", what_debian_has_not_signed_is_refused),
    ];
    let release = trees().and_then(|[main, _]| fetch(&format!("{main}/dists/bullseye/InRelease")));
    let missing = match release {
        None => Some("no mirror that apt here uses has Bullseye".to_string()),
        Some(_) => None,
    };
    runner::run(&tests, |_| missing.clone())
}
