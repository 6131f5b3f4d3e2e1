// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `std::fs`.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
#[cfg(before_1_77)]
use std::path::Path;

#[cfg(before_1_58)]
extension! {
    /// Functions of `File` from Rust 1.58.
    FileOptions for File;
    /// The options to open a file with.
    fn options() -> OpenOptions { OpenOptions::new() }
}

#[cfg(before_1_58)]
extension! {
    /// Methods of `Metadata` from Rust 1.58.
    MetadataIsSymlink for Metadata;
    /// Whether it is that of a symbolic link.
    fn is_symlink(&self) -> bool { self.file_type().is_symlink() }
}

#[cfg(all(before_1_75, any(target_os = "linux", target_os = "macos")))]
extension! {
    /// Methods of `File` from Rust 1.75.
    FileSetTimes for File;
    /// Sets the times of the file.
    ///
    /// # Errors
    ///
    /// Those of the system, and if a time is before 1970.
    fn set_times(&self, times: crate::fs::FileTimes) -> io::Result<()> { times.set(self) }
    /// Sets the file's modification time.
    ///
    /// # Errors
    ///
    /// Those of the system, and if the time is before 1970.
    fn set_modified(&self, time: std::time::SystemTime) -> io::Result<()> {
        crate::fs::FileTimes::new().set_modified(time).set(self)
    }
}

#[cfg(before_1_77)]
extension! {
    /// Functions of `File` from Rust 1.77.
    FileCreateNew for File;
    /// Creates a file for reading and writing.
    ///
    /// # Errors
    ///
    /// If it exists already, and those of the system.
    fn create_new<P>(path: P) -> io::Result<File>
    where P: AsRef<Path> {
        OpenOptions::new().read(true).write(true).create_new(true).open(path.as_ref())
    }
}
