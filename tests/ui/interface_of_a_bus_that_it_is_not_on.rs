//! expect: PciDeviceImpl
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectImpl};

oldstable::qom_define_type! { pub struct Lamp("lamp"): DeviceState, Object {} }
impl DeviceImpl for Lamp {}
impl ObjectImpl for Lamp {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
}
