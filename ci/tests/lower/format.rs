//! Names in format strings, in all of std's macros.

use std::fmt::{self, Write};

struct Point {
    x: i32,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Point { x } = self;
        write!(f, "<{x}>")
    }
}

macro_rules! say {
    ($($arg:tt)*) => { println!("said: {}", format_args!($($arg)*)) };
}

/// It hands its arguments on, and says so of none of them.
macro_rules! note {
    (to: $to:expr, $($arg:tt)*) => { println!("{}: {}", $to, format_args!($($arg)*)) };
}

macro_rules! show {
    ($name:ident) => {{
        let value = $name;
        format!("{value} is {}", stringify!($name))
    }};
}

fn message(run: fn()) -> String {
    let error = std::panic::catch_unwind(run).unwrap_err();
    match error.downcast_ref::<String>() {
        Some(text) => text.clone(),
        None => error.downcast_ref::<&str>().unwrap().to_string(),
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let (name, width, precision, pi) = ("n", 8, 2, 3.14159);
    println!("{name} {name:?} {name:>5} {{name}}");
    println!("{pi:width$.precision$}|{pi:>1$}|{0:.precision$}", pi, width);
    println!("{name} {} {other}", 1, other = 2);
    println!("{0} {name} {0}", 5);
    println!("{pi:.*} {name}", 1);
    println!("{:?} \u{41}{name}", 'x'); // {name} in a comment
    println!(r#"{name} "{{quoted}}""#);
    println!("{name}", name = "given");
    println!("{name:0width$}");
    print!("{name}\n");
    let mut text = String::new();
    write!(text, "{name}").unwrap();
    writeln!(text, "{width} {}", pi).unwrap();
    println!("{text:?} {}", Point { x: 8 });
    say!("{name} {width}");
    println!("{}", show!(width));
    note!(to: name, "{name} {width:>4} {pi:.1}");
    note!(to: 1, "{name} {}", 7,);
    println!("{}", format!("{}", format_args!("{name}")));
    println!("{}", message(|| { let n = 1; panic!("n is {n}") }));
    println!("{}", message(|| panic!("braces {{}}")));
    println!("{}", message(|| { let n = 2; assert!(n == 1, "n is {n}") }));
    println!("{}", message(|| assert!(false, "braces {{}}")));
    println!("{}", message(|| { let n = 2; assert_eq!(n, 1, "n is {n}") }).contains("n is 2"));
    println!("{}", message(|| { let n = 2; todo!("n is {n}") }));
    println!("{}", message(|| { let n = 2; unreachable!("n is {n}") }));
    println!("{}", message(|| { let n = 2; unimplemented!("{n} and {n}") }));
}
