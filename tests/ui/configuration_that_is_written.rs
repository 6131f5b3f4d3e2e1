//! expect: no method named `set` found
oldstable::qdev_define_conf! {
    pub struct Conf {
        "speed" => speed: u32,
    }
}

pub fn write(conf: &Conf) {
    conf.speed.set(3);
}
