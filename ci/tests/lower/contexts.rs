//! Each rewriting where it is hard: in another, in a macro, in a constant, between comments, beside a temporary whose
//! drop prints.
#![warn(rustdoc::bare_urls)]
#![deny(unsafe_op_in_unsafe_fn)]
#![doc = concat!("Its documentation ", "is made.")]

struct Loud(u8);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

impl Loud {
    fn some(&self) -> Option<u8> {
        Some(self.0)
    }

    fn none(&self) -> Option<u8> {
        None
    }
}

/// The temporary of the scrutinee is gone when the next statement runs, and before the `else` block does.
fn let_else() -> u8 {
    let Some(one) = Loud(1).some() else {
        return 0;
    };
    println!("after {one}");
    let Some(two) = ({
        // A block in it, with a chain in that.
        if let Some(x) = Loud(2).some() && let Some(y) = Loud(3).none() && x > y { Some(y) } else { None }
    }) /* a comment */ else {
        println!("else");
        return one;
    };
    two
}

macro_rules! pick {
    ($value:expr, $pattern:pat => $result:expr) => {
        'pick: {
            match $value {
                $pattern => Some($result),
                // A label, from inside of a match.
                _ => break 'pick None,
            }
        }
    };
}

macro_rules! twice {
    ($e:expr_2021) => {
        $e * 2
    };
}

const fn first(list: &[u8]) -> u8 {
    // In a constant, and nested.
    let [first, ..] = list else { return { let (0 | 1) = 1_u8 else { return 9 }; 0 } };
    *first
}

const FIRST: u8 = first(&[7, 8]);
const NONE: u8 = first(&[]);

fn checked<T>() -> usize {
    const { assert!(size_of::<Loud>() > 0) };
    size_of::<T>()
}

fn kind(c: char) -> &'static str {
    match c {
        // Leading and trailing comments stay.
        ..='\u{1f}' | '\u{7f}' => "control",
        'a'..'n' => "early", // the first half
        'n'..='z' => "late",
        /* all else */ '\u{80}'.. => "wide",
        _ if ({ c } == '2') => match unsafe { Some(c).unwrap_unchecked() } {
            '0'..'2' => "never",
            _ => "two",
        },
        _ if matches!(c, | '0' | '1') => "bit",
        _ => "other",
    }
}

#[cfg(false)]
compile_error!("this is never compiled");

#[cfg_attr(true, allow(dead_code, reason = "in cfg_attr"))]
unsafe fn read(p: *const u16) -> u16 {
    unsafe { p.read_unaligned() }
}

#[repr(C, packed)]
struct Packed(u8, u16);

fn main() {
    println!("{}", let_else());
    println!("{:?}", pick!(Loud(4).some(), Some(n) => { println!("inside"); n }));
    println!("{:?}", pick!(Loud(5).none(), Some(n) => n + 1));
    println!("{:?}", pick!(pick!(Some(Loud(6)), Some(loud) => loud.0), Some(n @ 6) => n));
    println!("{} {FIRST} {NONE} {}", twice!(1 + 2), checked::<u16>());
    println!("{:?}", ['\n', 'b', 'q', 'é', '1', '2', '!'].map(kind));
    let packed = Packed(1, 515);
    // The field is not aligned.
    println!("{} {}", unsafe { read(&raw const packed.1) }, packed.0);
    let (mut a, mut b) = (1, 2);
    for i in [Loud(8), Loud(9)] {
        (a, b) = (b, a + i.some().unwrap_or_default() /* while i lives */);
        if i.0 == 8 && let Some(x) = Loud(10).some() && { println!("in the chain"); x > 3 } {
            println!("body {a}");
        } else if { i.0 } == 9 && let Some(9) = i.some() {
            println!("nine {b}");
        } else {
            println!("other {b}");
        }
    }
    let width = usize::from(a);
    let all: Vec<String> = [1, 2].into_iter().map(|n| format!("{n:0width$}")).collect();
    println!("{all:?} {a}");
}
