//! expect: `Device` does not say what its region does | MemoryRegionOps<_>` is not satisfied
use oldstable::memory::MemoryRegion;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        region: MemoryRegion,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {}

pub fn init(device: &Device) {
    device.region.init_io(device, "registers", 4);
}
