//! expect: PropertyType` is not satisfied | `f32` is not a type that a property can have
oldstable::qdev_define_conf! {
    pub struct Conf {
        "volume" => volume: f32,
    }
}
