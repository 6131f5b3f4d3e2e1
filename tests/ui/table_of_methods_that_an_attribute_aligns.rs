//! expect: A_TABLE_OF_VIRTUAL_METHODS_HAS_NO_GREATER_ALIGNMENT_THAN_A_POINTER | [(align_of::<Methods>() > align_of::<*const ()>()) as usize]
//! The attribute is hidden in another one.
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Base("base") with BaseClass: Object {}
}

impl ObjectImpl for Base {}

oldstable::qom_virtual_methods! {
    pub trait BaseImpl: ObjectImpl;
    pub trait BaseMethods;
    #[cfg_attr(all(), repr(align(64)))]
    pub struct BaseClass for Base;
    WIND => wind, parent_wind: fn(turns: u32) -> u32 = |_, turns| turns;
}

oldstable::plugin!(Base);
