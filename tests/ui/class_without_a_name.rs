//! expect: a class is written `pub struct Type("name")
use oldstable::qom::Object;

oldstable::qom_define_type! {
    pub struct Thing: Object {}
}
