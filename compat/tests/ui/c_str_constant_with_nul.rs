//! expect: `NulInside: AllowedInCString` is not satisfied | the text of this `c_str!` has a NUL inside
const TEXT: &[u8] = b"ab\0";

pub const UNUSED: &std::ffi::CStr = oldstable_compat::c_str!(TEXT);
