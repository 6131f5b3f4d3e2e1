//! expect: pattern requires `..` due to inaccessible fields | pattern does not mention
//! Nobody would make it valid.
use attributes::adds_a_field;
use oldstable::timer::Timer;

oldstable::qom_define_part! {
    #[adds_a_field(pub more: &'static str)]
    pub struct Channel {
        timer: Timer,
    }
}
