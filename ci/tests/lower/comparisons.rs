//! Vectors beside slices: by value and through references, in assertions, in macros, with temporaries.

struct Loud(u8);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

impl Loud {
    fn all(&self) -> Vec<u8> {
        vec![self.0; 2]
    }

    fn part(&self) -> &[u8] {
        &[7, 7]
    }
}

macro_rules! same {
    ($a:expr, $b:expr) => {
        println!("{}", $a == $b)
    };
}

macro_rules! list {
    ($($x:tt)*) => { vec![$($x),*] };
}

fn slice(list: &Vec<u8>) -> &[u8] {
    &list[1..]
}

fn main() {
    let list = vec![1, 2, 3];
    let part: &[u8] = &[2, 3];
    println!("{}", list == *part);
    println!("{}", *part != list /* behind */);
    println!("{} {}", &list == part, part == &list);
    same!(list, *slice(&list));
    same!(*slice(&list), Vec::<u8>::from(part));
    assert_eq!(list![2 3], *slice(&list), "{}", 1);
    assert_ne!(*slice(&list), list);
    debug_assert_eq!(&list[..], list.as_slice());
    if list.iter().skip(1).copied().collect::<Vec<u8>>() == *part && *part == vec![2, 3] {
        println!("both");
    }
    // The temporaries live as long as they did.
    let equal = Loud(7).all() == *Loud(8).part();
    println!("{equal}");
    match Loud(1).all() == *Loud(2).part() {
        equal => println!("within {equal}"),
    }
}
