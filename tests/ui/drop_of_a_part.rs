//! expect: APartEndsFieldByFieldSoDropBelongsToAField` for type `Channel`
use oldstable::timer::Timer;

oldstable::qom_define_part! {
    pub struct Channel {
        timer: Timer,
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        std::mem::replace(&mut self.timer, Timer::default());
    }
}
