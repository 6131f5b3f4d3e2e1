//! expect: A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED | [(std::mem::align_of::<F>() > std::mem::align_of::<Struct>()) as usize]
//! The attribute is hidden in another one.
use oldstable::bql::BqlCell;
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    #[cfg_attr(all(), repr(packed))]
    pub struct Thing("thing"): Object {
        small: BqlCell<u8>,
        large: BqlCell<u64>,
    }
}

impl ObjectImpl for Thing {}
