// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Errors: their text, causes, places, classes, and conversion to QEMU's.

use super::*;
use crate::foreign::FromForeign;

#[test]
fn the_empty_error_is_unknown() {
    assert_eq!(Error::default().to_string(), "unknown error");
    assert!(Error::default().source().is_none());
}

#[test]
fn an_error_reads_place_message_cause() {
    let cause = io::Error::new(io::ErrorKind::Other, "disk on fire");
    let err = Error::with_error_file_line("cannot save", cause, "a.rs", 3);
    assert_eq!(err.to_string(), "a.rs:3: cannot save: disk on fire");
}

#[test]
fn the_place_is_where_new_was_called() {
    let err = Error::new("x");
    assert_eq!(err.location(), Some((file!(), line!() - 1)));
    let err = Error::with_error("x", "y");
    assert_eq!(err.location(), Some((file!(), line!() - 1)));
}

#[test]
fn the_place_is_where_text_or_an_io_error_was_converted() {
    let err = Error::from("x");
    assert_eq!(err.location(), Some((file!(), line!() - 1)));
    let err = Error::from(String::from("x"));
    assert_eq!(err.location(), Some((file!(), line!() - 1)));
    let err = Error::from(io::Error::from(io::ErrorKind::NotFound));
    assert_eq!(err.location(), Some((file!(), line!() - 1)));
}

#[test]
fn the_place_of_a_question_mark_is_its_line() {
    fn fails() -> Result<()> {
        Err("x")?
    }
    let err = fails().unwrap_err();
    assert_eq!(err.location(), place_of_a_question_mark(line!() - 3));
}

#[rustversion::not(all(since(1.54), before(1.59)))]
fn place_of_a_question_mark(line: u32) -> Option<(&'static str, u32)> {
    Some((file!(), line))
}

/// In these releases `?` does not pass on its location.
#[rustversion::all(since(1.54), before(1.59))]
fn place_of_a_question_mark(_line: u32) -> Option<(&'static str, u32)> {
    None
}

#[test]
fn the_cause_is_the_source() {
    let err = Error::from(io::Error::new(io::ErrorKind::Other, "why"));
    let source = err.source().unwrap();
    assert!(source.downcast_ref::<io::Error>().is_some());
    assert_eq!(err.message(), None);
}

#[test]
fn percent_signs_are_text() {
    let err = Error::with_file_line("100 %s %n", "a.rs", 1);
    assert_eq!(err.to_string(), "a.rs:1: 100 %s %n");
}

#[test]
fn a_conversion_that_fails_is_the_cause() {
    use crate::foreign::CloneToForeign;

    fn fails() -> Result<()> {
        "a\0b".try_clone_to_foreign()?;
        Ok(())
    }
    let err = fails().unwrap_err();
    assert!(err.to_string().contains("NUL at byte 1"));
    assert_eq!(err.location(), place_of_a_question_mark(line!() - 5));
}

#[test]
fn a_class_is_that_of_the_innermost_cause_that_has_one() {
    let inner = Error::new("x").with_class(ErrorClass::DeviceNotFound);
    let middle = Error::with_error("y", inner);
    let outer = Error::with_error("z", middle).with_class(ErrorClass::KvmMissingCap);
    assert_eq!(outer.class(), ErrorClass::DeviceNotFound);
    let outer = Error::with_error("z", Error::new("y")).with_class(ErrorClass::KvmMissingCap);
    assert_eq!(outer.class(), ErrorClass::KvmMissingCap);
}

#[test]
fn a_hint_is_not_part_of_the_text() {
    let err = Error::with_file_line("x", "a.rs", 1).with_hint("Try y.\n");
    assert_eq!(err.to_string(), "a.rs:1: x");
}

#[test]
fn a_text_for_c_keeps_all_but_nuls() {
    assert_eq!(clone_text("100 %s\0é").into_native(), "100 %s\\0é");
}

#[test]
fn a_file_name_for_c_is_kept_once() {
    let name = c_file_name("some/file.rs");
    // SAFETY: the name lives for ever.
    let text = unsafe { String::cloned_from_foreign(name) };
    assert_eq!(text, "some/file.rs");
    assert_ne!(c_file_name("other/file.rs"), name);
    let address = name as usize;
    let again = std::thread::spawn(|| c_file_name("some/file.rs") as usize);
    assert_eq!(again.join().unwrap(), address);
}

#[test]
fn errors_can_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
}
