//! Attributes that older compilers do not know.

#![expect(unused_variables, reason = "to see it go")]
#![allow(dead_code, clippy::all, reason = "many")]

#[diagnostic::on_unimplemented(message = "no {Self}")]
trait Named {
    fn name(&self) -> String;
}

#[derive(Default, Debug, Clone, Copy, PartialEq)]
pub(crate) enum Level {
    Low,
    #[default]
    #[doc(hidden)]
    Middle,
    High = 9,
}

macro_rules! level {
    ($name:ident { $first:ident $(, $rest:ident)* }) => {
        #[derive(Debug, Default)]
        enum $name {
            #[default]
            $first,
            $($rest,)*
        }
    };
}

level!(Made { One, Two });

mod by_path {
    pub(crate) use core::prelude::v1::derive;

    #[::core::prelude::v1::derive(Debug)]
    #[cfg_attr(all(), ::core::prelude::v1::derive(Clone))]
    pub struct ByPath(pub u8);
}

#[unsafe(no_mangle)]
pub extern "C" fn lowered_attributes_test() -> u8 {
    4
}

unsafe extern "C" {
    fn abs(n: i32) -> i32;
}

#[allow(non_snake_case, reason = "why not")]
fn Odd() -> u8 {
    #[expect(unused_mut)]
    let mut x = 1;
    x
}

#[cfg(target_has_atomic = "ptr")]
fn atomic() -> bool {
    true
}

#[cfg(not(target_has_atomic = "ptr"))]
fn atomic() -> bool {
    false
}

fn numbers<'a>(list: &'a [u8]) -> impl Iterator<Item = u8> + use<'a> {
    list.iter().copied()
}

impl Named for Level {
    fn name(&self) -> String {
        format!("{self:?}")
    }
}

fn main() {
    let unused = 1;
    println!("{:?} {:?} {}", Level::default(), Made::default(), Level::High.name());
    println!("{} {} {}", lowered_attributes_test(), unsafe { abs(-3) }, Odd());
    println!("{:?}", by_path::ByPath(1).clone());
    println!("{} {}", atomic(), cfg!(panic = "unwind"));
    println!("{:?}", numbers(&[1, 2]).collect::<Vec<_>>());
}
