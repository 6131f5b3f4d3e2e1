//! expect: A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED | [(std::mem::align_of::<F>() > std::mem::align_of::<Struct>()) as usize]
//! A timer in it would not be aligned.
use oldstable::bql::BqlCell;
use oldstable::timer::Timer;

oldstable::qom_define_part! {
    #[repr(packed)]
    pub struct Channel {
        small: BqlCell<u8>,
        timer: Timer,
    }
}
