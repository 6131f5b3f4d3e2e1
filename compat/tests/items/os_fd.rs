// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(all(unix, feature = "std"))]
use oldstable_compat::io::IsTerminal;
use oldstable_compat::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

#[test]
fn an_owner_closes_its_file() {
    let (mut ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    let owned: OwnedFd = theirs.into();
    let number: RawFd = owned.as_raw_fd();
    assert_eq!((owned.as_fd().as_raw_fd(), format!("{:?}", owned)), (number, format!("OwnedFd {{ fd: {} }}", number)));
    drop(owned);
    let mut end = Vec::new();
    ours.read_to_end(&mut end).expect("the other end is closed");
    assert!(end.is_empty());
}

#[test]
fn clones_are_files_of_their_own() {
    let (mut ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    let owned = OwnedFd::from(theirs);
    let second = owned.try_clone().expect("a number is left");
    let third = owned.as_fd().try_clone_to_owned().expect("a number is left");
    assert!(second.as_raw_fd() != owned.as_raw_fd() && third.as_raw_fd() > 2);
    drop((owned, third));
    UnixStream::from(second).write_all(b"text").expect("it is open");
    let mut text = String::new();
    ours.read_to_string(&mut text).expect("the last clone is closed");
    assert_eq!(text, "text");
}

#[test]
fn what_has_a_file_lends_it() {
    fn number(file: impl AsFd) -> RawFd {
        file.as_fd().as_raw_fd()
    }
    let file = File::open("/dev/null").expect("the null device");
    let own = file.as_raw_fd();
    assert_eq!((number(&file), number(&&file), number(file.as_fd())), (own, own, own));
    // 1.63 has the trait without this.
    #[cfg(any(before_1_63, not(before_1_64)))]
    assert_eq!(number(Box::new(&file)), own);
    assert_eq!((number(std::io::stdin()), number(std::io::stdout().lock()), number(std::io::stderr())), (0, 1, 2));
    assert!(!file.as_fd().is_terminal() && !OwnedFd::from(file).is_terminal());
}

#[test]
fn numbers_go_in_and_out() {
    let number = File::open("/dev/null").expect("the null device").into_raw_fd();
    // SAFETY: the number is handed over.
    let owned = unsafe { OwnedFd::from_raw_fd(number) };
    // SAFETY: it stays open meanwhile.
    let borrowed: BorrowedFd<'_> = unsafe { BorrowedFd::borrow_raw(number) };
    assert_eq!(borrowed.as_raw_fd(), owned.as_raw_fd());
    assert_eq!(File::from(owned).into_raw_fd(), number);
    // SAFETY: the line above took it out of its owner.
    drop(unsafe { File::from_raw_fd(number) });
}
