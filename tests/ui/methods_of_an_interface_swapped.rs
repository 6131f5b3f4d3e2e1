//! expect: is not a member of trait
//! What installs the methods of Big must not be handed to Small.
use oldstable::qom::{Object, ObjectImpl};

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
impl ObjectImpl for Small {}
impl WoundImpl for Small {
    const IN_RUST: &'static oldstable::qom::RustInterface = <Big as WoundImpl>::IN_RUST;
}
