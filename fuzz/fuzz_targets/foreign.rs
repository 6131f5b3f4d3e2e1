// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Passes arbitrary bytes to every conversion from C, and checks that the results convert back to the same bytes.
//!
//! `cargo +nightly fuzz run foreign -- -runs=10000000` in this folder, with AddressSanitizer, which
//! sees a read past the end and a leak.

#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use oldstable::foreign::{
    foreign_struct, CloneIntoBuffer, CloneToForeign, ConversionError, Counted, ForeignArray, ForeignField, ForeignPair,
    FromForeign, IntoForeign, IntoNative, NullTerminated,
};
use std::borrow::Cow;
use std::ffi::{c_char, CStr, CString, OsStr, OsString};
use std::fmt::Debug;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

/// Memory from C: each kind with arbitrary contents.
#[derive(Arbitrary, Debug)]
enum Input {
    Bytes(Vec<u8>),
    Number(u64),
    Text(Vec<u8>),
    Texts(Vec<Vec<u8>>),
    Array { values: Vec<u32>, len: i16, null: bool },
    Pair(Option<Vec<u8>>, u64),
    Struct { name: Option<Vec<u8>>, flags: u8, sizes: [u16; 3] },
    Buffer { text: Vec<u8>, room: u8 },
}

/// A C string in a block of exactly its size.
fn c_text(bytes: &[u8]) -> CString {
    let end = bytes.iter().position(|byte| *byte == 0);
    CString::new(&bytes[..end.unwrap_or(bytes.len())]).unwrap()
}

fn pointer(text: &Option<CString>) -> *mut c_char {
    text.as_ref().map_or(std::ptr::null_mut(), |text| text.as_ptr().cast_mut())
}

/// Converts the value to C and back in all ways, and checks that it stays the same.
fn round_trip<T: FromForeign + PartialEq + Debug>(value: &T) {
    let foreign = value.clone_to_foreign();
    // SAFETY: the pointer owns a representation of the value.
    assert_eq!(unsafe { T::cloned_from_foreign(foreign.as_ptr()) }, *value);
    assert_eq!(foreign.try_into_native().as_ref(), Ok(value));
    // SAFETY: the pointer is new.
    let native: T = unsafe { value.clone_to_foreign_ptr().into_native() };
    assert_eq!(native, *value);
}

/// Checks that a number in C has its bytes in Rust.
fn number<T>(value: T)
where
    T: FromForeign<Foreign = T> + PartialEq + Debug,
{
    assert_eq!(
        // SAFETY: a number is its own representation.
        unsafe { T::try_cloned_from_foreign(&value) }.as_ref(),
        Ok(&value)
    );
    round_trip(&value);
}

fn numbers(bits: u64) {
    number(bits as i8);
    number(bits as i16);
    number(bits as i32);
    number(bits as i64);
    number(bits as isize);
    number(bits as u8);
    number(bits as u16);
    number(bits as u32);
    number(bits);
    number(bits as usize);
    let float = f64::from_bits(bits).clone_to_foreign().into_native();
    assert!(float.to_bits() == bits || float.is_nan());
    let float = f32::from_bits(bits as u32).clone_to_foreign().into_native();
    assert!(float.to_bits() == bits as u32 || float.is_nan());
    let byte = bits as u8;
    // SAFETY: the byte is read as a byte.
    let value = unsafe { bool::cloned_from_foreign((&raw const byte).cast()) };
    assert_eq!(value, byte != 0);
    round_trip(&bits.to_ne_bytes());
    round_trip(&Some(bits));
    round_trip(&Box::new((bits as u8, bits)));
}

fn text(bytes: &[u8]) {
    let c = c_text(bytes);
    let bytes = c.as_bytes();
    let p = c.as_ptr();
    // SAFETY: `p` is a C string, and the copy is given away once.
    unsafe {
        assert_eq!(CString::cloned_from_foreign(p), c);
        assert_eq!(OsString::cloned_from_foreign(p).as_bytes(), bytes);
        assert_eq!(PathBuf::cloned_from_foreign(p).into_os_string().into_vec(), bytes);
        let lossy = String::from_utf8_lossy(bytes);
        assert_eq!(String::cloned_from_foreign(p), lossy);
        assert_eq!(Cow::<str>::cloned_from_foreign(p), lossy);
        assert_eq!(Option::<String>::cloned_from_foreign(p).unwrap(), lossy);
        let strict = std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|err| ConversionError::InvalidUtf8 { valid_up_to: err.valid_up_to() });
        assert_eq!(String::try_cloned_from_foreign(p), strict);
        assert_eq!(String::try_from_foreign(c.clone_to_foreign_ptr()), strict);
    }
    round_trip(&c);
    round_trip(&OsString::from_vec(bytes.to_vec()));
    round_trip(&PathBuf::from(OsStr::from_bytes(bytes)));
    let given = c.clone().into_foreign();
    // SAFETY: the pointer is that of a C string.
    assert_eq!(unsafe { CStr::from_ptr(given.as_ptr()) }, &*c);
}

/// Converts arbitrary bytes to C: they arrive whole, or the first NUL is reported.
fn any_bytes(bytes: &[u8]) {
    let expected = match bytes.iter().position(|byte| *byte == 0) {
        Some(position) => Err(ConversionError::InteriorNul { position }),
        None => Ok(bytes.to_vec()),
    };
    let os = OsStr::from_bytes(bytes);
    let copied = os.try_clone_to_foreign().map(|p| p.into::<OsString>().into_native().into_vec());
    assert_eq!(copied, expected);
    let given = os.to_owned().try_into_foreign();
    // SAFETY: the pointer is that of a C string.
    let given = given.map(|p| unsafe { CStr::from_ptr(p.as_ptr()) }.to_bytes().to_vec());
    assert_eq!(given, expected);
    let vector = bytes.to_vec().clone_to_foreign();
    // SAFETY: there are as many bytes.
    let read = unsafe { u8::cloned_vec_from_foreign(vector.as_ptr(), bytes.len()) };
    assert_eq!(read, bytes);
}

fn texts(items: &[Vec<u8>]) {
    let items: Vec<CString> = items.iter().map(|item| c_text(item)).collect();
    let mut list: Vec<*mut c_char> = items.iter().map(|item| item.as_ptr().cast_mut()).collect();
    list.push(std::ptr::null_mut());
    let list = list.into_boxed_slice();
    // SAFETY: there are C strings, and a NULL behind them.
    let read = unsafe { NullTerminated::<CString>::cloned_from_foreign(list.as_ptr()) };
    assert_eq!(read.0, items);
    round_trip(&read);
    // SAFETY: as above.
    let strict = unsafe { NullTerminated::<String>::try_cloned_from_foreign(list.as_ptr()) };
    assert_eq!(strict.is_ok(), items.iter().all(|item| item.to_str().is_ok()));
    round_trip(&Counted::<CString, u32>::from(items));
}

fn array(values: &[u32], len: i16, null: bool) {
    // C guarantees the stated number of elements.
    let len = len.min(values.len() as i16);
    let data = if null { std::ptr::null_mut() } else { values.as_ptr().cast_mut() };
    let array = ForeignArray { data, len };
    // SAFETY: there are at least `len` numbers, or the pointer is NULL.
    let read = unsafe { Counted::<u32, i16>::try_cloned_from_foreign(&array) };
    match usize::try_from(len) {
        Err(_) => assert_eq!(read.unwrap_err(), ConversionError::Length),
        Ok(0) => assert_eq!(read.unwrap().values, []),
        Ok(_) if null => assert_eq!(read.unwrap_err(), ConversionError::Null),
        Ok(len) => assert_eq!(read.unwrap().values, values[..len]),
    }
    round_trip(&Counted::<u32, u64>::from(values.to_vec()));
}

#[derive(Debug, PartialEq)]
struct Drive {
    name: Option<CString>,
    read_only: bool,
    sizes: [u16; 3],
}

#[repr(C)]
struct CDrive {
    name: *mut c_char,
    read_only: bool,
    sizes: [u16; 3],
}

foreign_struct!(Drive => CDrive {
    name: Option<CString>,
    read_only: bool,
    sizes: [u16; 3],
});

fn convert(input: Input) {
    match input {
        Input::Bytes(bytes) => any_bytes(&bytes),
        Input::Number(bits) => numbers(bits),
        Input::Text(bytes) => text(&bytes),
        Input::Texts(items) => texts(&items),
        Input::Array { values, len, null } => array(&values, len, null),
        Input::Pair(first, second) => {
            let first = first.as_deref().map(c_text);
            let pair = ForeignPair { first: pointer(&first), second };
            // SAFETY: the pointer is NULL or that of a C string.
            let read = unsafe { <(Option<CString>, u64)>::cloned_from_foreign(&pair) };
            assert_eq!(read, (first.clone(), second));
            round_trip(&read);
            // SAFETY: as above.
            let strict = unsafe { <(String, u64)>::try_cloned_from_foreign(&pair) };
            assert_eq!(strict.is_ok(), first.is_some_and(|text| text.to_str().is_ok()));
        }
        Input::Struct { name, flags, sizes } => {
            let name = name.as_deref().map(c_text);
            let read_only = flags & 1 != 0;
            let c_drive = CDrive { name: pointer(&name), read_only, sizes };
            // SAFETY: the struct is whole, and the name NULL or a C string.
            let drive = unsafe { Drive::cloned_from_foreign(&c_drive) };
            assert_eq!(drive, Drive { name, read_only, sizes });
            round_trip(&drive);
        }
        Input::Buffer { text, room } => {
            let mut buffer = vec![b'#' as c_char; room.into()].into_boxed_slice();
            match OsStr::from_bytes(&text).try_clone_into_buffer(&mut buffer) {
                Ok(()) => {
                    // SAFETY: the buffer has a NUL, since the text was copied.
                    let copied = unsafe { CStr::from_ptr(buffer.as_ptr()) };
                    assert_eq!(copied.to_bytes(), text);
                }
                Err(_) => assert!(text.contains(&0) || text.len() >= room.into()),
            }
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let input: Result<Input> = Input::arbitrary_take_rest(Unstructured::new(bytes));
    if let Ok(input) = input {
        convert(input);
    }
});
