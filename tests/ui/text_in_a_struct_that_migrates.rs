//! expect: `String` is not a value that migrates | `std::string::String` is not a value that migrates | the trait `Copy` may not be implemented for this type
#[derive(Clone, Copy)]
pub struct Registers {
    control: u32,
    name: String,
}

oldstable::vmstate_struct! {
    Registers { control, name }
}
