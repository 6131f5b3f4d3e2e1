//! Devices: realize, reset, properties and clocks, for [`DeviceState`] and all that descends from it.

mod conf;
mod device;

pub use self::conf::{DeviceConf, Property, PropertyDefault, PropertyKind, PropertyType};
pub use self::device::{DeviceImpl, DeviceMethods, DeviceState};
