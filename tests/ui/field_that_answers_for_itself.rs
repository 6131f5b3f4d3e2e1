//! expect: `EndsAnywhere<Held>`, found `()` | expected struct `EndsAnywhere`, found `()`
//! A trait of the author's own has a method of the name by which the fields are asked.
use oldstable::qom::{EndOf, Object, ObjectImpl};
use std::sync::{Mutex, MutexGuard};

struct Held(MutexGuard<'static, u32>);

impl Default for Held {
    fn default() -> Self {
        Held(Box::leak(Box::new(Mutex::new(1))).lock().unwrap())
    }
}

trait Answer {
    fn a_field_can_end_on_any_thread(&self) {}
}

impl Answer for &EndOf<Held> {}

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {
        held: Held,
    }
}

impl ObjectImpl for Thing {}
