//! What newer editions and releases have in scope, and what compat stands in for.

use core::error::Error;
use std::fmt;
use std::sync::OnceLock;

macro_rules! sized {
    ($name:ident, $of:ty) => {
        pub struct $name;

        impl $name {
            // In the module that calls the macro, nothing is imported.
            pub const SIZE: usize = size_of::<$of>() + align_of::<$of>();
        }
    };
}

mod sizes {
    sized!(Pair, (u8, u16));

    pub mod nested {
        sized!(Byte, u8);
    }
}

struct Loud(u8);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

fn boxed() {
    let two = || -> Box<[Loud]> { vec![Loud(1), Loud(2)].into_boxed_slice() };
    for loud in two() {
        println!("{}", loud.0);
    }
    let mut all = vec![Loud(0)];
    let list = two();
    all.extend(list /* all of them */);
    println!("{}", all.len());
    println!("{}", [3, 4].len() + std::iter::once(1).chain(vec![5].into_boxed_slice()).count());
}

mod inner {
    pub struct Even(pub u32);

    impl TryFrom<u32> for Even {
        type Error = String;

        fn try_from(n: u32) -> Result<Self, String> {
            if n % 2 == 0 { Ok(Even(n)) } else { Err(format!("{n} is odd")) }
        }
    }
}

struct List(Vec<u8>);

impl FromIterator<u8> for List {
    fn from_iter<I: IntoIterator<Item = u8>>(items: I) -> Self {
        List(Vec::from_iter(items))
    }
}

#[derive(Debug)]
struct Bad;

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bad")
    }
}

impl Error for Bad {}

static ONCE: OnceLock<u32> = OnceLock::new();

fn run() -> Result<u8, Box<dyn Error>> {
    let small: u8 = 300_u32.try_into()?;
    Ok(small)
}

fn main() {
    let even: Result<inner::Even, _> = 3.try_into();
    println!("{:?}", even.map(|even| even.0));
    println!("{:?}", (1..4).collect::<List>().0);
    println!("{} {}", size_of::<u32>(), align_of::<u16>());
    println!("{} {:?}", ONCE.get_or_init(|| 4), run().map_err(|e| e.to_string()));
    println!("{} {}", 7_u32.div_ceil(2), 10_u8.abs_diff(12));
    println!("{:?}", Some(3).is_some_and(|n| n > 2));
    println!("{}", Bad);
    println!("{} {}", sizes::Pair::SIZE, sizes::nested::Byte::SIZE);
    boxed();
}
