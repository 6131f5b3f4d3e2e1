// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A class in Rust with subclasses in Rust: thermometers with the same registers and different measurements.
//!
//! ```console
//! $ qemu-system-aarch64 -M realview-eb -plugin ./libsensors.so \
//!       -device constant-sensor,address=0x48,millidegrees=21500 -device drifting-sensor,address=0x49 …
//! ```
//!
//! A read of two bytes is the temperature in the LM75's format: 256ths of a degree, the high byte first.

use oldstable::bql::BqlCell;
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    /// The common, abstract class of all sensors.
    pub struct Sensor("sensor") with SensorClass: I2cSlave, DeviceState, Object {
        /// The measurement that is being read.
        register: BqlCell<u16>,
    }
}

oldstable::qom_virtual_methods! {
    /// The virtual methods of sensors. `None` inherits the parent's.
    pub trait SensorImpl: I2cSlaveImpl;
    /// Methods of every sensor.
    pub trait SensorMethods;
    /// The table of a sensor class's methods.
    pub struct SensorClass for Sensor;

    /// Measures, in thousandths of a degree Celsius.
    MEASURE => measure, parent_measure: fn() -> i32 = |_sensor| 20_000;
}

impl ObjectImpl for Sensor {
    const ABSTRACT: bool = true;
}

impl DeviceImpl for Sensor {}

impl I2cSlaveImpl for Sensor {
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|sensor, event| {
        if event == I2cEvent::StartReceive {
            sensor.register.set((sensor.measure() * 256 / 1000) as u16);
        }
        Acknowledge::Yes
    });
    const RECEIVE: Option<fn(&Self) -> u8> = Some(|sensor| {
        let register = sensor.register.get();
        sensor.register.set(register << 8);
        (register >> 8) as u8
    });
}

impl SensorImpl for Sensor {}

oldstable::qdev_define_conf! {
    pub struct ConstantConf {
        /// The temperature, in thousandths of a degree Celsius.
        "millidegrees" => millidegrees: i32 = 25_000,
    }
}

oldstable::qom_define_type! {
    /// Always measures the temperature that the user has set.
    pub struct ConstantSensor("constant-sensor"): Sensor, I2cSlave, DeviceState, Object {
        conf: ConstantConf,
    }
}

impl ObjectImpl for ConstantSensor {}
impl DeviceImpl for ConstantSensor {}
impl I2cSlaveImpl for ConstantSensor {}
impl SensorImpl for ConstantSensor {
    const MEASURE: Option<fn(&Self) -> i32> = Some(|sensor| sensor.conf.millidegrees.get());
}

oldstable::qom_define_type! {
    /// Starts with its parent's temperature, and gets warmer with each measurement.
    pub struct DriftingSensor("drifting-sensor"): Sensor, I2cSlave, DeviceState, Object {
        looks: BqlCell<i32>,
    }
}

impl ObjectImpl for DriftingSensor {}
impl DeviceImpl for DriftingSensor {}
impl I2cSlaveImpl for DriftingSensor {}
impl SensorImpl for DriftingSensor {
    const MEASURE: Option<fn(&Self) -> i32> = Some(|sensor| {
        let looks = sensor.looks.replace(sensor.looks.get() + 1);
        sensor.parent_measure() + 500 * looks
    });
}

oldstable::plugin!(Sensor, ConstantSensor, DriftingSensor);
