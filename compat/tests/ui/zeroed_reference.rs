//! expect: `&u8: Zeroable` is not satisfied | `&u8: oldstable_compat::mem::Zeroable` is not satisfied
fn main() {
    let _ = <&u8 as oldstable_compat::mem::Zeroable>::ZEROED;
}
