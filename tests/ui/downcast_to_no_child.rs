//! expect: IsA<DeviceState>` is not satisfied | does not descend from the class `DeviceState`
use oldstable::qdev::DeviceState;
use oldstable::qom::{Object, ObjectCast};

pub fn downcast(device: &DeviceState) -> Option<&Object> {
    device.downcast::<Object>()
}
