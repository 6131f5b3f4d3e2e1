//! expect: `Held` can end on its own thread alone, and an object may end on another | `Held: Part` is not satisfied
use oldstable::qom::{Object, ObjectImpl};
use std::sync::{Mutex, MutexGuard};

struct Held(MutexGuard<'static, u32>);

impl Default for Held {
    fn default() -> Self {
        Held(Box::leak(Box::new(Mutex::new(1))).lock().unwrap())
    }
}

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {
        held: Held,
    }
}

impl ObjectImpl for Thing {}
