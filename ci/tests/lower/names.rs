//! Names: keywords of an edition and raw names, imports without a name, raw C strings.

use std::error::Error as _;
use std::ffi::CStr;
use std::fmt::{self, Write as _};
use std::iter::FromIterator as _;

mod r#gen {
    // A name of edition 2018 behind a keyword of edition 2024.
    pub fn r#gen(r#async: u8) -> u8 {
        r#async + 1
    }

    pub struct Fields {
        pub r#gen: u8,
        pub r#type: &'static str,
    }
}

mod inner {
    // The trait is in scope here without a name, and in no other module.
    use std::convert::TryFrom as _;

    pub fn small(n: u32) -> Option<u8> {
        u8::try_from(n).ok()
    }

    pub mod deeper {
        pub fn sign(n: i64) -> Result<i8, std::num::TryFromIntError> {
            n.signum().try_into()
        }
    }
}

#[derive(Debug)]
struct Outer(fmt::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl core::error::Error for Outer {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.0)
    }
}

macro_rules! raw {
    ($name:ident) => {
        // The text in a macro, with "quotes" in its comment: c"no" cr"no".
        (cr#"a "quoted" \n"#, concat!(stringify!($name), "{gen}"))
    };
}

const EMPTY: &CStr = c"";

static PATHS: [&CStr; 2] = [cr"C:\new", c"tab\tend"];

fn main() {
    let r#gen = r#gen::Fields { r#gen: r#gen::r#gen(1), r#type: "raw" };
    let (r#type, r#match) = (r#gen.r#type, r#gen.r#gen);
    println!("{type} {match:>4} {}", r#gen.r#gen);
    println!("{type:>1$} {type:?} {0}", 3, 6);
    println!("{:?} {:?} {:?}", inner::small(255), inner::small(256), inner::deeper::sign(-7));
    println!("{:?}", Outer(fmt::Error).source().map(|e| e.to_string()));
    let mut text = String::from_iter(["a", "b"]);
    write!(text, "{type}").unwrap();
    println!("{text}");
    let (quoted, plain) = raw!(r#gen);
    println!("{} {plain}", quoted.to_str().unwrap());
    println!("{:?} {:?}", EMPTY.to_bytes_with_nul(), PATHS.map(|path| path.to_bytes().len()));
    println!("{:?}", cr##"#""##.to_bytes()); // cr##"in a comment"##
}
