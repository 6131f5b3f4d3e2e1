//! expect: does not have a field named `inner` | no field `inner` on type
struct Inner {
    inner: u8,
}
struct Smart(Inner);
impl std::ops::Deref for Smart {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

pub fn program() {
    oldstable_compat::offset_of!(Smart, inner);
}
