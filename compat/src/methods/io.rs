// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `std::io`.

use std::boxed::Box;
use std::error::Error;
use std::io;

/// Methods of `Seek` from Rust 1.51.
#[cfg(before_1_51)]
pub trait SeekStreamPosition: io::Seek {
    /// The position from the start.
    ///
    /// # Errors
    ///
    /// Those of `seek`.
    fn stream_position(&mut self) -> io::Result<u64> {
        self.seek(io::SeekFrom::Current(0))
    }
}
#[cfg(before_1_51)]
impl<S: io::Seek + ?Sized> SeekStreamPosition for S {}

/// Methods of `Seek` from Rust 1.55.
#[cfg(before_1_55)]
pub trait SeekRewind: io::Seek {
    /// Seeks to the start.
    ///
    /// # Errors
    ///
    /// Those of `seek`.
    fn rewind(&mut self) -> io::Result<()> {
        self.seek(io::SeekFrom::Start(0)).map(drop)
    }
}
#[cfg(before_1_55)]
impl<S: io::Seek + ?Sized> SeekRewind for S {}

/// Methods of `Seek` from Rust 1.80.
#[cfg(before_1_80)]
pub trait SeekSeekRelative: io::Seek {
    /// Seeks forward or back.
    ///
    /// # Errors
    ///
    /// Those of `seek`.
    fn seek_relative(&mut self, offset: i64) -> io::Result<()> {
        self.seek(io::SeekFrom::Current(offset)).map(drop)
    }
}
#[cfg(before_1_80)]
impl<S: io::Seek + ?Sized> SeekSeekRelative for S {}

#[cfg(before_1_62)]
extension! {
    /// Methods of `Stdin` from Rust 1.62.
    StdinLines for io::Stdin;
    /// The lines.
    fn lines(self) -> io::Lines<io::StdinLock<'static>> {
        // There is one standard input, of which each `Stdin` is a handle.
        static STDIN: crate::sync::OnceLock<io::Stdin> = crate::sync::OnceLock::new();
        io::BufRead::lines(STDIN.get_or_init(io::stdin).lock())
    }
}

/// Functions of `io::Error` from Rust 1.74.
#[cfg(before_1_74)]
pub trait ErrorOther: Sized {
    /// An error of kind `Other`, with its cause.
    fn other<E: Into<Box<dyn Error + Send + Sync>>>(error: E) -> Self;
}

#[cfg(before_1_74)]
impl ErrorOther for io::Error {
    fn other<E: Into<Box<dyn Error + Send + Sync>>>(error: E) -> io::Error {
        io::Error::new(io::ErrorKind::Other, error)
    }
}

/// Methods of `io::Error` from Rust 1.79.
#[cfg(before_1_79)]
pub trait ErrorDowncast: Sized {
    /// The cause, if it has this type.
    ///
    /// # Errors
    ///
    /// Returns itself if not.
    fn downcast<E: Error + Send + Sync + 'static>(self) -> Result<E, Self>;
}

#[cfg(before_1_79)]
impl ErrorDowncast for io::Error {
    fn downcast<E: Error + Send + Sync + 'static>(self) -> Result<E, Self> {
        if self.get_ref().and_then(|cause| cause.downcast_ref::<E>()).is_none() {
            return Err(self);
        }
        let cause: Box<dyn Error> = self.into_inner().expect("there is a cause");
        Ok(*cause.downcast::<E>().expect("it has this type"))
    }
}

/// Methods of `IoSlice` and `IoSliceMut` from Rust 1.81.
#[cfg(before_1_81)]
pub trait IoSliceAdvance: Sized + core::ops::Deref<Target = [u8]> {
    /// Skips bytes at the start.
    ///
    /// # Panics
    ///
    /// If there are fewer.
    fn advance(&mut self, n: usize);

    /// Skips bytes at the start of several buffers, and the buffers of which none is left.
    ///
    /// # Panics
    ///
    /// If there are fewer.
    fn advance_slices(bufs: &mut &mut [Self], n: usize) {
        let (mut left, mut used) = (n, 0);
        while used < bufs.len() && bufs[used].len() <= left {
            left -= bufs[used].len();
            used += 1;
        }
        *bufs = &mut core::mem::take(bufs)[used..];
        match bufs.first_mut() {
            Some(first) => first.advance(left),
            None => assert!(left == 0, "advancing io slices beyond their length"),
        }
    }
}

#[cfg(before_1_81)]
impl<'a> IoSliceAdvance for io::IoSlice<'a> {
    #[inline]
    fn advance(&mut self, n: usize) {
        assert!(n <= self.len(), "advancing IoSlice beyond its length");
        let rest = &self[n..] as *const [u8];
        // SAFETY: they are bytes of the slice that it was made of, which is borrowed for `'a`.
        *self = io::IoSlice::new(unsafe { &*rest });
    }
}

#[cfg(before_1_81)]
impl<'a> IoSliceAdvance for io::IoSliceMut<'a> {
    #[inline]
    fn advance(&mut self, n: usize) {
        assert!(n <= self.len(), "advancing IoSliceMut beyond its length");
        let rest = &mut self[n..] as *mut [u8];
        // SAFETY: they are bytes of the slice that it was made of, which is borrowed for `'a`, and this replaces it.
        *self = io::IoSliceMut::new(unsafe { &mut *rest });
    }
}

/// Methods of `BufRead` from Rust 1.83.
#[cfg(before_1_83)]
pub trait BufReadSkipUntil: io::BufRead {
    /// Skips all bytes up to and including a given one; returns how many.
    ///
    /// # Errors
    ///
    /// Those of the reader, except for interruptions.
    fn skip_until(&mut self, byte: u8) -> io::Result<usize> {
        let mut skipped = 0;
        loop {
            let (used, done) = match self.fill_buf() {
                Ok(buffer) => match buffer.iter().position(|&other| other == byte) {
                    Some(at) => (at + 1, true),
                    None => (buffer.len(), buffer.is_empty()),
                },
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.consume(used);
            skipped += used;
            if done {
                return Ok(skipped);
            }
        }
    }
}
#[cfg(before_1_83)]
impl<R: io::BufRead + ?Sized> BufReadSkipUntil for R {}

/// Variants of `ErrorKind` from Rust 1.53. They are `Other` here, like std's own errors of these kinds.
#[cfg(before_1_53)]
#[allow(non_upper_case_globals)]
pub trait ErrorKindUnsupported {
    /// This platform does not support the operation.
    const Unsupported: Self;
}
#[cfg(before_1_53)]
#[allow(non_upper_case_globals)]
impl ErrorKindUnsupported for io::ErrorKind {
    const Unsupported: Self = io::ErrorKind::Other;
}

/// Variants of `ErrorKind` from Rust 1.54. They are `Other` here, like std's own errors of these kinds.
#[cfg(before_1_54)]
#[allow(non_upper_case_globals)]
pub trait ErrorKindOutOfMemory {
    /// There is not enough memory.
    const OutOfMemory: Self;
}
#[cfg(before_1_54)]
#[allow(non_upper_case_globals)]
impl ErrorKindOutOfMemory for io::ErrorKind {
    const OutOfMemory: Self = io::ErrorKind::Other;
}
