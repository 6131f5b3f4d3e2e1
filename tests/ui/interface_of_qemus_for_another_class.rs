//! expect: mismatched types
//! What QEMU calls is made for a Big.
use oldstable::qom::{Interface, Object, ObjectImpl};
use oldstable::user_creatable::UserCreatableImpl;

oldstable::qom_define_type! { pub struct Big("big"): Object {} }
impl ObjectImpl for Big {}
impl UserCreatableImpl for Big {}

oldstable::qom_define_type! { pub struct Small("small"): Object {} }
impl ObjectImpl for Small {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::<Big>::USER_CREATABLE];
}
