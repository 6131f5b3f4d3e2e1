// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Timers and bottom halves.

use oldstable::bh::BottomHalf;
use oldstable::bql::BqlCell;
use oldstable::compat::ptr::addr_eq;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, Owned};
use oldstable::testing::{message_of_panic, wait_until};
use oldstable::timer::{ClockType, Timer};

oldstable::qom_define_type! {
    /// Counts its callbacks, and records the instance of the timer.
    pub struct Alarm("harness-alarm"): DeviceState, Object {
        timers: [Timer; 4],
        bottom_half: BottomHalf,
        rung: BqlCell<u32>,
        bottom: BqlCell<u32>,
        myself: BqlCell<usize>,
    }
}

impl ObjectImpl for Alarm {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|alarm| {
        for (timer, clock) in alarm.timers.iter().zip(CLOCKS.iter()) {
            timer.init(alarm, *clock, Alarm::ring);
        }
        alarm.bottom_half.init(alarm, |alarm: &Alarm| alarm.bottom.set(alarm.bottom.get() + 1));
    });
}

impl DeviceImpl for Alarm {}

impl Alarm {
    fn ring(&self) {
        self.rung.set(self.rung.get() + 1);
        self.myself.set(self as *const Alarm as usize);
    }
}

const CLOCKS: [ClockType; 4] = [ClockType::Realtime, ClockType::Virtual, ClockType::Host, ClockType::VirtualRealtime];

oldstable::qom_define_type! {
    /// Has a timer and a bottom half that are never initialized.
    pub struct Unmade("harness-unmade"): DeviceState, Object {
        timer: Timer,
        bottom_half: BottomHalf,
    }
}

impl ObjectImpl for Unmade {}
impl DeviceImpl for Unmade {}

fn is_rung(alarm: &Owned<Alarm>, times: u32) {
    wait_until(|| alarm.rung.get() == times);
}

oldstable::tests! {
    classes [Alarm, Unmade];

    fn a_timer_of_each_clock_runs_out_and_finds_its_device() {
        for (n, clock) in CLOCKS.iter().enumerate() {
            let alarm = Alarm::new();
            alarm.timers[n].start_at(clock.now() + 1000);
            is_rung(&alarm, 1);
            assert!(addr_eq(alarm.myself.get() as *const Alarm, &*alarm as *const Alarm));
            assert!(!alarm.timers[n].is_running());
        }
    }

    fn a_clock_goes_on() {
        for clock in CLOCKS.iter() {
            let before = clock.now();
            wait_until(|| clock.now() > before);
        }
    }

    fn a_timer_that_is_stopped_does_not_run_out() {
        let alarm = Alarm::new();
        alarm.timers[0].start_at(ClockType::Realtime.now() + 2_000_000);
        assert!(alarm.timers[0].is_running());
        alarm.timers[0].stop();
        assert!(!alarm.timers[0].is_running());
        // A later timer makes the main loop pass the time of the first.
        alarm.timers[1].start_at(ClockType::Virtual.now() + 5_000_000);
        is_rung(&alarm, 1);
    }

    fn a_timer_that_is_started_anew_runs_out_once() {
        let alarm = Alarm::new();
        alarm.timers[1].start_at(ClockType::Virtual.now() + 1_000_000);
        let last = ClockType::Virtual.now() + 3_000_000;
        alarm.timers[1].start_at(last);
        assert_eq!(alarm.timers[1].expires(), Some(last));
        alarm.timers[1].start_no_later_than(last + 10);
        assert_eq!(alarm.timers[1].expires(), Some(last));
        alarm.timers[1].start_no_later_than(last - 10);
        assert_eq!(alarm.timers[1].expires(), Some(last - 10));
        is_rung(&alarm, 1);
        assert!(ClockType::Virtual.now() >= last - 10);
        assert_eq!(alarm.timers[1].expires(), None);
    }

    fn a_timer_ends_with_its_device() {
        let (alarm, other) = (Alarm::new(), Alarm::new());
        alarm.timers[0].start_at(ClockType::Realtime.now() + 1_000_000);
        alarm.bottom_half.schedule();
        drop(alarm);
        // If it had not ended, it would write into freed memory: valgrind and the sanitizer check this.
        other.timers[0].start_at(ClockType::Realtime.now() + 4_000_000);
        is_rung(&other, 1);
    }

    fn what_was_never_made_cannot_be_started() {
        let unmade = Unmade::new();
        let said = message_of_panic(|| unmade.timer.start_at(0));
        assert!(said.contains("made with init before it is started"), "{}", said);
        let said = message_of_panic(|| unmade.bottom_half.schedule());
        assert!(said.contains("initialised before it is scheduled"), "{}", said);
        assert!(!unmade.timer.is_running());
        unmade.timer.stop();
    }

    fn a_bottom_half_runs_once_when_the_main_loop_comes_around() {
        let alarm = Alarm::new();
        alarm.bottom_half.schedule();
        alarm.bottom_half.schedule();
        assert_eq!(alarm.bottom.get(), 0);
        wait_until(|| alarm.bottom.get() == 1);
        alarm.bottom_half.schedule();
        alarm.bottom_half.cancel();
        alarm.timers[0].start_at(ClockType::Realtime.now() + 2_000_000);
        is_rung(&alarm, 1);
        assert_eq!(alarm.bottom.get(), 1);
    }
}
