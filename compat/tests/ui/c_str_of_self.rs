//! expect: write the type's name, as in `c_str!(Widget::NAME)`
pub struct Widget;
impl Widget {
    pub const NAME: &'static str = "widget";
    pub fn name() -> &'static oldstable_compat::ffi::CStr {
        oldstable_compat::c_str!(Self::NAME)
    }
}
