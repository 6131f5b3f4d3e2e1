// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `std::fs`, `std::io`, `std::path`, `OsStr` and the rest of what only std has.
#![cfg(feature = "std")]
use oldstable_compat::backtrace::{Backtrace, BacktraceStatus};
use oldstable_compat::ffi::{CString, FromVecWithNulError, OsStr, OsString};
use oldstable_compat::fs::{self, File};
use oldstable_compat::io::{self, BufRead, Cursor, ErrorKind, Seek, SeekFrom};
use oldstable_compat::path::{Path, PathBuf, MAIN_SEPARATOR_STR};

oldstable_compat::prelude!();

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("oldstable-compat-{}-{}", std::process::id(), name));
    let _ = fs::remove_file(&path);
    path
}

/// Before their releases, std's errors of these kinds are `Other`, as are these.
#[test]
fn kinds_of_errors_are_those_that_std_gives() {
    const UNSUPPORTED: ErrorKind = ErrorKind::Unsupported;
    assert_eq!(io::Error::from(UNSUPPORTED).kind(), ErrorKind::Unsupported);
    assert_ne!(ErrorKind::Unsupported, ErrorKind::NotFound);
    #[cfg(target_os = "linux")]
    {
        // ENOMEM and ENOSYS.
        assert_eq!(io::Error::from_raw_os_error(12).kind(), ErrorKind::OutOfMemory);
        assert_eq!(io::Error::from_raw_os_error(38).kind(), ErrorKind::Unsupported);
    }
    assert_eq!(matches!(ErrorKind::OutOfMemory, ErrorKind::Other), cfg!(before_1_54));
}

#[test]
fn files_are_made_once() {
    let path = scratch("once");
    assert_eq!((fs::exists(&path).ok(), path.try_exists().ok()), (Some(false), Some(false)));
    File::create_new(&path).expect("it is new");
    assert_eq!(File::create_new(&path).map(drop).map_err(|e| e.kind()), Err(ErrorKind::AlreadyExists));
    assert_eq!((fs::exists(&path).ok(), path.try_exists().ok()), (Some(true), Some(true)));
    assert!(File::options().read(true).open(&path).is_ok() && !path.is_symlink());
    assert!(!path.metadata().expect("it is there").is_symlink());
    fs::remove_file(path).expect("it is there");
}

#[cfg(target_os = "linux")]
#[test]
fn times_are_set() {
    use oldstable_compat::fs::FileTimes;
    use std::time::{Duration, SystemTime};
    let path = scratch("times");
    let file = File::create(&path).expect("a scratch file");
    let at = |secs| SystemTime::UNIX_EPOCH + Duration::new(secs, 5000);
    file.set_times(FileTimes::new().set_accessed(at(1000)).set_modified(at(2000))).expect("its owner may");
    let times = |file: &File| file.metadata().and_then(|m| Ok((m.accessed()?, m.modified()?))).expect("it has times");
    assert_eq!(times(&file), (at(1000), at(2000)));
    file.set_modified(at(3000)).expect("its owner may");
    assert_eq!(times(&file), (at(1000), at(3000)));
    fs::remove_file(path).expect("it is there");
}

#[test]
fn errors_have_a_cause() {
    let error = io::Error::other("because");
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Other, "because"));
    let inner = io::Error::new(ErrorKind::InvalidData, std::fmt::Error);
    let inner = inner.downcast::<std::num::ParseIntError>().expect_err("it is another");
    assert_eq!(
        (inner.kind(), inner.downcast::<std::fmt::Error>().ok()),
        (ErrorKind::InvalidData, Some(std::fmt::Error))
    );
    assert!(io::Error::from(ErrorKind::Other).downcast::<std::fmt::Error>().is_err());
}

#[test]
fn readers_seek_and_skip() {
    let mut cursor = Cursor::new(b"one,two,three");
    assert_eq!((cursor.skip_until(b',').ok(), cursor.stream_position().ok()), (Some(4), Some(4)));
    cursor.seek_relative(-2).expect("it is inside");
    assert_eq!(cursor.stream_position().ok(), Some(2));
    let mut buffered = io::BufReader::new(cursor.clone());
    assert_eq!(buffered.fill_buf().ok(), Some(&b"e,two,three"[..]));
    buffered.seek_relative(2).expect("it is inside");
    assert_eq!(io::read_to_string(&mut buffered).ok().as_deref(), Some("two,three"));
    cursor.rewind().expect("there is a start");
    assert_eq!(io::read_to_string(&mut cursor).ok().as_deref(), Some("one,two,three"));
    assert_eq!(
        (cursor.skip_until(b',').ok(), cursor.seek(SeekFrom::End(0)).ok(), cursor.fill_buf().ok()),
        (Some(0), Some(13), Some(&b""[..]))
    );
    assert!(io::read_to_string(&b"\xff"[..]).is_err());
}

#[test]
fn texts_of_the_system() {
    let mut text = OsString::from("aßC");
    assert_eq!(
        (text.is_ascii(), text.eq_ignore_ascii_case("Aßc"), text.eq_ignore_ascii_case("ASSc")),
        (false, true, false)
    );
    assert_eq!((text.to_ascii_lowercase(), text.to_ascii_uppercase()), ("aßc".into(), "AßC".into()));
    let mut boxed: Box<OsStr> = text.clone().into();
    boxed.make_ascii_uppercase();
    assert_eq!(boxed.as_encoded_bytes(), "AßC".as_bytes());
    boxed.make_ascii_lowercase();
    assert_eq!((&*boxed, text.display().to_string().as_str()), (OsStr::new("aßc"), "aßC"));
    assert_eq!(
        // SAFETY: the bytes are a text's.
        unsafe { OsStr::from_encoded_bytes_unchecked(text.as_encoded_bytes()) },
        text
    );
    text.push("!");
}

#[cfg(unix)]
#[test]
fn texts_of_the_system_are_bytes() {
    let bytes = OsString::from("aß").into_encoded_bytes();
    assert_eq!(
        // SAFETY: the bytes are a text's.
        unsafe { OsString::from_encoded_bytes_unchecked(bytes) },
        "aß"
    );
}

#[test]
fn paths_get_extensions() {
    let with = |path: &str, extension: &str| Path::new(path).with_added_extension(extension);
    assert_eq!((with("a/b.c", "d"), with("a/b", ""), with("/", "d")), ("a/b.c.d".into(), "a/b".into(), "/".into()));
    let prefixes = [
        ("a/foo.tar.gz", "foo"),
        ("foo", "foo"),
        ("foo.", "foo"),
        ("a..b", "a"),
        (".config", ".config"),
        (".config.toml", ".config"),
        ("..a", "."),
        ("..a.b", "."),
        ("...", "."),
        ("a b.c/", "a b"),
    ];
    for &(path, prefix) in &prefixes {
        assert_eq!(Path::new(path).file_prefix(), Some(prefix.as_ref()), "{}", path);
    }
    assert_eq!((Path::new("a/..").file_prefix(), Path::new("/").file_prefix()), (None, None));
    let mut path = PathBuf::from("a");
    assert!(path.add_extension("b") && !PathBuf::from("/").add_extension("b"));
    assert_eq!((path, MAIN_SEPARATOR_STR), (PathBuf::from("a.b"), std::path::MAIN_SEPARATOR.to_string().as_str()));
}

#[test]
fn c_strings_keep_their_nul() {
    assert_eq!(CString::from_vec_with_nul(b"ab\0".to_vec()).map(CString::into_bytes), Ok(b"ab".to_vec()));
    let error: FromVecWithNulError = CString::from_vec_with_nul(b"a\0b\0".to_vec()).expect_err("a NUL is inside");
    assert_eq!(error.to_string(), "data provided contains an interior nul byte at pos 1");
    assert_eq!(error.as_bytes(), b"a\0b\0");
    let error = CString::from_vec_with_nul(b"ab".to_vec()).expect_err("there is no NUL");
    assert_eq!(
        (error.to_string().as_str(), error.into_bytes()),
        ("data provided is not nul terminated", b"ab".to_vec())
    );
    assert_eq!(
        // SAFETY: the last byte is the only NUL.
        unsafe { CString::from_vec_with_nul_unchecked(b"ab\0".to_vec()) }.as_bytes(),
        b"ab"
    );
}

#[test]
fn backtraces_say_what_they_are() {
    const NONE: Backtrace = Backtrace::disabled();
    assert!(NONE.status() == BacktraceStatus::Disabled || cfg!(before_1_65));
    let (some, forced) = (Backtrace::capture(), Backtrace::force_capture());
    assert!(forced.status() == BacktraceStatus::Captured || forced.status() == BacktraceStatus::Unsupported);
    assert!(!format!("{} {:?}", some, forced).is_empty());
}

#[test]
fn panics_carry_any_value() {
    let carried = std::panic::catch_unwind(|| oldstable_compat::panic::panic_any(5_u8)).expect_err("it panics");
    assert_eq!(carried.downcast_ref(), Some(&5_u8));
    fn _hook(_: &oldstable_compat::panic::PanicHookInfo<'_>) {}
}

#[test]
fn lines_of_the_standard_input() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    const IS_CHILD: &str = "OLDSTABLE_COMPAT_LINES";
    if std::env::var_os(IS_CHILD).is_some() {
        let mut lines: io::Lines<io::StdinLock<'static>> = io::stdin().lines();
        assert_eq!(lines.next().and_then(Result::ok).as_deref(), Some("one"));
        drop(lines);
        let rest: Vec<_> = io::stdin().lines().map(|line| line.expect("text")).collect();
        assert_eq!(rest, ["two", ""]);
        return;
    }
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(&["--exact", "called::files::lines_of_the_standard_input"])
        .env(IS_CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    child.stdin.take().expect("a pipe").write_all(b"one\ntwo\n\n").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{}", said);
}

#[test]
fn the_parts_of_a_system_s_text_are_leaked_by_their_owner() {
    let text: &'static mut OsStr = OsString::from("aB").leak();
    text.make_ascii_uppercase();
    let path: &'static mut Path = PathBuf::from("a/b").leak();
    assert_eq!((&*text, path.file_name()), (OsStr::new("AB"), Some(OsStr::new("b"))));
    let mut first = io::IoSlice::new(b"abc");
    first.advance(1);
    assert_eq!(&*first, b"bc");
    assert!(std::panic::catch_unwind(move || first.advance(3)).is_err());
    let mut buffers = [io::IoSlice::new(b"ab"), io::IoSlice::new(b""), io::IoSlice::new(b"cd"), io::IoSlice::new(b"")];
    let mut rest = &mut buffers[..];
    io::IoSlice::advance_slices(&mut rest, 0);
    assert_eq!(rest.len(), 4);
    io::IoSlice::advance_slices(&mut rest, 2);
    assert_eq!((rest.len(), &*rest[0]), (2, &b"cd"[..]));
    io::IoSlice::advance_slices(&mut rest, 2);
    assert!(rest.is_empty());
    let said = crate::panic_message(|| io::IoSlice::advance_slices(&mut rest, 1));
    assert_eq!(said, "advancing io slices beyond their length");
    let mut bytes = [1, 2, 3];
    let mut buffer = io::IoSliceMut::new(&mut bytes);
    buffer.advance(2);
    buffer[0] = 9;
    let mut buffers = [buffer];
    io::IoSliceMut::advance_slices(&mut &mut buffers[..], 1);
    assert_eq!(bytes, [1, 2, 9]);
}

#[test]
fn a_hook_reads_the_text_of_a_panic() {
    use oldstable_compat::panic::{catch_unwind, panic_any, set_hook, take_hook, PanicHookInfo};
    use std::sync::{Arc, Mutex};
    use std::thread::current;
    let said = Arc::new(Mutex::new(Vec::new()));
    let (of_hook, this) = (said.clone(), current().id());
    let before = take_hook();
    set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        // Other tests panic meanwhile.
        if current().id() == this {
            of_hook.lock().expect("nobody panics with it").push(info.payload_as_str().map(str::to_string));
        }
    }));
    let _ = catch_unwind(|| panic!("plain"));
    let _ = catch_unwind(|| panic!("with {}", 1));
    let _ = catch_unwind(|| panic_any(1));
    set_hook(before);
    let said = said.lock().expect("nobody panics with it");
    assert_eq!(*said, [Some("plain".to_string()), Some("with 1".to_string()), None]);
}
