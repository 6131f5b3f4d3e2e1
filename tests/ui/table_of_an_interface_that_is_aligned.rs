//! expect: A_TABLE_OF_VIRTUAL_METHODS_HAS_NO_GREATER_ALIGNMENT_THAN_A_POINTER | [(align_of::<Methods>() > align_of::<*const ()>()) as usize]
//! QEMU makes the interface's class, aligned for its own.
use oldstable::qom::{Interface, Object, ObjectImpl};

oldstable::qom_define_interface! {
    pub struct Wound("wound");
    pub trait WoundImpl;
    #[repr(align(64))]
    pub struct WoundClass;
    WIND => wind: fn(turns: u32) -> u32 = |_, turns| turns;
}

oldstable::qom_define_type! {
    pub struct Clockwork("clockwork"): Object {}
}

impl ObjectImpl for Clockwork {
    const INTERFACES: &'static [Interface<Self>] = &[<Self as WoundImpl>::INTERFACE];
}

impl WoundImpl for Clockwork {}

oldstable::plugin!(Clockwork);
