//! expect: mismatched types
oldstable::qdev_define_conf! {
    pub struct Conf {
        "volume" => volume: u32 = "loud",
    }
}
