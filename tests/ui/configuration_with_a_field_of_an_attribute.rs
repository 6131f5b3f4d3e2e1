//! expect: pattern requires `..` due to inaccessible fields | pattern does not mention
//! It begins as zeros, which may be no value of its type.
use attributes::adds_a_field;

oldstable::qdev_define_conf! {
    #[adds_a_field(pub more: &'static str)]
    pub struct Conf {
        "step" => step: u32,
    }
}
