//! A struct with a constant default, which a derive macro makes.

use const_default::ConstDefault;
use oldstable_compat::{const_offset_of, with_offsets};

with_offsets! {
    /// Registers at reset.
    #[derive(ConstDefault)]
    #[repr(C)]
    pub struct Registers {
        /// Interrupts that are let through.
        pub mask: u16,
        /// The fraction of the divisor.
        pub fraction: u32,
    }
}

/// The registers at reset.
pub const RESET: Registers = Registers::DEFAULT;

/// Where the fraction lies.
pub const FRACTION: usize = const_offset_of!(Registers, fraction);

#[test]
fn derive_and_shims_work_on_one_struct() {
    assert_eq!((RESET.mask, RESET.fraction, FRACTION), (0, 0, 4));
}
