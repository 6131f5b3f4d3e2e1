//! expect: `NulInside: AllowedInCString` is not satisfied | the text of this `c_str!` has a NUL inside | nul byte found in the literal
fn main() {
    oldstable_compat::c_str!("a\0b");
}
