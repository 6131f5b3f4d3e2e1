// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Timers that end themselves, their device, or each other.

use crate::runner::pause;
use oldstable::bh::BottomHalf;
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::timer::{ClockType, Timer};

oldstable::qom_define_type! {
    pub struct Alarm("attacks-alarm"): DeviceState, Object {
        text: BqlRefCell<String>,
        timer: Timer,
        other: Timer,
        bottom_half: BottomHalf,
        deed: BqlCell<Option<fn(&Alarm)>>,
    }
}

impl ObjectImpl for Alarm {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|alarm| {
        alarm.timer.init(alarm, ClockType::Realtime, Alarm::ring);
        alarm.other.init(alarm, ClockType::Virtual, Alarm::ring);
        alarm.bottom_half.init(alarm, Alarm::ring);
        alarm.text.borrow_mut().push_str("a text that is freed");
    });
    const UNPARENT: Option<fn(&Self)> = Some(|alarm| {
        alarm.start();
        alarm.parent_unparent();
    });
}

impl DeviceImpl for Alarm {}

impl Drop for Text {
    fn drop(&mut self) {
        println!("the end of {}", self.0)
    }
}

struct Text(String);

impl Alarm {
    fn start(&self) {
        self.timer.start_at(ClockType::Realtime.now());
        self.other.start_at(0);
        self.bottom_half.schedule();
    }

    fn ring(&self) {
        let text = Text(self.text.borrow().clone());
        if let Some(deed) = self.deed.get() {
            deed(self);
        }
        println!("{}, still", text.0);
        assert_eq!(*self.text.borrow(), text.0);
    }
}

fn alarm(deed: fn(&Alarm)) {
    register::<Alarm>();
    let alarm = Alarm::new();
    Object::root().property_add_child("alarm", alarm.clone()).unwrap();
    alarm.realize().unwrap();
    alarm.deed.set(Some(deed));
    alarm.start();
    pause(3);
}

programs! {
    it_takes_its_device_out_of_the_tree => Clean "a text that is freed, still" {
        alarm(|alarm| alarm.unparent())
    }

    it_stops_itself_and_the_others => Clean "a text that is freed, still" {
        alarm(|alarm| {
            alarm.timer.stop();
            alarm.other.stop();
            alarm.bottom_half.cancel();
        })
    }

    it_starts_once_more_when_its_device_ends => Clean "the end of a text that is freed" {
        alarm(|alarm| {
            alarm.deed.set(None);
            alarm.unparent();
            alarm.start();
        })
    }

    at_times_that_are_none => Clean "at -1" {
        alarm(|alarm| {
            alarm.deed.set(None);
            for time in &[i64::MIN, -1, i64::MAX] {
                alarm.timer.start_at(*time);
                alarm.other.start_no_later_than(*time);
                println!("at {} {:?} {:?}", time, alarm.timer.expires(), alarm.other.is_running());
            }
            alarm.timer.stop();
            alarm.other.stop();
        })
    }
}
