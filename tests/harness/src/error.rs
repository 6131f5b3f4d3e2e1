// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Errors passed to QEMU and back, and GLib's memory.

use crate::object::Thing;
use crate::value::give_back_value;
use oldstable::compat::c_str;
use oldstable::compat::ffi::{c_char, c_int, c_void, CStr};
use oldstable::foreign::{CloneToForeign, FromForeign, Glib, IntoNative};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectCast, ObjectClassMethods, ObjectImpl};
use oldstable::testing::{message_of_abort, message_of_exit};
use oldstable::{sys, Error, ErrorClass, Result};
use std::ptr::null_mut;

oldstable::qom_define_type! {
    /// A device whose realization fails.
    pub struct Failing("harness-failing"): DeviceState, Object {}
}

impl ObjectImpl for Failing {}

impl DeviceImpl for Failing {
    const USER_CREATABLE: Option<bool> = Some(true);
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|_| Err(failure()));
}

const LINE: u32 = line!() + 3;

fn failure() -> Error {
    Error::with_error("cannot start", "the clock stands still")
        .with_class(ErrorClass::DeviceNotActive)
        .with_hint("Wind it up.\n")
}

/// The error's text, which is the same everywhere.
fn text() -> String {
    format!("{}:{}: cannot start: the clock stands still", file!(), LINE)
}

extern "C" {
    fn error_report_err(error: *mut sys::Error);
    fn qmp_error_response(error: *mut sys::Error) -> *mut c_void;
    fn qobject_to_json(object: *mut c_void) -> *mut c_void;
    fn g_string_free(string: *mut c_void, with_text: c_int) -> *mut c_char;
}

/// Returns the response to a QMP client for an error, which is freed.
fn qmp_response(error: *mut sys::Error) -> String {
    // SAFETY: the response is an object; its text is a GString, which begins with a pointer to the
    // bytes, or in 5.2 a QString, which is asked for them.
    unsafe {
        let response = qmp_error_response(error);
        let json = qobject_to_json(response);
        give_back_value(response);
        if sys::release().major > 5 {
            let text = String::cloned_from_foreign(*(json as *const *const c_char));
            g_string_free(json, 1);
            return text;
        }
        extern "C" {
            fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
        }
        let get_str = dlsym(null_mut(), c_str!("qstring_get_str").as_ptr());
        let get_str: unsafe extern "C" fn(*mut c_void) -> *const c_char = std::mem::transmute(get_str);
        let text = String::cloned_from_foreign(get_str(json));
        give_back_value(json);
        text
    }
}

/// Returns an error as C code makes it.
fn from_c(message: &CStr, class: ErrorClass) -> *mut sys::Error {
    let mut error = null_mut();
    // SAFETY: all strings are static but the message, which is copied.
    unsafe {
        sys::error_set_internal(
            &mut error,
            c_str!("hw/misc/some.c").as_ptr(),
            17,
            c_str!("some_realize").as_ptr(),
            class as _,
            c_str!("%s").as_ptr(),
            message.as_ptr(),
        );
        sys::error_append_hint(&error, c_str!("%s").as_ptr(), c_str!("Try C.\n").as_ptr());
    }
    error
}

/// Passes an error to C and returns it in its form there.
fn to_c(error: Error) -> *mut sys::Error {
    let mut in_c = null_mut();
    // SAFETY: it is the place of an error.
    unsafe { error.propagate(&mut in_c) };
    assert!(!in_c.is_null());
    in_c
}

/// Returns the text of an error in C, which is freed.
fn text_of(error: *mut sys::Error) -> String {
    // SAFETY: the error is the caller's.
    unsafe { Error::err_or_unit(error) }.unwrap_err().to_string()
}

oldstable::tests! {
    classes [Failing];

    fn a_failed_realize_has_message_cause_and_place() {
        let failing = Failing::new();
        let error = failing.upcast::<DeviceState>().realize().unwrap_err();
        assert_eq!(error.to_string(), text());
        assert_eq!(error.class(), ErrorClass::DeviceNotActive);
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), text());
    }

    fn a_fatal_error_is_printed_with_its_hint_and_ends_qemu_with_1() {
        // SAFETY: it is the address that stands for a fatal error.
        let said = message_of_exit(1, || unsafe { failure().propagate(sys::error_fatal()) });
        assert!(said.contains(&text()), "{}", said);
        assert!(said.contains("Wind it up."), "{}", said);
    }

    fn an_error_that_must_not_be_aborts_with_the_rust_file_and_line() {
        // SAFETY: it is the address that stands for an abort.
        let said = message_of_abort(|| unsafe { failure().propagate(sys::error_abort()) });
        let place = format!("Unexpected error in rust() at {}:{}:", file!(), LINE);
        assert!(said.contains(&place), "{}", said);
        assert!(said.contains(&text()), "{}", said);
    }

    fn an_error_from_c_aborts_with_its_file_and_line() {
        let said = message_of_abort(|| {
            let error = from_c(c_str!("no"), ErrorClass::GenericError);
            // SAFETY: the error is ours, and the address stands for an abort.
            unsafe { Error::bool_or_propagate(Error::err_or_unit(error), sys::error_abort()) };
        });
        assert!(said.contains("Unexpected error in some_realize() at hw/misc/some.c:17:"), "{}", said);
    }

    fn a_qmp_client_sees_message_cause_place_and_class() {
        let said = qmp_response(to_c(failure()));
        assert!(said.contains(&format!("\"desc\": \"{}\"", text())), "{}", said);
        assert!(said.contains("\"class\": \"DeviceNotActive\""), "{}", said);
    }

    fn each_class_is_the_same_in_c() {
        let classes = [
            ErrorClass::GenericError,
            ErrorClass::CommandNotFound,
            ErrorClass::DeviceNotActive,
            ErrorClass::DeviceNotFound,
            ErrorClass::KvmMissingCap,
        ];
        for class in &classes {
            let error = to_c(Error::new("x").with_class(*class));
            // SAFETY: the error is ours.
            let error = unsafe { Error::err_or_unit(error) }.unwrap_err();
            assert_eq!(error.class(), *class);
            let name = format!("{:?}", class).replace("KvmMissingCap", "KVMMissingCap");
            let said = qmp_response(to_c(error));
            assert!(said.contains(&format!("\"class\": \"{}\"", name)), "{}", said);
        }
    }

    fn an_error_from_c_arrives_with_its_text() {
        let thing = Thing::new();
        let object = thing.upcast::<Object>() as *const Object as *mut sys::Object;
        let mut error = null_mut();
        // SAFETY: the object is live, and QEMU returns NULL where it leaves an error.
        unsafe { sys::object_property_get_str(object, c_str!("nonsense").as_ptr(), &mut error) };
        let text = text_of(error);
        assert!(text.contains("nonsense' not found"), "{}", text);
    }

    fn an_error_from_c_goes_back_as_it_came() {
        let error = from_c(c_str!("no"), ErrorClass::DeviceNotFound);
        // SAFETY: the error is ours.
        let in_rust = unsafe { Error::err_or_unit(error) }.unwrap_err();
        assert_eq!(format!("{:?}", std::error::Error::source(&in_rust).unwrap()), "no");
        assert_eq!(to_c(in_rust), error, "it is the same error");
        // SAFETY: the error is ours.
        let said = message_of_exit(0, || unsafe { error_report_err(error) });
        assert!(said.contains("no\nTry C."), "{}", said);
        assert_eq!(text_of(error), "no");
    }

    fn context_precedes_the_text_of_an_error_from_c() {
        // SAFETY: the error is ours.
        let cause = unsafe { Error::err_or_unit(from_c(c_str!("no"), ErrorClass::DeviceNotFound)) };
        let error = Error::with_file_line("100 %s", "a.rs", 1);
        let error = Error::with_error_file_line("outer", error, "b.rs", 2);
        assert_eq!(text_of(to_c(error)), "b.rs:2: outer: a.rs:1: 100 %s");

        let error = Error::with_error_file_line("100 %s", cause.unwrap_err(), "a.rs", 1);
        let error = error.with_class(ErrorClass::KvmMissingCap).with_hint("Try Rust.\n");
        assert_eq!(error.class(), ErrorClass::DeviceNotFound);
        let in_c = to_c(error);
        // SAFETY: the error is ours.
        let said = message_of_exit(0, || unsafe { error_report_err(in_c) });
        assert!(said.contains("a.rs:1: 100 %s: no\nTry C.\nTry Rust."), "{}", said);
        let said = qmp_response(in_c);
        assert!(said.contains("DeviceNotFound"), "{}", said);
    }

    fn percent_signs_and_nuls_in_a_message_are_text() {
        let error = Error::with_file_line("100 %s %n\0behind", "a.rs", 1).with_hint("%s\0\n");
        let in_c = to_c(error);
        // SAFETY: the error is ours.
        let said = message_of_exit(0, || unsafe { error_report_err(in_c) });
        assert!(said.contains("a.rs:1: 100 %s %n\\0behind\n%s\\0\n"), "{}", said);
        assert_eq!(text_of(in_c), "a.rs:1: 100 %s %n\\0behind");
    }

    fn an_empty_error_is_unknown() {
        assert_eq!(text_of(to_c(Error::default())), "unknown error");
    }

    fn nobody_has_to_take_an_error() {
        // SAFETY: NULL says that the caller does not care.
        unsafe {
            failure().propagate(null_mut());
            assert!(!Error::bool_or_propagate(Err(failure()), null_mut()));
        }
    }

    fn the_first_error_stays() {
        let mut in_c = from_c(c_str!("first"), ErrorClass::GenericError);
        // SAFETY: it is the place of an error.
        unsafe { failure().propagate(&mut in_c) };
        assert_eq!(text_of(in_c), "first");
    }

    fn results_become_what_c_functions_return() {
        let mut in_c = null_mut();
        // SAFETY: it is the place of an error.
        unsafe {
            assert!(Error::bool_or_propagate(Ok(()), &mut in_c));
            assert_eq!(Error::ok_or_propagate(Ok(7), &mut in_c), Some(7));
            let text = Error::ptr_or_propagate(Ok("abc"), &mut in_c);
            assert!(in_c.is_null());
            let text: String = text.into_native_in::<Glib>();
            assert_eq!(text, "abc");

            assert_eq!(Error::ok_or_propagate(Err::<u8, _>(failure()), &mut in_c), None);
            assert_eq!(text_of(std::mem::replace(&mut in_c, null_mut())), self::text());
            assert!(Error::ptr_or_propagate(Err::<&str, _>(failure()), &mut in_c).is_null());
            assert_eq!(text_of(std::mem::replace(&mut in_c, null_mut())), self::text());
            assert!(Error::ptr_or_propagate(Ok("a\0c"), &mut in_c).is_null());
            assert!(text_of(in_c).contains("NUL at byte 1"));
        }
    }

    fn what_c_functions_leave_becomes_a_result() {
        // SAFETY: NULL is no error, and the others are ours.
        unsafe {
            assert!(Error::err_or_unit(null_mut()).is_ok());
            assert_eq!(Error::err_or_else(null_mut(), || 7).unwrap(), 7);
            assert_eq!(Error::err_or_default::<u32>(null_mut()).unwrap(), 0);
            let no = || from_c(c_str!("no"), ErrorClass::GenericError);
            let error = Error::err_or_else(no(), || -> () { panic!("there is no value") }).unwrap_err();
            assert_eq!(error.to_string(), "no");
            assert_eq!(Error::err_or_default::<u32>(no()).unwrap_err().to_string(), "no");
        }
    }

    fn an_error_from_c_can_be_dropped_on_another_thread() {
        // SAFETY: the error is ours.
        let error = unsafe { Error::err_or_unit(from_c(c_str!("no"), ErrorClass::GenericError)) };
        let text = std::thread::spawn(|| error.unwrap_err().to_string()).join();
        assert_eq!(text.unwrap(), "no");
    }

    fn glib_memory_carries_values_both_ways() {
        let text = "Hello, world!".clone_to_foreign_in::<Glib>();
        assert_eq!(text.into::<String>().into_native(), "Hello, world!");
        let pair = ("a".to_string(), 7u64).clone_to_foreign_in::<Glib>();
        assert_eq!(pair.into_native(), ("a".to_string(), 7));
        let thing = Thing::new();
        let object = thing.upcast::<Object>() as *const Object as *mut sys::Object;
        // SAFETY: the object is live, and QEMU's string is ours to free.
        let class: String = unsafe {
            let class = c_str!("type").as_ptr();
            sys::object_property_get_str(object, class, null_mut()).into_native_in::<Glib>()
        };
        assert_eq!(class, "harness-thing");
    }
}
