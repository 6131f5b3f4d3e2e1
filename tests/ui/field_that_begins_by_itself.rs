//! expect: `Begun<[Held; 40]>`, found `()` | expected struct `Begun`, found `()`
//! A trait of the author's own has a method of the name by which the fields begin.
use oldstable::qom::{Object, ObjectImpl};

/// It is never the zeros that QEMU fills an object with.
struct Held(&'static str);

trait Begin: Sized {
    fn begin<Field>(self, _: *mut Field) {}
}

impl<T> Begin for T {}

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {
        held: [Held; 40],
    }
}

impl ObjectImpl for Thing {}
