//! expect: A_TABLE_OF_VIRTUAL_METHODS_HAS_NO_GREATER_ALIGNMENT_THAN_A_POINTER | [(align_of::<Methods>() > align_of::<*const ()>()) as usize]
use oldstable::qom::{Object, ObjectImpl, VirtualMethods};

#[repr(align(64))]
pub struct Odd(u8);

impl VirtualMethods for Odd {
    const BASE: Self = Odd(1);
}

oldstable::qom_define_type! {
    pub struct Device("device-of-ours") with Odd: Object {}
}

impl ObjectImpl for Device {}

oldstable::plugin!(Device);
