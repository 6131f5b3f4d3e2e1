//! expect: PropertyType` is not satisfied | `f32` is no type that a property can have
oldstable::qdev_define_conf! {
    pub struct Conf {
        "volume" => volume: f32,
    }
}
