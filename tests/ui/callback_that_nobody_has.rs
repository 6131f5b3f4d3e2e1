//! expect: is unsafe and requires unsafe
//! No value of the type exists, since `absurd` never returns: to call it would be to run what cannot be reached.
use oldstable::callback::FnCall;
use std::convert::Infallible;

fn absurd() -> impl Fn(u32) + Copy + Sync + 'static {
    let never: fn() -> Infallible = || panic!("there is none");
    let never = never();
    move |_: u32| match never {}
}

fn conjure<F: FnCall<(u32,)>>(_value: fn() -> F) {
    F::call((1,))
}

pub fn run() {
    conjure(absurd)
}
