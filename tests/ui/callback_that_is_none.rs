//! expect: is not a callback | FnCall | expected a `Fn | expected an `Fn | expected function
//! `()` stands for no callback where there need be none. A timer needs one.
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::timer::{ClockType, Timer};

oldstable::qom_define_type! { pub struct Ticks("ticks"): DeviceState, Object { timer: Timer } }
impl ObjectImpl for Ticks {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|ticks| ticks.timer.init(ticks, ClockType::Virtual, ()));
}
impl DeviceImpl for Ticks {}
