// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The surroundings of a device in a test: its lines are watched, and time advances.

use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::testing::{advance, message_of_panic, Lines};
use oldstable::timer::{ClockType, Timer};

oldstable::qom_define_type! {
    /// Rings every microsecond.
    struct Clock("harness-clock"): DeviceState, Object {
        bells: [InterruptSource; 2],
        timer: Timer,
    }
}

impl ObjectImpl for Clock {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|clock| {
        clock.init_gpio_out(None, &clock.bells);
        clock.timer.init(clock, ClockType::Virtual, |clock: &Clock| {
            clock.bells[1].pulse();
            clock.wind(1000);
        });
    });
}

impl DeviceImpl for Clock {}

impl Clock {
    fn wind(&self, nanoseconds: i64) {
        self.timer.start_at(ClockType::Virtual.now() + nanoseconds)
    }
}

/// Returns whether QEMU was started so that a test controls its time.
fn has_qtest() -> bool {
    let command_line = std::fs::read("/proc/self/cmdline").unwrap();
    String::from_utf8_lossy(&command_line).contains("\0-qtest\0")
}

oldstable::tests! {
    classes [Clock];

    fn lines_are_watched_in_their_order() {
        let (clock, lines) = (Clock::new(), Lines::watch());
        clock.connect_gpio_out(None, 0, lines.input(7)).unwrap();
        clock.connect_gpio_out(None, 1, lines.input(63)).unwrap();
        clock.bells[0].raise();
        clock.bells[1].pulse();
        clock.bells[0].raise();
        assert_eq!(lines.changes(), [(7, true), (63, true), (63, false), (7, true)]);
        assert!(lines.changes().is_empty());
        let said = message_of_panic(|| drop(lines.input(64)));
        assert!(said.contains("lines are numbered from 0 to 63") && said.contains("surroundings.rs:"), "{}", said);
        lines.unparent();
    }

    fn time_goes_on_by_qtest_alone() {
        if !has_qtest() {
            let said = message_of_panic(|| advance(1));
            assert!(said.contains("start QEMU with -accel qtest -qtest null"), "{}", said);
            return;
        }
        let (clock, lines) = (Clock::new(), Lines::watch());
        clock.connect_gpio_out(None, 1, lines.input(0)).unwrap();
        clock.wind(1000);
        let begin = ClockType::Virtual.now();
        advance(999);
        assert_eq!((ClockType::Virtual.now() - begin, lines.changes().len()), (999, 0));
        advance(1);
        assert_eq!(lines.changes(), [(0, true), (0, false)]);
        advance(5_500);
        assert_eq!(lines.changes().len(), 10);
        assert_eq!(ClockType::Virtual.now() - begin, 6_500);
        clock.timer.stop();
        lines.unparent();
    }
}
