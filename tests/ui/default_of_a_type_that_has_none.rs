//! expect: String>: PropertyDefault` is not satisfied
oldstable::qdev_define_conf! {
    pub struct Conf {
        "label" => label: Option<String> = None,
    }
}
