//! expect: with_offsets! takes structs that are #[repr(C)] or #[repr(C, align(N))]
oldstable_compat::with_offsets! {
    #[repr(C)]
    #[repr(packed(2))]
    struct Packed {
        first: u8,
        second: u32,
    }
}
