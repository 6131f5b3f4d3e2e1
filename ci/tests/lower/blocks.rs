//! Blocks with labels, attributes on expressions, constants that check.

struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

fn classify(n: u32) -> &'static str {
    'found: {
        let _guard = Loud("guard");
        if n == 0 {
            break 'found "zero";
        }
        let Some(half) = n.checked_sub(10) else { break 'found "small" };
        // The inner loop has breaks of its own.
        for i in 0..half {
            if i == 3 {
                break;
            }
            if i == 2 {
                break 'found "large";
            }
        }
        "middle"
    }
}

fn nested() -> u32 {
    let mut sum = 0;
    'outer: for i in 0..5 {
        'inner: {
            if i == 1 {
                continue 'outer;
            }
            if i == 4 {
                break 'inner;
            }
            sum += 'value: {
                if i == 2 {
                    break 'value 20;
                }
                i + 1
            };
        }
        sum += 100;
    }
    sum
}

macro_rules! first {
    ($($e:expr),*) => {
        'first: {
            $(if let Some(x) = $e { break 'first x; })*
            0
        }
    };
}

const fn clamp(n: u32) -> u32 {
    'out: {
        if n > 9 {
            break 'out 9;
        }
        n
    }
}

const NINE: u32 = clamp(12);

fn attributes() -> Vec<u32> {
    #[allow(unused_mut)]
    let mut list = vec![
        #[cfg(all())]
        1,
        #[cfg(any())]
        2,
        3,
    ];
    #[rustfmt::skip]
    list.push(  4);
    #[allow(clippy::needless_return)]
    return list;
}

struct Checked<T>(T);

impl<T> Checked<T> {
    const OK: () = assert!(size_of::<T>() < 9, "it is small");
}

macro_rules! list {
    ($($item:expr),*) => { [$($item),*] };
}

macro_rules! same {
    ($value:expr) => {
        $value
    };
}

fn length() -> usize {
    list! { 1, 2, { 3 } }.len()
}

fn first(text: Option<char>) -> Option<char> {
    same! { text }?;
    None
}

fn main() {
    println!("{} {:?}", length(), first(Some('a')));
    println!("{} {} {} {}", classify(0), classify(5), classify(11), classify(20));
    println!("{} {}", nested(), first!(None, Some(7), None));
    println!("{NINE} {:?}", attributes());
    let () = Checked::<u32>::OK;
}
