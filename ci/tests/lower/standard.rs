//! Items of std: by path, by import with and without another name, in groups, through a module, in macros, in constants.

use std::cell::{Cell, OnceCell as Once};
use std::collections::BTreeMap;
use std::num::{self, NonZero, NonZeroU8};
use std::ops::ControlFlow::{self, *};
use std::sync::{Arc, LazyLock, Mutex, OnceLock as Slot};
use std::{array, iter, mem, ptr};

static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    println!("made once");
    vec!["one", "two"]
});
static SLOT: Slot<u32> = Slot::new();

const HALF: u32 = 1_000_000u32.ilog10() / 2;
const LARGE: usize = usize::BITS as usize / 8;

macro_rules! first_of {
    ($list:expr) => {
        $list.first().copied().is_some_and(|n| n > 1)
    };
}

mod own {
    // A method of one's own has the name of a newer one of std's.
    pub trait Halves {
        fn div_ceil(&self, by: u8) -> String;
    }

    impl Halves for &str {
        fn div_ceil(&self, by: u8) -> String {
            format!("{self}/{by}")
        }
    }

    pub mod inner {
        use super::Halves;

        pub fn both() -> (String, u32) {
            ("text".div_ceil(2), 9u32.div_ceil(2))
        }
    }
}

struct Number(u16);

macro_rules! from {
    ($n:ident, $from:ty) => {
        impl From<num::NonZero<$n>> for Number {
            fn from(n: num::NonZero<$n>) -> Number {
                Number(n.get())
            }
        }

        impl From<Number> for num::NonZero<$n> {
            fn from(n: Number) -> num::NonZero<$n> {
                num::NonZero::new(n.0).unwrap()
            }
        }

        impl TryFrom<$from> for Number {
            type Error = ();

            fn try_from(n: $from) -> Result<Number, ()> {
                num::NonZero::<$n>::new(n.into()).map(Number::from).ok_or(())
            }
        }
    };
}
from!(u16, u8);

struct Limits {
    first: NonZero<u16>,
    last: Option<NonZero<usize>>,
}

/// Nothing but the types of other items says which number it is.
fn limits(n: u8) -> (Limits, u64, usize) {
    let wide = |n: NonZero<u64>| n.get();
    let (later, own) = (NonZero::new(u64::from(n)), NonZero::new(3 /* of no other type */));
    let limits = Limits { first: NonZero::new(7).unwrap(), last: NonZero::new(usize::from(n)) };
    (limits, later.map_or(0, wide) + wide(NonZero::new(1).unwrap()), mem::size_of_val(&own))
}

struct Days(std::ops::Range<u8>);

impl Iterator for Days {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.0.next()
    }

    // An implementation may have its own of a newer method.
    fn is_sorted(self) -> bool {
        self.0.start <= self.0.end
    }
}

fn until(limit: u32) -> ControlFlow<u32, ()> {
    match (1..).find(|n| n * n > limit) {
        Some(n) => Break(n),
        None => Continue(()),
    }
}

struct Loud<'a>(&'a Cell<u32>);

impl Drop for Loud<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

// As bindgen writes it.
unsafe extern "C" {
    fn strchr(text: *const ::core::ffi::c_char, c: ::core::ffi::c_int) -> *mut ::std::ffi::c_char;
}

fn rest_after(text: &[u8], c: u8) -> *const ::core::ffi::c_char {
    let end: ::std::option::Option<u8> = text.last().copied();
    let fits = |n: u8| matches!(end, Some(last) if last as ::core::ffi::c_int == ::std::primitive::i32::from(n));
    if !fits(0) {
        return ::core::ptr::null::<::core::ffi::c_char>();
    }
    unsafe { strchr(text.as_ptr() as *const ::core::ffi::c_char, c as ::core::ffi::c_int).cast_const() }
}

fn main() {
    println!("{} {}", WORDS.len(), WORDS[1]);
    println!("{} {:?} {HALF} {LARGE}", SLOT.get_or_init(|| 5), SLOT.set(6));
    let once = Once::new();
    println!("{} {}", once.get_or_init(|| "a"), once.get_or_init(|| "b"));
    println!("{} {}", first_of!([2, 3]), first_of!([0u8; 0]));
    println!("{:?}", own::inner::both());
    let (limits, wide, size) = limits(6);
    println!("{} {:?} {wide} {size} {}", limits.first, limits.last, Days(1..4).is_sorted());
    println!("{:?} {:?}", until(50), ControlFlow::<u8>::Continue(()).is_continue());
    println!("{:?}", array::from_fn::<_, 3, _>(|i| i * i));
    println!("{:?}", iter::zip([1, 2], ["a", "b"]).collect::<Vec<_>>());
    let pair = (1u8, 2u32);
    println!("{}", unsafe { ptr::addr_of!(pair.1).read_unaligned() });
    println!("{:?} {}", Number::try_from(0u8).is_err(), Number::try_from(7u8).map_or(0, |n| n.0));
    println!("{:?} {:?}", NonZeroU8::MIN.checked_add(1), num::IntErrorKind::Empty);
    let mut map = BTreeMap::from([(1, "one"), (2, "two"), (3, "three")]);
    map.retain(|key, _| key % 2 == 1);
    println!("{map:?} {:?}", map.first_key_value());
    let mut text = String::from("a=b=c");
    println!("{:?} {:?}", text.split_once('='), text.rsplit_once('='));
    text.extend(["d", "e"]);
    println!("{text} {:?}", "12x".parse::<u8>().map_err(|e| e.kind().clone()));
    let (count, shared) = (Cell::new(0), Arc::new(Mutex::new(vec![3, 1, 2])));
    let mut list = vec![Loud(&count), Loud(&count), Loud(&count)];
    let taken = mem::take(&mut list).into_iter().inspect(|_| ()).nth(1);
    println!("{} {}", count.get(), list.len());
    drop(taken);
    println!("{} {:?}", count.get(), shared.lock().map(|list| list.is_sorted()));
    println!("{:?} {:?}", [1, 2, 4].partition_point(|n| *n < 3), 5i32.checked_ilog2());
    println!("{:?}", std::thread::scope(|scope| scope.spawn(|| shared.lock().unwrap().len()).join().unwrap()));
    println!("{} {}", unsafe { *rest_after(b"a=b\0", b'=').add(1) } as u8, rest_after(b"a", b'a').is_null());
}
