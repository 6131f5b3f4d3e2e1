//! expect: no field named `third` | does not have a field named `third` | no field `third` on type
struct Pair {
    first: u8,
}

fn main() {
    oldstable_compat::offset_of!(Pair, third);
}
