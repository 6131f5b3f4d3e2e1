// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The error that Rust devices return and QEMU shows: what went wrong, why and where.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::panic::Location;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_char, c_int};

use crate::foreign::{clone_text, CloneToForeign, ConversionError, Glib};
use crate::sys;

mod from_c;

use from_c::ErrorFromC;

/// A result whose error can be passed to QEMU.
pub type Result<T> = std::result::Result<T, Error>;

/// The class of an error, which QMP clients see beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// Any error; clients should use the text.
    GenericError,
    /// A command does not exist or is not enabled.
    CommandNotFound,
    /// A device exists but cannot be used yet.
    DeviceNotActive,
    /// There is no such device.
    DeviceNotFound,
    /// The host's KVM lacks a capability.
    KvmMissingCap,
}

impl Default for ErrorClass {
    fn default() -> Self {
        ErrorClass::GenericError
    }
}

/// Why an operation failed: a message, the error that caused it and the place in the source.
///
/// All three parts are optional. Text converts by `?`, and the place is that of the `?`. (From Rust 1.54
/// to 1.58, and for `into()` before 1.77, std does not pass the place on, and there is none.)
///
/// ```
/// fn baud_rate(clock: u32, divisor: u32) -> oldstable::Result<u32> {
///     Ok(clock.checked_div(16 * divisor).ok_or("the divisor is zero")?)
/// }
///
/// let err = baud_rate(24_000_000, 0).unwrap_err();
/// assert_eq!(err.message(), Some("the divisor is zero"));
/// ```
#[derive(Default)]
pub struct Error {
    msg: Option<String>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    location: Option<(&'static str, u32)>,
    class: Option<ErrorClass>,
    hint: Option<String>,
}

impl Error {
    /// Makes an error from a message; the place is the caller's.
    ///
    /// ```
    /// use oldstable::Error;
    ///
    /// let err = Error::new("no clock is connected");
    /// assert_eq!(err.message(), Some("no clock is connected"));
    /// assert_eq!(err.location().unwrap().1, line!() - 2);
    /// ```
    #[track_caller]
    pub fn new(msg: impl Into<String>) -> Self {
        Error { msg: Some(msg.into()), location: place(Location::caller()), ..Error::default() }
    }

    /// Makes an error from a message and the error that caused it; the place is the caller's.
    ///
    /// ```
    /// use oldstable::Error;
    ///
    /// let cause = "x".parse::<u32>().unwrap_err();
    /// let err = Error::with_error("bad speed", cause);
    /// assert!(err.to_string().ends_with(": bad speed: invalid digit found in string"));
    /// ```
    #[track_caller]
    pub fn with_error(msg: impl Into<String>, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error { msg: Some(msg.into()), ..Error::caused_by(cause, Location::caller()) }
    }

    /// Makes an error from a message and a place that is not the caller's.
    ///
    /// ```
    /// use oldstable::Error;
    ///
    /// let err = Error::with_file_line("no such line", "board.cfg", 7);
    /// assert_eq!(err.to_string(), "board.cfg:7: no such line");
    /// ```
    pub fn with_file_line(msg: impl Into<String>, file: &'static str, line: u32) -> Self {
        Error { msg: Some(msg.into()), location: Some((file, line)), ..Error::default() }
    }

    /// Makes an error from a message, its cause and a place that is not the caller's.
    ///
    /// ```
    /// use oldstable::Error;
    ///
    /// let err = Error::with_error_file_line("no such line", "it is empty", "board.cfg", 7);
    /// assert_eq!(err.to_string(), "board.cfg:7: no such line: it is empty");
    /// ```
    pub fn with_error_file_line(
        msg: impl Into<String>,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
        file: &'static str,
        line: u32,
    ) -> Self {
        Error { msg: Some(msg.into()), cause: Some(cause.into()), location: Some((file, line)), ..Error::default() }
    }

    /// Returns the message without the cause and the place.
    ///
    /// ```
    /// assert_eq!(oldstable::Error::new("late").message(), Some("late"));
    /// assert_eq!(oldstable::Error::default().message(), None);
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.msg.as_deref()
    }

    /// Returns the error without its place in the source, for users.
    pub(crate) fn without_location(self) -> Error {
        Error { location: None, ..self }
    }

    /// Returns the file and the line at which the error was made.
    ///
    /// ```
    /// let err = oldstable::Error::new("late");
    /// assert_eq!(err.location(), Some((file!(), line!() - 1)));
    /// ```
    pub fn location(&self) -> Option<(&'static str, u32)> {
        self.location
    }

    /// Gives the error a class. A cause that has a class, as every error from C has, keeps its own.
    ///
    /// ```
    /// use oldstable::{Error, ErrorClass};
    ///
    /// let err = Error::new("no such port").with_class(ErrorClass::DeviceNotFound);
    /// assert_eq!(err.class(), ErrorClass::DeviceNotFound);
    /// ```
    pub fn with_class(self, class: ErrorClass) -> Self {
        Error { class: Some(class), ..self }
    }

    /// Adds a hint to the user, which QEMU prints below the error; it is not part of the text. Each line of the hint
    /// ends with a newline.
    ///
    /// ```
    /// use oldstable::Error;
    ///
    /// let err = Error::new("no chardev").with_hint("Add chardev=ID.\n");
    /// assert!(err.to_string().ends_with("no chardev"));
    /// ```
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Error { hint: Some(hint.into()), ..self }
    }

    /// Returns the error's class: that of the innermost cause that has one.
    ///
    /// ```
    /// use oldstable::{Error, ErrorClass};
    ///
    /// assert_eq!(Error::new("late").class(), ErrorClass::GenericError);
    /// ```
    pub fn class(&self) -> ErrorClass {
        self.given_class().unwrap_or_default()
    }

    fn given_class(&self) -> Option<ErrorClass> {
        let of_cause = self.cause.as_deref().and_then(|cause| {
            match (cause.downcast_ref::<ErrorFromC>(), cause.downcast_ref::<Error>()) {
                (Some(from_c), _) => Some(from_c.class()),
                (None, Some(rust)) => rust.given_class(),
                (None, None) => None,
            }
        });
        of_cause.or(self.class)
    }

    fn caused_by(cause: impl Into<Box<dyn StdError + Send + Sync>>, here: &'static Location<'static>) -> Self {
        Error { cause: Some(cause.into()), location: place(here), ..Error::default() }
    }
}

/// Conversions to C. `errp` is that of C functions: NULL if the caller ignores errors, the address of QEMU's
/// `error_abort` or `error_fatal`, or the place for an error. If that holds an error already, it stays, and the new one
/// is dropped.
///
/// C gets the text of `Display`; a NUL in it becomes `\0`.
impl Error {
    /// Passes the error to C.
    ///
    /// If `errp` is `&error_abort` or `&error_fatal`, the process ends as with an error of C's: with the text on
    /// standard error, and for `error_abort` with the Rust file and line.
    ///
    /// # Safety
    ///
    /// `errp` is NULL or the place for an error, as C passes it.
    pub unsafe fn propagate(self, errp: *mut *mut sys::Error) {
        if !errp.is_null() {
            // SAFETY: the caller guarantees the place, and the error is a new one.
            unsafe { sys::error_propagate(errp, self.into_c()) };
        }
    }

    /// Passes the error of a failed result to C; returns whether there was none.
    ///
    /// # Safety
    ///
    /// As for [`propagate`](Error::propagate).
    pub unsafe fn bool_or_propagate(result: Result<()>, errp: *mut *mut sys::Error) -> bool {
        // SAFETY: the caller guarantees the place.
        unsafe { Error::ok_or_propagate(result, errp).is_some() }
    }

    /// Passes the error of a failed result to C and returns NULL, or copies the value to memory that `g_malloc`
    /// allocated and that C frees.
    ///
    /// # Safety
    ///
    /// As for [`propagate`](Error::propagate).
    pub unsafe fn ptr_or_propagate<T: CloneToForeign>(
        result: Result<T>,
        errp: *mut *mut sys::Error,
    ) -> *mut T::Foreign {
        let pointer = result.and_then(|value| Ok(value.try_clone_to_foreign_in::<Glib>()?));
        // SAFETY: the caller guarantees the place.
        match unsafe { Error::ok_or_propagate(pointer, errp) } {
            Some(pointer) => pointer.into_inner(),
            None => ptr::null_mut(),
        }
    }

    /// Passes the error of a failed result to C, or returns the value.
    ///
    /// # Safety
    ///
    /// As for [`propagate`](Error::propagate).
    pub unsafe fn ok_or_propagate<T>(result: Result<T>, errp: *mut *mut sys::Error) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(err) => {
                // SAFETY: the caller guarantees the place.
                unsafe { err.propagate(errp) };
                None
            }
        }
    }

    /// Converts it to an error of C's. A cause that is one already, or can become one, keeps its place, class and hint,
    /// and the rest is put before its text, as C's `error_prepend` does.
    ///
    /// # Safety
    /// The running QEMU must be known.
    unsafe fn into_c(mut self) -> *mut sys::Error {
        // SAFETY: the caller guarantees that QEMU is known.
        let err = match unsafe { self.take_cause_in_c() } {
            Some(cause) => {
                if self.msg.is_some() || self.location.is_some() {
                    let text = clone_text(&self.to_string());
                    // SAFETY: the format takes one string, and the error is ours.
                    unsafe { sys::error_prepend(&cause, c_str!("%s: ").as_ptr(), text.as_ptr()) };
                }
                cause
            }
            None => {
                let (file, line) = self.location.unwrap_or(("no known place", 0));
                let mut err = ptr::null_mut();
                // SAFETY: the format takes one string, and QEMU copies all but the names, which are constant.
                unsafe {
                    sys::error_set_internal(
                        &mut err,
                        c_file_name(file),
                        line as c_int,
                        // The function's name is not known.
                        c_str!("rust").as_ptr(),
                        self.class() as c_int,
                        c_str!("%s").as_ptr(),
                        clone_text(&self.to_string()).as_ptr(),
                    );
                }
                err
            }
        };
        if let Some(hint) = &self.hint {
            // SAFETY: the format takes one string, and the error is ours.
            unsafe { sys::error_append_hint(&err, c_str!("%s").as_ptr(), clone_text(hint).as_ptr()) };
        }
        err
    }

    /// Takes the cause out, as an error of C's, if it is one or can become one.
    ///
    /// # Safety
    /// The running QEMU must be known.
    unsafe fn take_cause_in_c(&mut self) -> Option<*mut sys::Error> {
        let cause = match self.cause.take()?.downcast::<ErrorFromC>() {
            Ok(from_c) => return Some(from_c.into_raw()),
            Err(cause) => cause,
        };
        match cause.downcast::<Error>() {
            Ok(mut inner) => {
                inner.class = inner.class.or(self.class);
                // SAFETY: the caller guarantees that QEMU is known.
                unsafe { Some(inner.into_c()) }
            }
            Err(cause) => {
                self.cause = Some(cause);
                None
            }
        }
    }
}

/// Conversions from C. The whole error is kept as the cause, so that its class, its hint and its place survive when it
/// is propagated again.
impl Error {
    /// Takes ownership of an error from a C function; NULL stands for none.
    ///
    /// # Errors
    ///
    /// The error, if `error` is not NULL.
    ///
    /// # Safety
    ///
    /// `error` is NULL or an error that nothing else frees.
    pub unsafe fn err_or_unit(error: *mut sys::Error) -> Result<()> {
        match NonNull::new(error) {
            None => Ok(()),
            Some(error) => Err(Error { cause: Some(Box::new(ErrorFromC(error))), ..Error::default() }),
        }
    }

    /// Takes ownership of an error from a C function, or calls `value` if it is NULL.
    ///
    /// # Errors
    ///
    /// The error, if `error` is not NULL.
    ///
    /// # Safety
    ///
    /// As for [`err_or_unit`](Error::err_or_unit).
    pub unsafe fn err_or_else<T>(error: *mut sys::Error, value: impl FnOnce() -> T) -> Result<T> {
        // SAFETY: the caller guarantees the error.
        unsafe { Error::err_or_unit(error).map(|()| value()) }
    }

    /// Takes ownership of an error from a C function, or makes a default value if it is NULL.
    ///
    /// # Errors
    ///
    /// The error, if `error` is not NULL.
    ///
    /// # Safety
    ///
    /// As for [`err_or_unit`](Error::err_or_unit).
    pub unsafe fn err_or_default<T: Default>(error: *mut sys::Error) -> Result<T> {
        // SAFETY: the caller guarantees the error.
        unsafe { Error::err_or_else(error, T::default) }
    }
}

/// Returns the name of a source file as a C string that lives for ever, since errors of C's point to it.
///
/// Each name is kept once, so that memory use does not grow with the number of errors.
fn c_file_name(file: &'static str) -> *const c_char {
    struct Name {
        file: &'static str,
        in_c: *const c_char,
        next: *mut Name,
    }
    static NAMES: AtomicPtr<Name> = AtomicPtr::new(ptr::null_mut());

    let mut head = NAMES.load(Ordering::Acquire);
    let mut name = head;
    // SAFETY: a name in the list is never changed or freed.
    while let Some(known) = unsafe { name.as_ref() } {
        if known.file == file {
            return known.in_c;
        }
        name = known.next;
    }
    let in_c = clone_text(file).into_inner();
    let name = Box::into_raw(Box::new(Name { file, in_c, next: head }));
    // Another thread may add its own name meanwhile, even the same one, which does no harm.
    while let Err(other) = NAMES.compare_exchange_weak(head, name, Ordering::AcqRel, Ordering::Acquire) {
        head = other;
        // SAFETY: the name is not in the list yet.
        unsafe { (*name).next = head };
    }
    in_c
}

/// Returns the file and line of a caller; none if that is std, which has not passed on its own caller.
fn place(here: &'static Location<'static>) -> Option<(&'static str, u32)> {
    let conversions = ["core/src/convert/mod.rs", "core/src/result.rs"];
    if conversions.iter().any(|file| here.file().ends_with(file)) {
        return None;
    }
    Some((here.file(), here.line()))
}

/// Writes `file:line`, the message and the cause, joined by `": "`; "unknown error" if all of them are missing.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some((file, line)) = self.location {
            write!(f, "{}:{}", file, line)?;
            separator = ": ";
        }
        if let Some(msg) = &self.msg {
            write!(f, "{}{}", separator, msg)?;
            separator = ": ";
        }
        if let Some(cause) = &self.cause {
            write!(f, "{}{}", separator, cause)?;
            separator = ": ";
        }
        if separator.is_empty() {
            f.write_str("unknown error")?;
        }
        Ok(())
    }
}

/// The same text, so that `unwrap` shows what QEMU would.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Some(cause) => Some(&**cause),
            None => None,
        }
    }
}

impl From<&str> for Error {
    #[track_caller]
    fn from(msg: &str) -> Self {
        Error::new(msg)
    }
}

impl From<String> for Error {
    #[track_caller]
    fn from(msg: String) -> Self {
        Error::new(msg)
    }
}

impl From<io::Error> for Error {
    #[track_caller]
    fn from(cause: io::Error) -> Self {
        Error::caused_by(cause, Location::caller())
    }
}

impl From<ConversionError> for Error {
    #[track_caller]
    fn from(cause: ConversionError) -> Self {
        Error::caused_by(cause, Location::caller())
    }
}

#[cfg(test)]
mod tests;
