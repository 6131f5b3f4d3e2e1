//! `pin!` in a `let`: by import and by path, shadowing, nested, in a macro, with a type, between comments, with values
//! and temporaries whose `Drop` prints.

use std::future::Future;
use std::pin::{pin, Pin};
use std::ptr;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

const STILL: RawWaker = RawWaker::new(ptr::null(), &RawWakerVTable::new(|_| STILL, |_| (), |_| (), |_| ()));

struct Loud(&'static str);

impl Loud {
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

fn run<F: Future>(future: F) -> Option<F::Output> {
    let waker = unsafe { Waker::from_raw(STILL) };
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

macro_rules! pinned {
    ($name:ident, $value:expr) => {
        let $name = pin!($value);
    };
}

fn values() {
    let _first = Loud("first");
    let inner = pin!(Loud("inner")); // It lives to the end of the block.
    let length = pin!(Loud("temporary").len());
    println!("{} {length}", inner.0);
    {
        let mut nested /* its name */: Pin<&mut usize> = std::pin::pin!({
            let part = core::pin::pin!(Loud("part"));
            part.len()
        },);
        nested.set(7);
        println!("{nested}");
    }
    let typed: Pin<&mut dyn Future<Output = u8>> = pin!(async { 1 });
    println!("{:?}", run(typed));
    pinned!(by_macro, Loud("by macro"));
    println!("{}", by_macro.0);
    println!("{}", pin!(Loud("argument")).len());
}

fn main() {
    println!("{:?}", run(async { 3 }));
    println!("{:?}", run(std::future::pending::<()>()));
    values();
}
