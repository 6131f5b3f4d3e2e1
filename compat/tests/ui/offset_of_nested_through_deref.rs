//! expect: type annotations needed | type annotations required | no field `len` on type
struct Inner {
    len: u8,
}
struct Outer {
    boxed: Box<Inner>,
}

pub fn program() {
    oldstable_compat::offset_of!(Outer, boxed.len);
}
