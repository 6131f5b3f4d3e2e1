use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectCast, ObjectImpl, ObjectMethods, Owned};
use oldstable::timer::{ClockType, Timer};
use oldstable::Result;

oldstable::qdev_define_conf! {
    pub struct Conf {
        "speed" => speed: u32 = 3,
    }
}

oldstable::qom_define_type! {
    pub struct Device("device-of-ours"): DeviceState, Object {
        conf: Conf,
        count: BqlCell<u32>,
        bytes: BqlRefCell<Vec<u8>>,
        timer: Timer,
    }
}

impl ObjectImpl for Device {}

impl DeviceImpl for Device {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|device| {
        device.timer.init(device, ClockType::Virtual, Device::tick);
        device.timer.init(device, ClockType::Virtual, |device: &Device| device.tick());
        device.bytes.borrow_mut().push(1);
        Ok(())
    });
}

impl Device {
    fn tick(&self) {
        let count = self.count.get().wrapping_add(self.conf.speed.get());
        self.count.set(count);
    }
}

pub fn casts(device: Owned<Device>) -> Result<Option<u32>> {
    let state: &DeviceState = device.upcast();
    state.realize()?;
    state.unparent();
    Ok(state.downcast::<Device>().map(|device| device.count.get()))
}
