//! `cfg_select!`: of items, of statements and of values, nested, in a macro, in a constant, between comments.

cfg_select! {
    all(unix, windows) => {
        fn never() {}
    }
    unix => {
        // It is Unix.
        mod inner {
            pub const NAME: &str = "unix";
        }
        use inner::NAME;
    }
    _ => {
        const NAME: &str = "other";
    }
}

const WIDTH: u32 = cfg_select! {
    target_pointer_width = "16" => 2,
    /* the usual ones */
    any(target_pointer_width = "32", target_pointer_width = "64") => { cfg_select! { unix => 8, true => 4 } }
    _ => 1,
};

macro_rules! of {
    ($value:expr) => {
        std::cfg_select! { windows => { $value - 1 } _ => { $value + 1 } }
    };
}

struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop");
    }
}

impl Loud {
    fn value(&self) -> u8 {
        7
    }
}

fn main() {
    cfg_select! {
        unix => {
            let made = Loud;
            println!("{NAME}");
        }
        _ => { let made = Loud; }
    }
    println!("{WIDTH} {}", of!(made.value()));
    println!("{}", cfg_select! { unix => Loud.value(), _ => 0 });
    println!("end");
}
