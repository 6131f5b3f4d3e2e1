//! expect: a property of type `Option<String>` has no default | a property of type `Option<std::string::String>` has no default | PropertyDefault` is not satisfied
oldstable::qdev_define_conf! {
    pub struct Conf {
        "label" => label: Option<String> = None,
    }
}
