// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Std's modules and macros of Rust 1.48 have the paths here that they have in std, so that a prefix can be changed.
#![allow(unused_imports)]

/// Each module is here, with an item that std had all along.
macro_rules! modules {
    ($($name:ident: $($part:ident)::+;)+) => {$(
        mod $name {
            use oldstable_compat::$($part)::+ as found;
        }
    )+};
}
modules! {
    a01: alloc::Layout; a02: any::TypeId; a03: arch; a04: array::TryFromSliceError; a05: ascii::escape_default;
    a06: borrow::Cow; a07: boxed::Box; a08: cell::RefCell; a09: char::from_u32; a10: clone::Clone; a11: cmp::Ordering;
    a12: collections::BTreeMap; a13: collections::btree_map::Entry; a14: collections::hash_map::Entry;
    a15: collections::vec_deque::VecDeque; a16: convert::TryFrom; a17: default::Default; a18: env::args;
    a19: error::Error; a20: f32::consts::PI; a21: f64::EPSILON; a22: ffi::OsStr; a23: fmt::Display; a24: fs::File;
    a25: future::Future; a26: hash::Hasher; a27: hint::unreachable_unchecked; a28: i8::MAX; a29: i16::MAX; a30: i32::MAX;
    a31: i64::MAX; a32: i128::MAX; a33: isize::MAX; a34: io::Read; a35: io::prelude::Write; a36: iter::once;
    a37: marker::PhantomData; a38: mem::swap; a39: net::TcpStream; a40: num::NonZeroU8; a41: ops::Deref;
    a42: option::Option; a43: os::raw::c_int; a44: panic::catch_unwind; a45: path::Path; a46: pin::Pin;
    a47: prelude::v1::Vec; a48: primitive::u8; a49: process::Command; a50: ptr::NonNull; a51: rc::Rc; a52: result::Result;
    a53: slice::Iter; a54: str::FromStr; a55: string::String; a56: sync::Arc; a57: sync::atomic::AtomicU8;
    a58: sync::mpsc::channel; a59: task::Poll; a60: thread::spawn; a61: time::Instant; a62: u8::MAX; a63: u16::MAX;
    a64: u32::MAX; a65: u64::MAX; a66: u128::MAX; a67: usize::MAX; a68: vec::Vec; a69: collections::hash_map;
    a70: collections::linked_list; a71: collections::binary_heap; a72: collections::btree_set; a73: collections::hash_set;
}

#[cfg(unix)]
modules! {
    b1: os::unix::fs::MetadataExt; b2: os::unix::io::AsRawFd; b3: os::unix::net::UnixStream; b4: os::unix::ffi::OsStrExt;
    b5: os::unix::process::CommandExt; b6: os::unix::prelude::FromRawFd;
}

#[test]
fn macros_have_paths() {
    use oldstable_compat::{format, vec};
    use std::fmt::Write;

    let mut text = oldstable_compat::string::String::new();
    oldstable_compat::write!(text, "{}", 1).expect("there is memory");
    oldstable_compat::writeln!(text, "{}", oldstable_compat::concat!("a", 2)).expect("there is memory");
    oldstable_compat::assert_eq!((format!("{}", text), vec![1, 2].len()), ("1a2\n".to_string(), 2));
    oldstable_compat::assert!(oldstable_compat::matches!(text.len(), 1..=4) && oldstable_compat::cfg!(test));
    oldstable_compat::assert_ne!(oldstable_compat::line!(), oldstable_compat::column!());
    oldstable_compat::debug_assert!(oldstable_compat::file!().ends_with("paths.rs"));
    oldstable_compat::debug_assert_eq!(oldstable_compat::stringify!(a), "a");
    oldstable_compat::debug_assert_ne!(oldstable_compat::module_path!(), "");
    oldstable_compat::assert!(oldstable_compat::env!("CARGO_PKG_NAME").len() > 3);
    oldstable_compat::assert_eq!(oldstable_compat::option_env!("NOBODY SETS THIS"), None);
    oldstable_compat::assert!(oldstable_compat::include_str!("paths.rs").len() > 99);
    oldstable_compat::assert!(oldstable_compat::include_bytes!("paths.rs").len() > 99);
    oldstable_compat::assert_eq!(oldstable_compat::format_args!("{}", 3).to_string(), "3");
    oldstable_compat::print!("");
    oldstable_compat::eprint!("");
    let said = |f: fn()| crate::panic_message(f);
    oldstable_compat::assert_eq!(said(|| oldstable_compat::panic!("a {}", 5)), "a 5");
    oldstable_compat::assert_eq!(said(|| oldstable_compat::unreachable!()), "internal error: entered unreachable code");
    oldstable_compat::assert_eq!(said(|| oldstable_compat::unimplemented!()), "not implemented");
    oldstable_compat::assert_eq!(said(|| oldstable_compat::todo!()), "not yet implemented");
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    oldstable_compat::assert!(oldstable_compat::is_x86_feature_detected!("fxsr"));
}
