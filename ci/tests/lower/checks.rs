//! Constants that check: with and without a message, with conditions on constants, in functions and in impls.

const SIZE: usize = 4;
const NAME: &str = "four";

const _: () = assert!(SIZE == 4);
const _: () = assert!(SIZE > 1 && NAME.len() == SIZE, "the name is as long as it says");
const _: () = {
    assert!(SIZE.is_power_of_two());
    assert!(!NAME.is_empty(), "{}", "it has a name");
};
const _: () = {
    if SIZE > 8 {
        panic!("it is too large");
    }
};
const _: () = {
    if NAME.len() == 9 && { SIZE == 4 } {
        panic!("{}", "nine");
    }
    assert!(SIZE | 4 == 4);
    if !(SIZE == 4) { core::panic!() }
};
const _: () = if SIZE == 0 { panic!("nothing") };

struct Fits<T>(T);

impl<T> Fits<T> {
    const OK: () = assert!(std::mem::size_of::<T>() <= SIZE);
}

macro_rules! fits {
    ($type:ty, $size:expr) => {
        const _: () = assert!(std::mem::size_of::<$type>() == $size, concat!(stringify!($type), " has another size"));
    };
}

fits!(u32, 4);
fits!([u8; 3], 3);

/// Below 1.57 it is no longer `const`, since nothing panics there.
const fn minutes(n: i8) -> i8 {
    let (_, first) = (0, n.checked_mul(2).expect("too {many}")); // Twice.
    first + first.checked_mul(/* thirty */ 30).unwrap() - first
}

fn inside() -> u8 {
    const { assert!(SIZE != 5) };
    const _: () = assert!(SIZE < 10);
    9
}

fn main() {
    let () = Fits::<u32>::OK;
    println!("{} {} {}", inside(), SIZE, minutes(1));
    for n in [100, 60] {
        let why = std::panic::catch_unwind(|| minutes(n)).unwrap_err();
        println!("{:?}", why.downcast_ref::<String>().map(|why| why.as_str()).or(why.downcast_ref().copied()));
    }
}
