//! expect: `Cell<u32>` cannot be shared between threads safely | `std::cell::Cell<u32>` cannot be shared between threads safely
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: std::cell::Cell<u32>,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}
