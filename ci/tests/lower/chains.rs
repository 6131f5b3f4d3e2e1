//! Conditions with `let`, one after the other.

fn pair(a: Option<u32>, b: &str) -> String {
    if let Some(a) = a && a > 1 && let Ok(b) = b.parse::<u32>() {
        return format!("{} {}", a, b);
    }
    "none".to_string()
}

fn with_else(a: Option<u32>, flag: bool) -> u32 {
    if flag && let Some(n) = a { n } else { 0 }
}

fn long_else(a: Option<u32>, b: Option<u32>) -> Vec<u32> {
    let mut list = Vec::new();
    let sum = if let Some(a) = a
        // Both of them.
        && let Some(b) = b
        && a < b
    {
        list.push(a);
        a + b
    } else if let Some(b) = b && b > 5 {
        list.push(b);
        list.push(b);
        b
    } else {
        list.push(0);
        list.push(0);
        list.push(0);
        list.push(0);
        list.push(0);
        list.push(0);
        99
    };
    list.push(sum);
    list
}

fn jumps(all: &[Option<u32>]) -> u32 {
    let mut sum = 0;
    for n in all {
        if let Some(n) = n && *n > 1 {
            if *n == 9 {
                break;
            }
            sum += n;
        } else {
            sum += 100;
            if sum > 250 {
                println!("it is enough: nothing is added from here on, whatever stands behind it");
                continue;
            }
        }
        sum += 1;
    }
    sum
}

fn while_chain(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut digits = String::new();
    while let Some(c) = chars.peek() && c.is_ascii_digit() {
        digits.push(*c);
        chars.next();
        if digits.len() == 5 {
            break;
        }
    }
    digits
}

macro_rules! both {
    ($a:expr, $b:expr) => {
        if let Some(a) = $a && let Some(b) = $b { a + b } else { 0 }
    };
}

fn main() {
    println!("{} {} {}", pair(Some(2), "3"), pair(Some(1), "3"), pair(Some(2), "x"));
    println!("{} {}", with_else(Some(4), true), with_else(Some(4), false));
    println!("{:?} {:?} {:?}", long_else(Some(1), Some(2)), long_else(None, Some(7)), long_else(None, None));
    println!("{}", jumps(&[Some(2), None, Some(1), None, Some(9), Some(3)]));
    println!("{} {}", while_chain("123x"), while_chain("1234567"));
    println!("{} {}", both!(Some(1), Some(2)), both!(Some(1), None::<i32>));
}
