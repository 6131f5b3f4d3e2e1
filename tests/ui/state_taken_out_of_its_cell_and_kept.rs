//! expect: cannot return reference to temporary value
use oldstable::bql::BqlRefCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        count: BqlRefCell<Vec<u8>>,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

impl Device {
    pub fn bytes(&self) -> &[u8] {
        &self.count.borrow()
    }
}
