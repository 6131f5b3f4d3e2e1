//! Destructuring assignment, raw borrows, C strings, constants in blocks.

use std::cell::Cell;

struct Pair {
    left: u32,
    right: u32,
}

#[repr(C, packed)]
struct Packed {
    first: u8,
    second: u32,
}

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(3) };
}

struct Loud(u8);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

const _: () = assert!(core::mem::size_of::<Packed>() == 5);
const _: () = {
    assert!(1 < 2, "order");
    assert!(2 < 3);
};

fn main() {
    let (mut a, mut b) = (1, 2);
    (a, b) = (b, a + b);
    println!("{a} {b}");
    [a, _, b] = [7, 8, 9];
    println!("{a} {b}");
    let mut pair = Pair { left: 0, right: 0 };
    (pair.left, pair.right) = (b, a);
    println!("{} {}", pair.left, pair.right);
    (a, ..) = (1, 2, 3);
    _ = Loud(a as u8);
    println!("after");
    let right: *const u32 = &raw const pair.right;
    let left: *mut u32 = &raw mut pair.left;
    unsafe { left.write(right.read() + 1) };
    let same = std::ptr::eq(&raw const pair.left as *const u32, &pair.left);
    println!("{} {same}", pair.left);
    println!("{:?} {:?}", c"name", c"a\tb".to_bytes());
    COUNT.with(|count| count.set(count.get() + 1));
    println!("{}", COUNT.with(Cell::get));
    let limit = const { 3 * 4 };
    println!("{limit}");
    let lists = [const { Vec::<u8>::new() }; 3];
    println!("{lists:?}");
}
