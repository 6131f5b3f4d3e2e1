//! expect: a field of a struct has no condition: write `if` after the field of a device
#[derive(Clone, Copy)]
pub struct Registers {
    control: u32,
}

oldstable::vmstate_struct! {
    Registers { control if |_, _| true }
}
