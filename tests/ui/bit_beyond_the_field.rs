//! expect: the field does not have that many bits | expected an array with a fixed size of 0 elements, found one with 1 element
oldstable::qdev_define_conf! {
    pub struct Conf {
        features: u32 {
            "far" => 32,
        },
    }
}
