use oldstable_compat::{c_str, const_assert, const_offset_of, offset_of, with_offsets};

with_offsets! {
    #[repr(C)]
    struct Pair {
        first: u8,
        second: u32,
    }
}
const_assert!(const_offset_of!(Pair, second) == 4);

pub fn program() {
    let _ = (c_str!("text"), offset_of!(Pair, first));
}
