//! expect: Copy
//! It has no bytes, but there is only one of it: called twice it would be two.
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::timer::{ClockType, Timer};

pub struct Token(());

fn spend(_token: &Token) {}

oldstable::qom_define_type! { pub struct Ticks("ticks"): DeviceState, Object { timer: Timer } }
impl ObjectImpl for Ticks {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|ticks| {
        let token = Token(());
        ticks.timer.init(ticks, ClockType::Virtual, move |_: &Ticks| spend(&token));
    });
}
impl DeviceImpl for Ticks {}
