// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `OsStr`, `OsString`, `Path` and `PathBuf`.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

/// A text's bytes, in the system's own encoding.
#[cfg(before_1_74)]
#[inline]
fn bytes(text: &OsStr) -> &[u8] {
    // SAFETY: on the compilers that use this branch, all of them released, an `OsStr` consists of its bytes.
    unsafe { &*(text as *const OsStr as *const [u8]) }
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `OsStr` from Rust 1.53.
    OsStrAscii for OsStr;
    /// Whether all bytes are ASCII.
    fn is_ascii(&self) -> bool { bytes(self).is_ascii() }
    /// Whether both are equal, ignoring the case of ASCII letters.
    fn eq_ignore_ascii_case<S>(&self, other: S) -> bool
    where S: AsRef<OsStr> {
        bytes(self).eq_ignore_ascii_case(bytes(other.as_ref()))
    }
    /// Converts ASCII letters to lower case.
    fn make_ascii_lowercase(&mut self) { bytes_mut(self).make_ascii_lowercase() }
    /// Converts ASCII letters to upper case.
    fn make_ascii_uppercase(&mut self) { bytes_mut(self).make_ascii_uppercase() }
    /// A copy with ASCII letters in lower case.
    fn to_ascii_lowercase(&self) -> OsString {
        changed(self, <[u8]>::make_ascii_lowercase)
    }
    /// A copy with ASCII letters in upper case.
    fn to_ascii_uppercase(&self) -> OsString {
        changed(self, <[u8]>::make_ascii_uppercase)
    }
}

/// A text's bytes. Only the case of ASCII letters may be changed.
#[cfg(before_1_53)]
#[inline]
fn bytes_mut(text: &mut OsStr) -> &mut [u8] {
    // SAFETY: on the compilers that use this branch, all of them released, an `OsStr` consists of its bytes.
    unsafe { &mut *(text as *mut OsStr as *mut [u8]) }
}

/// A copy in which the case of ASCII letters is changed.
#[cfg(before_1_53)]
#[inline]
fn changed(text: &OsStr, change: fn(&mut [u8])) -> OsString {
    let mut copy: std::boxed::Box<OsStr> = text.into();
    change(bytes_mut(&mut copy));
    copy.into()
}

#[cfg(before_1_58)]
extension! {
    /// Methods of `Path` from Rust 1.58.
    PathIsSymlink for Path;
    /// Whether it exists and is a symbolic link.
    fn is_symlink(&self) -> bool {
        self.symlink_metadata().map_or(false, |metadata| metadata.file_type().is_symlink())
    }
}

#[cfg(before_1_63)]
extension! {
    /// Methods of `Path` from Rust 1.63.
    PathTryExists for Path;
    /// Whether it exists.
    ///
    /// # Errors
    ///
    /// If that cannot be determined.
    fn try_exists(&self) -> io::Result<bool> {
        match self.metadata() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(before_1_74)]
extension! {
    /// Methods of `OsStr` from Rust 1.74.
    OsStrEncodedBytes for OsStr;
    /// The bytes, in the system's own encoding.
    fn as_encoded_bytes(&self) -> &[u8] { bytes(self) }
    /// The text of bytes from `as_encoded_bytes`.
    ///
    /// # Safety
    ///
    /// They come from that call in the same build of the program, and are split only at boundaries of UTF-8.
    unsafe fn from_encoded_bytes_unchecked(bytes: &[u8]) -> &OsStr { &*(bytes as *const [u8] as *const OsStr) }
}

#[cfg(all(before_1_74, unix))]
extension! {
    /// Methods of `OsString` from Rust 1.74.
    OsStringEncodedBytes for OsString;
    /// The bytes, in the system's own encoding.
    fn into_encoded_bytes(self) -> std::vec::Vec<u8> { std::os::unix::ffi::OsStringExt::into_vec(self) }
    /// The text of bytes from `into_encoded_bytes`.
    ///
    /// # Safety
    ///
    /// They come from that call in the same build of the program, and are split only at boundaries of UTF-8.
    unsafe fn from_encoded_bytes_unchecked(bytes: std::vec::Vec<u8>) -> OsString {
        std::os::unix::ffi::OsStringExt::from_vec(bytes)
    }
}

#[cfg(before_1_87)]
extension! {
    /// Methods of `OsStr` from Rust 1.87.
    OsStrDisplay for OsStr;
    /// The text for display, with replacement characters.
    fn display(&self) -> std::path::Display<'_> { Path::new(self).display() }
}

#[cfg(before_1_89)]
extension! {
    /// Methods of `OsString` from Rust 1.89.
    OsStringLeak for OsString;
    /// The text, which is never freed.
    fn leak<'a>(self) -> &'a mut OsStr { std::boxed::Box::leak(self.into_boxed_os_str()) }
}

#[cfg(before_1_89)]
extension! {
    /// Methods of `PathBuf` from Rust 1.89.
    PathBufLeak for PathBuf;
    /// The path, which is never freed.
    fn leak<'a>(self) -> &'a mut Path { std::boxed::Box::leak(self.into_boxed_path()) }
}

#[cfg(before_1_91)]
extension! {
    /// Methods of `Path` from Rust 1.91.
    PathAddedExtension for Path;
    /// The file's name up to the first dot, not counting a leading one.
    fn file_prefix(&self) -> Option<&OsStr> {
        let mut prefix = self.file_name()?;
        loop {
            match Path::new(prefix).file_stem() {
                Some(stem) if stem != prefix => prefix = stem,
                // `.` and `..` have no stem.
                _ => return Some(if prefix == ".." { OsStr::new(".") } else { prefix }),
            }
        }
    }
    /// The path with an additional extension.
    fn with_added_extension<S>(&self, extension: S) -> PathBuf
    where S: AsRef<OsStr> {
        let mut path = self.to_path_buf();
        PathBufAddExtension::add_extension(&mut path, extension);
        path
    }
}

#[cfg(before_1_91)]
extension! {
    /// Methods of `PathBuf` from Rust 1.91.
    PathBufAddExtension for PathBuf;
    /// Adds an extension to the file's name; returns whether there is a name.
    fn add_extension<S>(&mut self, extension: S) -> bool
    where S: AsRef<OsStr> {
        let extension = extension.as_ref();
        let mut name = match self.file_name() {
            Some(name) => name.to_os_string(),
            None => return false,
        };
        if !extension.is_empty() {
            name.push(".");
            name.push(extension);
            self.set_file_name(name);
        }
        true
    }
}
