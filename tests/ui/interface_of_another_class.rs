//! expect: mismatched types
//! Big's methods are for a Big, and Small must not have them.
use oldstable::qom::{Interface, Object, ObjectImpl};

oldstable::qom_define_interface! {
    pub struct Wound("wound");
    pub trait WoundImpl;
    pub struct WoundClass;
    WIND => wind: fn(turns: u32) -> u32 = |_, _| 0;
}

oldstable::qom_define_type! { pub struct Big("big"): Object {} }
impl ObjectImpl for Big {}
impl WoundImpl for Big {}

oldstable::qom_define_type! { pub struct Small("small"): Object {} }
impl ObjectImpl for Small {
    const INTERFACES: &'static [Interface<Self>] = &[<Big as WoundImpl>::INTERFACE];
}
