//! expect: with_offsets! takes one struct with named fields
oldstable_compat::with_offsets! {
    #[repr(C)]
    struct Pair(u8, u32);
}
