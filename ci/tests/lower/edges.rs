//! What the other programs leave out: each construct inside itself, in a macro, in a constant, between comments, and with
//! a temporary whose `Drop` prints.

use std::panic::catch_unwind;
use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

struct Loud(&'static str);

impl Loud {
    fn get(&self, n: u8) -> Option<u8> {
        println!("get {} {n}", self.0);
        Some(n)
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

const fn chained(x: Option<Option<u8>>, y: u8) -> u8 {
    if let Some(x) = x /* first */ && let Some(1 | 2) = x && y > 1 { y } else { 0 }
}

const fn class(n: u8) -> &'static str {
    match n {
        ..=9u8 => "digit", // From the start.
        10..16 | 20u8.. /* to the end */ => "other",
        _ => if matches!(Some(n), /* one */ Some(16 | 17)) { "sixteen" } else { "more" },
    }
}

const CHAINED: (u8, u8) = (chained(Some(Some(1)), 4), chained(Some(Some(3)), 4));
const CLASSES: [&str; 3] = [class(3), class(15), class(17)];

macro_rules! ranges {
    ($n:expr) => {
        match $n {
            ..=9u8 => 1,
            10..20u8 => match $n { ..=14u8 => 2, 15u8.. => 3 },
            20u8.. => 4,
        }
    };
}

macro_rules! swap {
    ($a:expr, $b:expr) => {
        ($a, $b) = ($b, $a)
    };
}

macro_rules! checked {
    ($size:expr) => {
        const { assert!($size > 0 /* never nothing */); const { $size + 1 } }
    };
}

macro_rules! list {
    ($($n:expr),*) => { vec![$(Loud($n)),*] };
}

macro_rules! lengths {
    ($($n:expr),*) => { (list! { $($n),* }.len(), list! { "inner" }.iter().map(|loud| loud.0.len()).sum::<usize>()) };
}

fn chains() {
    if let Some(1) = Loud("condition").get(1) && let Some(n) = Loud("second").get(2) && n > 1 {
        println!("taken {n}");
    }
    let mut left = 2;
    while let Some(n) = Loud("loop").get(left) && n > 0 /* not yet */ {
        left -= 1;
    }
    if let Some(n) = Some(3) && { if let Some(m) = Some(n) && m > 2 { true } else { false } } {
        println!("nested {n}");
    }
}

fn formats(width: usize, name: &str) {
    println!("{name} {} {:>width$}", format!("{name}/{}", /* inner */ format_args!("{width}")), name);
    let loud = Loud("formatted");
    println!("{0} {1:?} {name}", loud.0, Loud("argument").get(1));
    let message = |f: fn()| match catch_unwind(f) {
        Err(why) => why.downcast::<String>().map(|text| *text).unwrap_or_default(),
        Ok(()) => String::new(),
    };
    println!("{}", message(|| panic!("{{{}}}", /* inner */ format!("{{{}}}", 1))));
    println!("{}", message(|| std::panic!("{}", { if false { panic!("{{}}") } else { "outer" } })));
}

fn assignments() {
    let (mut a, mut b, mut c) = (Loud("a"), Loud("b"), 0);
    (a, (b, /* the third */ c)) = (Loud("new a"), (Loud("new b"), c + 1));
    println!("assigned {} {} {c}", a.0, b.0);
    let mut list = [1, 2, 3];
    swap!(list[0], list[2]);
    [_, list[1], ..] = [4, { (c, _) = (7, Loud("ignored")); c }, 5, 6];
    Pair { first: (list[0], _), second: c } = Pair { first: (8, Loud("of a pair")), second: c + 1 };
    println!("{list:?} {c}");
}

struct Pair<A, B> {
    first: A,
    second: B,
}

fn branches(n: u8) -> usize {
    let other = Loud("other");
    let chosen: &Loud = if n > 1 {
        println!("made");
        &Loud("chosen")
    } else {
        match n {
            0 => &Loud("nothing"), // Of an arm.
            _ => &other,
        }
    };
    println!("branch {}", chosen.0);
    chosen.0.len()
}

fn pointers() {
    let mut pair = (1u8, (2u8, 3u8));
    let inner = unsafe { &raw const (*(&raw mut pair.1 /* the second */)).1 };
    println!("{} {}", unsafe { *inner }, unsafe { ptr::read(&raw const (*(&raw const pair.0))) });
}

fn blocks() {
    println!("{} {}", checked!(2), const { /* a constant */ CHAINED.0 + const { 1 } });
    println!("{:?}", lengths!("x", "yy"));
    println!("{}", list! { "one", /* and */ "two" }.iter().map(|loud| loud.0).collect::<String>());
    let cell = AtomicU8::new(1);
    let swapped = cell.compare_exchange(
        cell.compare_exchange(1, 2, Ordering::Relaxed, /* stronger */ Ordering::Acquire).map_or(9, |_| 2),
        3,
        Ordering::Release,
        Ordering::SeqCst,
    );
    println!("{swapped:?} {}", cell.into_inner());
    // Older ones have one colon.
    println!("{}", concat!("cargo::rustc-cfg=a\n", /* another */ "cargo::warning=b").replace("cargo::", "cargo:"));
}

fn main() {
    println!("{CHAINED:?} {CLASSES:?} {:?}", [3u8, 12, 17, 200].map(|n| ranges!(n)));
    chains();
    formats(9, "name");
    assignments();
    println!("{} {} {}", branches(0), branches(1), branches(2));
    pointers();
    blocks();
}
