// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! As in by_trait.rs, called by their traits: the methods of std's texts, buffers, wakers and durations.
#![allow(unused_imports)]

use oldstable_compat::prelude::methods::*;
use std::cell::Cell;

#[cfg(before_1_72)]
#[test]
fn texts_and_their_bytes() {
    assert_eq!(StringLeak::leak(String::new()), "");
    let (start, len, capacity) = StringIntoRawParts::into_raw_parts(String::from("abc"));
    // SAFETY: they are a string's.
    assert_eq!(unsafe { String::from_raw_parts(start, len, capacity) }, "abc");
    let text = std::ffi::OsStr::new("path");
    assert_eq!(OsStrEncodedBytes::as_encoded_bytes(text), b"path");
    // SAFETY: they are a text's.
    assert_eq!(unsafe { <std::ffi::OsStr as OsStrEncodedBytes>::from_encoded_bytes_unchecked(b"path") }, text);
}

#[cfg(before_1_69)]
#[test]
fn c_strings_of_bytes() {
    use std::ffi::CStr;
    let text = <CStr as CStrUntilNul>::from_bytes_until_nul(b"a\0b").expect("there is a NUL");
    assert_eq!(text.to_bytes(), b"a");
    assert!(<CStr as CStrUntilNul>::from_bytes_until_nul(b"ab").is_err());
    #[cfg(before_1_58)]
    {
        let text = <std::ffi::CString as CStringFromVecWithNul>::from_vec_with_nul(b"a\0".to_vec());
        assert_eq!(text.map(|text| text.into_bytes()), Ok(vec![b'a']));
    }
}

#[cfg(before_1_81)]
#[test]
fn buffers_advance_in_what_they_were_made_of() {
    use std::io::{IoSlice, IoSliceMut};
    let mut bytes = *b"abcdef";
    {
        let (first, second) = bytes.split_at_mut(2);
        let mut buffers = [IoSliceMut::new(first), IoSliceMut::new(&mut []), IoSliceMut::new(second)];
        let mut rest = &mut buffers[..];
        IoSliceAdvance::advance_slices(&mut rest, 1);
        rest[0][0] = b'B';
        IoSliceAdvance::advance_slices(&mut rest, 1);
        assert_eq!(rest.len(), 1);
        IoSliceAdvance::advance(&mut rest[0], 2);
        rest[0][0] = b'E';
    }
    assert_eq!(&bytes, b"aBcdEf");
    let tail: &[u8] = {
        let mut buffer = IoSlice::new(&bytes);
        IoSliceAdvance::advance(&mut buffer, 4);
        assert_eq!(&*buffer, b"Ef");
        &bytes
    };
    assert_eq!(tail.len(), 6);
}

#[cfg(before_1_83)]
#[test]
fn wakers_of_data_and_functions() {
    use std::task::{RawWaker, RawWakerVTable, Waker};
    static TABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, |_| {});
    fn clone(data: *const ()) -> RawWaker {
        RawWaker::new(data, &TABLE)
    }
    fn wake(data: *const ()) {
        // SAFETY: it is the cell below.
        let woken = unsafe { &*(data as *const Cell<u8>) };
        woken.set(woken.get() + 1);
    }
    let woken = Cell::new(0_u8);
    // SAFETY: the waker stays in this thread, and does not outlive the cell.
    let waker = unsafe { <Waker as WakerNew>::new(&woken as *const Cell<u8> as *const (), &TABLE) };
    waker.wake_by_ref();
    waker.clone().wake();
    drop(waker);
    assert_eq!(woken.get(), 2);
}

#[cfg(before_1_89)]
#[test]
fn texts_that_are_never_freed() {
    use std::ffi::{OsStr, OsString};
    use std::path::{Path, PathBuf};
    let text: &'static mut OsStr = OsStringLeak::leak(OsString::from("a"));
    let path: &'static mut Path = PathBufLeak::leak(PathBuf::from("b"));
    assert_eq!((&*text, &*path), (OsStr::new("a"), Path::new("b")));
    // SAFETY: both were leaked above, and nothing else points to them.
    unsafe {
        drop(Box::from_raw(text as *mut OsStr));
        drop(Box::from_raw(path as *mut Path));
    }
}

/// Compared with std's where a newer compiler pretends to be an older one.
#[cfg(before_1_66)]
#[test]
fn durations_of_any_float() {
    use std::time::Duration;
    fn check(secs: f64) {
        let ours = <Duration as DurationTryFromSecs>::try_from_secs_f64(secs);
        let theirs = Duration::try_from_secs_f64(secs);
        assert_eq!(ours.map_err(|e| e.to_string()), theirs.map_err(|e| e.to_string()), "{:?}", secs);
        let ours = <Duration as DurationTryFromSecs>::try_from_secs_f32(secs as f32);
        let theirs = Duration::try_from_secs_f32(secs as f32);
        assert_eq!(ours.map_err(|e| e.to_string()), theirs.map_err(|e| e.to_string()), "{:?}", secs as f32);
    }
    let mut random = 88_172_645_463_325_252_u64;
    for _ in (0..100_000).step_by(crate::EACH * crate::EACH) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        check(f64::from_bits(random));
        // Between 2^-40 and 2^70, where not all is 0 or too great.
        let exponent = 1023 - 40 + (random >> 1) % 110;
        check(f64::from_bits(random >> 12 | exponent << 52));
        // Halves of nanoseconds, and their neighbours.
        let half = ((random >> 20) % 4_000_000_000) as f64 / 2e9;
        check(half);
        check(f64::from_bits(half.to_bits() + 1));
        check((random % 2_000_000) as f64 / 1024.0);
    }
}
