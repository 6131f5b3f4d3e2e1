//! expect: `not_through_deref` | __offset_of_check | no field `len` on type
struct Inner {
    len: u8,
}
struct Outer {
    boxed: Box<Inner>,
}

pub fn program() {
    oldstable_compat::offset_of!(Outer, boxed.len);
}
