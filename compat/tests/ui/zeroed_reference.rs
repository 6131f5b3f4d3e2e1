//! expect: `&u8: Zeroable` is not satisfied | `&u8: oldstable_compat::mem::Zeroable` is not satisfied
pub fn program() {
    let _ = <&u8 as oldstable_compat::mem::Zeroable>::ZEROED;
}
