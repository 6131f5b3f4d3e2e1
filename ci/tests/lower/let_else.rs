//! let-else: nested, in macros, with comments, with values whose Drop prints.

struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

impl Loud {
    fn number(&self) -> Option<u32> {
        self.0.parse().ok()
    }
}

fn make(text: &'static str) -> Loud {
    println!("make {}", text);
    Loud(text)
}

fn result(text: &'static str) -> Result<u32, Loud> {
    text.parse().map_err(|_| Loud(text))
}

fn seen(text: &'static str) -> u32 {
    let _guard = Loud("guard");
    // The temporary is dropped before the other branch prints.
    let Some(number) = make(text).number() else {
        println!("no number");
        return 0;
    };
    println!("number");
    number
}

fn error_is_dropped_first(text: &'static str) -> u32 {
    let Ok(number) = result(text) else {
        println!("the error is gone");
        return 1;
    };
    number
}

fn unseen(text: &'static str) -> Option<u32> {
    let Some(number) = make(text).number() else { return None };
    Some(number)
}

fn nested(pair: Option<(Option<u32>, &str)>) -> String {
    let Some((inner, /* the name */ name)) = pair else {
        let Some(x) = Some(5) else { panic!("no") };
        return format!("outer {}", x);
    };
    let Some(mut n) = inner else {
        // Why not.
        return format!("inner of {}", name);
    };
    n += 1;
    format!("{} {}", name, n)
}

enum Shape {
    Point,
    Line { from: (i32, i32), to: i32 },
}

fn fields(shape: &Shape) -> i32 {
    let Shape::Line { from: (x, _), to } = shape else {
        return -1;
    };
    x + to
}

fn no_names(shape: &Shape) -> &'static str {
    let Shape::Point = shape else {
        println!("it is long");
        return "line";
    };
    "point"
}

fn by_reference(list: &mut Vec<String>) {
    let Some(first) = list.first_mut() else {
        list.push("new".to_string());
        return;
    };
    first.push('!');
}

fn at(n: Option<u8>) -> String {
    let (Some(n @ (1 | 2)) | Some(n @ 7)) = n else { return "other".into() };
    n.to_string()
}

macro_rules! take {
    ($name:ident, $e:expr, $out:expr) => {
        let Some($name) = $e else {
            return $out;
        };
    };
}

fn in_macro(n: Option<u32>) -> u32 {
    take!(value, n, 100);
    value * 2
}

fn in_loop() -> Vec<u32> {
    let mut found = Vec::new();
    'outer: for line in ["1", "x", "3", "stop", "5"] {
        let Ok(number) = line.parse::<u32>() else {
            if line == "stop" {
                break 'outer;
            }
            continue;
        };
        found.push(number);
    }
    found
}

fn closure() -> impl Fn(Option<u32>) -> u32 {
    |n| {
        let Some(n) = n else { return 0 };
        n + 1
    }
}

const fn constant(n: Option<u32>) -> u32 {
    let Some(n) = n else { return 3 };
    n
}

const THREE: u32 = constant(None);

fn main() {
    println!("{} {}", seen("1"), seen("x"));
    println!("{} {}", error_is_dropped_first("4"), error_is_dropped_first("bad"));
    println!("{:?} {:?}", unseen("2"), unseen("y"));
    println!("{} {} {}", nested(None), nested(Some((None, "a"))), nested(Some((Some(1), "b"))));
    println!("{} {}", fields(&Shape::Point), fields(&Shape::Line { from: (1, 2), to: 3 }));
    println!("{} {}", no_names(&Shape::Point), no_names(&Shape::Line { from: (1, 2), to: 3 }));
    let mut list = Vec::new();
    by_reference(&mut list);
    by_reference(&mut list);
    println!("{:?}", list);
    println!("{} {} {}", at(Some(2)), at(Some(7)), at(None));
    println!("{} {}", in_macro(Some(4)), in_macro(None));
    println!("{:?} {} {}", in_loop(), closure()(Some(1)), THREE);
}
