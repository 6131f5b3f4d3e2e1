//! expect: with_offsets! takes structs that are #[repr(C)] or #[repr(C, align(N))]
oldstable_compat::with_offsets! {
    #[repr(C, packed)]
    struct Packed {
        first: u8,
        second: u32,
    }
}
