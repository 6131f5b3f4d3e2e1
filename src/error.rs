//! What went wrong, why and where: the error that Rust devices return and QEMU shows.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::panic::Location;

/// A result whose error can be handed to QEMU.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation failed: a message, the error that caused it and the place in the source.
///
/// All three parts are optional. Text converts by `?` or `into()`, and the place is that of the
/// conversion:
///
/// ```
/// fn baud_rate(clock: u32, divisor: u32) -> oldstable::Result<u32> {
///     Ok(clock.checked_div(16 * divisor).ok_or("the divisor is zero")?)
/// }
///
/// let err = baud_rate(24_000_000, 0).unwrap_err();
/// assert_eq!(err.message(), Some("the divisor is zero"));
/// assert!(err.location().is_some());
/// ```
#[derive(Debug, Default)]
pub struct Error {
    msg: Option<String>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    location: Option<(&'static str, u32)>,
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
        let here = Location::caller();
        Error::with_file_line(msg, here.file(), here.line())
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
    pub fn with_error(
        msg: impl Into<String>,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let here = Location::caller();
        Error::with_error_file_line(msg, cause, here.file(), here.line())
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
        Error {
            msg: Some(msg.into()),
            cause: None,
            location: Some((file, line)),
        }
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
        Error {
            msg: Some(msg.into()),
            cause: Some(cause.into()),
            location: Some((file, line)),
        }
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

    /// Returns the file and the line at which the error was made.
    ///
    /// ```
    /// let err = oldstable::Error::new("late");
    /// assert_eq!(err.location(), Some((file!(), line!() - 1)));
    /// ```
    pub fn location(&self) -> Option<(&'static str, u32)> {
        self.location
    }
}

/// The way to C and back. (The rest of it is under way.)
impl Error {
    /// Hands the error of a failed result to C.
    ///
    /// # Safety
    /// `errp` is NULL or the place of an error, as C passes it.
    pub unsafe fn ok_or_propagate(result: Result<()>, errp: *mut *mut crate::sys::Error) {
        use oldstable_compat::c_str;
        if let Err(error) = result {
            let text = error.to_string().replace('\0', "\\0") + "\0";
            crate::sys::error_setg_internal(
                errp,
                c_str!("rust").as_ptr(),
                0,
                c_str!("rust").as_ptr(),
                c_str!("%s").as_ptr(),
                text.as_ptr() as *const _,
            );
        }
    }

    /// Takes over an error that C has left; NULL is none.
    ///
    /// # Safety
    /// `error` is NULL or an error that nobody else frees.
    pub unsafe fn err_or_unit(error: *mut crate::sys::Error) -> Result<()> {
        use oldstable_compat::ffi::CStr;
        if error.is_null() {
            return Ok(());
        }
        let text = CStr::from_ptr(crate::sys::error_get_pretty(error)).to_string_lossy().into_owned();
        crate::sys::error_free(error);
        Err(Error { msg: Some(text), cause: None, location: None })
    }
}

/// Writes `file:line`, the message and the cause, joined by `": "`; "unknown error" if there is
/// none of them.
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
        let here = Location::caller();
        Error {
            msg: None,
            cause: Some(cause.into()),
            location: Some((here.file(), here.line())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_error_is_unknown() {
        assert_eq!(Error::default().to_string(), "unknown error");
        assert!(Error::default().source().is_none());
    }

    #[test]
    fn parts_are_joined_by_colons_in_the_order_place_message_cause() {
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
        assert_eq!(err.location(), Some((file!(), line!() - 3)));
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
    fn errors_can_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
    }
}
