//! expect: PropertyBits` requires an `unsafe impl` declaration | requires an `unsafe impl`
//! A string's property would write a pointer over it, and what lies behind it.
oldstable::qdev_define_enum! {
    pub enum Mode("Mode") { On = "on", Off = "off" }
}

impl oldstable::qdev::PropertyBits for Mode {
    const KINDS: &'static [oldstable::qdev::PropertyKind] = &[oldstable::qdev::PropertyKind::String];
}
