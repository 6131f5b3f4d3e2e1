//! expect: AnObjectEndsFieldByFieldSoDropBelongsToAField` for type `Thing`
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

impl Drop for Thing {
    fn drop(&mut self) {}
}
