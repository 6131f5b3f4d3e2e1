// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Owned and borrowed file descriptors, for compilers before Rust 1.63.

use crate::ffi::c_int;
use std::boxed::Box;
use std::fmt;
use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::io::{AsRawFd, FromRawFd, IntoRawFd, RawFd};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::process::{ChildStderr, ChildStdin, ChildStdout, Stdio};
use std::rc::Rc;
use std::sync::Arc;

extern "C" {
    fn close(fd: c_int) -> c_int;
}

/// A borrowed file descriptor, open during the lifetime: `std::os::fd::BorrowedFd` from Rust 1.63.
#[derive(Copy, Clone)]
#[repr(transparent)]
pub struct BorrowedFd<'fd> {
    fd: RawFd,
    owner: PhantomData<&'fd OwnedFd>,
}

/// A file descriptor that is closed with it: `std::os::fd::OwnedFd` from Rust 1.63.
#[repr(transparent)]
pub struct OwnedFd {
    fd: RawFd,
}

/// A type with a file descriptor to borrow: `std::os::fd::AsFd` from Rust 1.63.
pub trait AsFd {
    /// Borrows it.
    fn as_fd(&self) -> BorrowedFd<'_>;
}

impl BorrowedFd<'_> {
    /// A file descriptor that its owner keeps open.
    ///
    /// # Safety
    ///
    /// It stays open during the lifetime, and is not -1.
    #[inline]
    pub const unsafe fn borrow_raw(fd: RawFd) -> Self {
        BorrowedFd { fd, owner: PhantomData }
    }
}

impl Drop for OwnedFd {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: its owner closes it once. Errors are ignored, as in std: the file descriptor is closed anyway.
        unsafe { close(self.fd) };
    }
}

impl AsFd for OwnedFd {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: it is open as long as its owner.
        unsafe { BorrowedFd::borrow_raw(self.fd) }
    }
}

impl AsFd for BorrowedFd<'_> {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        *self
    }
}

impl AsRawFd for OwnedFd {
    #[inline]
    fn as_raw_fd(&self) -> RawFd {
        self.fd
    }
}

impl AsRawFd for BorrowedFd<'_> {
    #[inline]
    fn as_raw_fd(&self) -> RawFd {
        self.fd
    }
}

impl IntoRawFd for OwnedFd {
    #[inline]
    fn into_raw_fd(self) -> RawFd {
        ManuallyDrop::new(self).fd
    }
}

impl FromRawFd for OwnedFd {
    #[inline]
    unsafe fn from_raw_fd(fd: RawFd) -> OwnedFd {
        assert_ne!(fd, -1);
        OwnedFd { fd }
    }
}

impl fmt::Debug for OwnedFd {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedFd").field("fd", &self.fd).finish()
    }
}

impl fmt::Debug for BorrowedFd<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BorrowedFd").field("fd", &self.fd).finish()
    }
}

macro_rules! through {
    ($($Pointer:ty),*) => {$(
        impl<T: AsFd + ?Sized> AsFd for $Pointer {
            #[inline]
            fn as_fd(&self) -> BorrowedFd<'_> {
                (**self).as_fd()
            }
        }
    )*};
}
through! { &T, &mut T, Box<T>, Rc<T>, Arc<T> }

macro_rules! lends {
    ($($File:ty),*) => {$(
        impl AsFd for $File {
            #[inline]
            fn as_fd(&self) -> BorrowedFd<'_> {
                // SAFETY: it keeps its file descriptor open.
                unsafe { BorrowedFd::borrow_raw(self.as_raw_fd()) }
            }
        }
    )*};
}
lends! {
    File, TcpStream, TcpListener, UdpSocket, UnixStream, UnixListener, UnixDatagram, io::Stdin,
    io::StdinLock<'_>, io::Stdout, io::StdoutLock<'_>, io::Stderr, io::StderrLock<'_>, ChildStdin,
    ChildStdout, ChildStderr
}

macro_rules! gives {
    ($($File:ty),*) => {$(
        impl From<$File> for OwnedFd {
            #[inline]
            fn from(file: $File) -> OwnedFd {
                OwnedFd { fd: file.into_raw_fd() }
            }
        }
    )*};
}
gives! {
    File, TcpStream, TcpListener, UdpSocket, UnixStream, UnixListener, UnixDatagram, ChildStdin,
    ChildStdout, ChildStderr
}

macro_rules! takes {
    ($($File:ty),*) => {$(
        impl From<OwnedFd> for $File {
            #[inline]
            fn from(fd: OwnedFd) -> $File {
                // SAFETY: its owner hands it over.
                unsafe { <$File>::from_raw_fd(fd.into_raw_fd()) }
            }
        }
    )*};
}
takes! { File, TcpStream, TcpListener, UdpSocket, UnixStream, UnixListener, UnixDatagram, Stdio }
