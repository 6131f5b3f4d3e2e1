//! expect: a field has the name of its property before it
oldstable::qdev_define_conf! {
    pub struct Conf {
        step: u32,
    }
}
