//! expect: no field `third` on type
oldstable_compat::with_offsets! {
    #[repr(C)]
    struct Pair {
        first: u8,
        second: u32,
    }
}

pub const THIRD: usize = oldstable_compat::const_offset_of!(Pair, third);
