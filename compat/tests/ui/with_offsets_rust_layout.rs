//! expect: with_offsets! needs #[repr(C)], spelled out above the struct
oldstable_compat::with_offsets! {
    struct Pair {
        first: u8,
        second: u32,
    }
}
