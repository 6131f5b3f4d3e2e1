//! expect: expected `u32`, found `&str`
oldstable::qdev_define_conf! {
    pub struct Conf {
        "volume" => volume: u32 = "loud",
    }
}
