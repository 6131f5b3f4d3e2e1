//! expect: no field named `third` | does not have a field named `third` | no field `third` on type
struct Pair {
    first: u8,
}

pub fn program() {
    oldstable_compat::offset_of!(Pair, third);
}
