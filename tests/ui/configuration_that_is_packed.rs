//! expect: A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED | [(std::mem::align_of::<F>() > std::mem::align_of::<Struct>()) as usize]
//! QEMU would write where compilers that do not know the offset believe the field to be.
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qdev_define_conf! {
    #[cfg_attr(all(), repr(packed))]
    pub struct Conf {
        "small" => small: bool,
        "large" => large: u64,
    }
}

oldstable::qom_define_type! {
    pub struct Thing("thing"): DeviceState, Object {
        conf: Conf,
    }
}

impl ObjectImpl for Thing {}
impl DeviceImpl for Thing {}
