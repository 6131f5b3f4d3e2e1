//! expect: a field of a struct is there always: `if` stands behind the field of a device
#[derive(Clone, Copy)]
pub struct Registers {
    control: u32,
}

oldstable::vmstate_struct! {
    Registers { control if |_, _| true }
}
