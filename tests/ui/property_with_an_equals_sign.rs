//! expect: `=>` stands between the name of a property and its field: `"step" => field: Type = default`
oldstable::qdev_define_conf! {
    pub struct Conf {
        "speed" => speed: u32,
        "step" = step: u32,
    }
}
