//! expect: IsA<DeviceState>` is not satisfied | does not descend from the class `DeviceState`
use oldstable::qdev::DeviceImpl;
use oldstable::qom::{Object, ObjectImpl};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): SysBusDevice, Object {}
}

impl ObjectImpl for Device {}
impl DeviceImpl for Device {}
impl SysBusDeviceImpl for Device {}
