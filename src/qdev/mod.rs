// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices: realize, reset, properties and clocks, for [`DeviceState`] and its descendants.

mod bus;
mod conf;
mod device;
mod property;
mod reset;

pub(crate) use self::bus::{BusKind, OwnBus};
pub use self::conf::DeviceConf;
pub(crate) use self::device::realize;
pub use self::device::{DeviceImpl, DeviceMethods, DeviceState};
pub use self::property::{
    Property, PropertyBits, PropertyDefault, PropertyKind, PropertyType, PropertyValue, Setting, Size,
};
pub use self::reset::ResetKind;
