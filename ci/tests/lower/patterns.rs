//! Alternatives and ranges in patterns.

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Kind {
    /// The first.
    #[default]
    A,
    B(u8),
    C { n: u8, flag: bool },
}

fn name(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::A | Kind::B(0 | 1)) => "small",
        Some(Kind::B(n @ (2 | 3))) if n > 2 => "three",
        Some(Kind::C { n: 1 | 2, flag: true } | Kind::B(9)) => "special",
        Some(Kind::C { n: 0..5, .. }) => "under five",
        Some(Kind::B(_) | Kind::C { .. }) => "other",
        None => "none",
    }
}

fn class(c: char) -> u8 {
    match c {
        '0'..='9' => 0,
        'a'..'g' => 1,
        'z'.. => 2,
        _ => 3,
    }
}

fn slice(list: &[u8]) -> u8 {
    match list {
        [
            1 // Either this
            | 2 /* or that */, .., last,
        ]
        | [last] => *last,
        [first, ..] => *first,
        [] => 0,
    }
}

fn pair(p: (u8, u8)) -> bool {
    matches!(p, (1 | 2, 3 | 4)) || matches!(Some(p.0), Some(7 | 8) if p.1 == 0)
}

macro_rules! is {
    ($e:expr, $p:pat) => {
        match $e {
            $p => true,
            _ => false,
        }
    };
}

macro_rules! is_any {
    ($e:expr, $($p:pat_param)|+) => {
        match $e {
            $($p)|+ => true,
            _ => false,
        }
    };
}

macro_rules! first_or {
    ($e:expr, $first:pat_param $(| $rest:pat_param)*) => {
        match $e {
            $first $(| $rest)* => matches!($e, $first $(| $rest)*),
            _ => false,
        }
    };
}

macro_rules! twice {
    ($x:expr) => {
        is!($x, Some(1 | 2)) && is_any!($x, None | Some((2 | 3 | 4)))
    };
}

enum Never {}

struct Loud(u8);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

fn made(n: u8) -> Result<Loud, Never> {
    Ok(Loud(n))
}

macro_rules! sure {
    ($n:expr) => {
        match made($n) {
            Ok(x) => x, // Nothing else has a value.
        }
    };
}

fn sure(n: u8) -> Loud {
    let Ok(first) = made(n);
    println!("{}", match made(n + 1) { Ok(Loud(ref n)) => *n });
    let nested = match Some(made(n + 2)) {
        Some(Ok(loud)) => match made(loud.0 + 1) {
            Ok(loud) => sure!(loud.0 + 1),
        },
        None => first,
    };
    println!("{}", nested.0);
    nested
}

fn main() {
    println!("{}", sure(1).0);
    let all = [
        Some(Kind::default()),
        Some(Kind::B(1)),
        Some(Kind::B(2)),
        Some(Kind::B(3)),
        Some(Kind::B(9)),
        Some(Kind::C { n: 2, flag: true }),
        Some(Kind::C { n: 4, flag: false }),
        Some(Kind::C { n: 5, flag: false }),
        None,
    ];
    all.iter().for_each(|kind| println!("{}", name(*kind)));
    println!("{:?}", ['5', 'f', 'g', 'z', 'é'].iter().map(|c| class(*c)).collect::<Vec<_>>());
    println!("{} {} {} {}", slice(&[1, 5, 6]), slice(&[9]), slice(&[4, 5]), slice(&[]));
    println!("{} {} {}", pair((1, 4)), pair((7, 0)), pair((3, 3)));
    if let Some(Kind::A | Kind::B(0)) = all[0] {
        println!("a or b");
    }
    println!("{} {}", is!(3, 1 | 3), is!(4, 1 | 3));
    let nested = |x: Option<u8>| is!((x, 1), (Some(1 | /* or */ 2), 1 | 3) | (None, 2 | 1)) || is_any!(x, Some(5 | 6));
    println!("{} {} {} {}", nested(Some(2)), nested(None), nested(Some(6)), nested(Some(7)));
    println!("{} {} {}", first_or!(3, 1 | 3), first_or!(4, 1), first_or!(-7i8, ..0 | 9..));
    println!("{} {}", twice!(Some(2)), twice!(Some(1)));
}
