//! Ranges in patterns, at their ends.

fn small(n: u8) -> &'static str {
    match n {
        0..2 => "tiny",
        2..10 => "small",
        10..=99 => "two digits",
        // All that is left.
        100..=255 => "three digits",
    }
}

fn sign(n: i64) -> i32 {
    match n {
        i64::MIN..-9 => -2,
        -9..0 => -1,
        0..1 => 0,
        1..=i64::MAX => 1,
    }
}

fn nested(pair: Option<(u16, char)>) -> u8 {
    match pair {
        Some((0..=9 | 100..200, 'a'..='f' | 'A'..'G')) => 1,
        Some((_, ..='\u{1f}')) => 2,
        Some((10..50, 'y'..)) => 3,
        _ => 4,
    }
}

fn slices(list: &[i8]) -> bool {
    matches!(list, [i8::MIN..=-1, ..] | [.., 100..=127])
}

macro_rules! within {
    ($e:expr) => {
        matches!($e, |4..6| 8..9)
    };
}

/// In the call of a macro, nothing but the compiler knows that it is a pattern.
macro_rules! pick {
    ($e:expr, $($p:pat => $v:literal),*) => { match $e { $($p => $v,)* } };
}

fn picked(x: Option<(u8, char)>) -> &'static str {
    pick!(x, Some((20..30, _)) => "numbers", Some((_, /* to the last */ 'x'..)) => "letters", _ => "others")
}

/// No suffix says of which type they are.
fn open(pair: (i64, Option<u8>)) -> u8 {
    match pair {
        (..=-100, Some(b'a'..)) => 1,
        (-5.. /* to the end */, Some(200..)) => 2,
        (n, Some(..=9)) if matches!(n, -9..=-1 | 7..) => 3,
        (_, None) => match -3 { ..=-3 => 4, -2.. => 5 },
        _ => 6,
    }
}

fn main() {
    let pairs = [(-100, Some(b'a')), (-5, Some(200)), (-1, Some(9)), (7, Some(0)), (0, Some(9)), (0, None)];
    println!("{:?}", pairs.map(open));
    println!("{:?}", [0, 1, 2, 9, 10, 99, 100, 255].map(small));
    println!("{:?}", [i64::MIN, -10, -9, -1, 0, 1, i64::MAX].map(sign));
    let pairs = [Some((5, 'b')), Some((150, 'F')), Some((60, 'G')), Some((60, '\t')), Some((49, 'z')), None];
    println!("{:?}", pairs.map(nested));
    println!("{:?}", [(9, 'a'), (29, 'x'), (30, 'z'), (30, 'w')].map(|pair| picked(Some(pair))));
    println!("{} {} {} {}", slices(&[-5, 1]), slices(&[1, 100]), slices(&[1, 99]), slices(&[]));
    println!("{} {} {}", within!(5_u8), within!(6_u8), within!(8_u8));
}
