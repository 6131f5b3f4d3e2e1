//! expect: pattern requires `..` due to inaccessible fields | pattern does not mention
//! Nobody would make it valid.
use attributes::adds_a_field;
use oldstable::bql::BqlCell;
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    #[adds_a_field(pub more: &'static str)]
    pub struct Thing("thing"): Object {
        number: BqlCell<u64>,
    }
}

impl ObjectImpl for Thing {}
