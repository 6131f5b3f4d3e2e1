//! expect: `NulInside: AllowedInCString` is not satisfied | the text of this `c_str!` has a NUL inside | nul byte found in the literal
pub fn program() {
    oldstable_compat::c_str!("a\0b");
}
