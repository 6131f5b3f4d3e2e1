// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Lines and clocks between devices, and the phases of a reset.

use oldstable::bql::BqlRefCell;
use oldstable::clock::{ClockInput, ClockMethods, ClockOutput};
use oldstable::compat::c_str;
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::testing::reset_machine;

oldstable::qom_define_type! {
    /// Has lines of each kind and records events.
    struct Wired("harness-wired"): SysBusDevice, DeviceState, Object {
        irq: InterruptSource,
        out: [InterruptSource; 2],
        named: [InterruptSource; 2],
        clock_in: ClockInput,
        clock_out: ClockOutput,
        log: BqlRefCell<Vec<String>>,
    }
}

impl ObjectImpl for Wired {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|wired| {
        wired.init_irq(&wired.irq);
        wired.init_gpio_out(None, &wired.out);
        wired.init_gpio_out(Some("named-out"), &wired.named);
        wired.init_gpio_in(None, 3, |wired: &Wired, line, level| wired.say(format!("in {} {}", line, level)));
        wired.init_gpio_in(Some("named-in"), 2, |wired: &Wired, line, level| {
            wired.say(format!("named {} {}", line, level))
        });
        wired
            .clock_in
            .init(wired, c_str!("clk-in"), |wired: &Wired| wired.say(format!("clock {}", wired.clock_in.hz())));
        wired.clock_out.init(wired, c_str!("clk-out"));
    });
}

impl DeviceImpl for Wired {
    const RESET_ENTER: Option<fn(&Self)> = Some(|wired| wired.say("enter".into()));
    const COLD_RESET: Option<fn(&Self)> = Some(|wired| wired.say("hold".into()));
    const RESET_EXIT: Option<fn(&Self)> = Some(|wired| wired.say("exit".into()));
}

impl SysBusDeviceImpl for Wired {}

impl Wired {
    fn say(&self, what: String) {
        self.log.borrow_mut().push(what);
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.borrow_mut())
    }
}

fn realized() -> Owned<Wired> {
    let wired = Wired::new();
    wired.sysbus_realize().unwrap();
    wired.log();
    wired
}

oldstable::tests! {
    classes [Wired];
    // The board virt of QEMU 5.2 gives each device on the system bus an address and interrupts of its platform bus, and
    // ends QEMU when these run out.
    on "none";

    fn a_wire_carries_levels_to_the_input_of_its_number() {
        let (from, to) = (realized(), realized());
        from.connect_gpio_out(None, 1, to.gpio_in(None, 2).unwrap()).unwrap();
        assert!(from.out[1].is_connected() && !from.out[0].is_connected());
        from.out[1].raise();
        from.out[1].lower();
        from.out[0].raise();
        assert_eq!(to.log(), ["in 2 true", "in 2 false"]);
        from.out[1].pulse();
        assert_eq!(to.log(), ["in 2 true", "in 2 false"]);
    }

    fn named_wires_are_apart_from_those_without_a_name() {
        let (from, to) = (realized(), realized());
        from.connect_gpio_out(Some("named-out"), 0, to.gpio_in(Some("named-in"), 1).unwrap()).unwrap();
        from.connect_gpio_out(None, 0, to.gpio_in(None, 1).unwrap()).unwrap();
        from.named[0].raise();
        from.out[0].raise();
        assert_eq!(to.log(), ["named 1 true", "in 1 true"]);
    }

    fn an_interrupt_line_is_connected_like_any_wire() {
        let (from, to) = (realized(), realized());
        from.connect_irq(0, to.gpio_in(Some("named-in"), 0).unwrap()).unwrap();
        from.irq.pulse();
        assert_eq!(to.log(), ["named 0 true", "named 0 false"]);
    }

    fn an_input_can_be_set_by_hand() {
        let to = realized();
        to.gpio_in(None, 0).unwrap().set(true);
        assert_eq!(to.log(), ["in 0 true"]);
    }

    fn missing_lines_are_named() {
        let (from, to) = (realized(), realized());
        assert!(to.gpio_in(None, 3).is_none());
        assert!(to.gpio_in(Some("other"), 0).is_none());
        assert!(from.connect_gpio_out(None, 2, to.gpio_in(None, 0).unwrap()).is_err());
        assert!(from.connect_irq(1, to.gpio_in(None, 0).unwrap()).is_err());
    }

    fn a_device_outside_the_tree_cannot_be_connected() {
        let (from, to) = (realized(), Wired::new());
        let error = from.connect_gpio_out(None, 0, to.gpio_in(None, 0).unwrap()).unwrap_err();
        assert!(error.to_string().contains("in the tree of objects"), "{}", error);
    }

    fn a_device_that_is_connected_to_stays() {
        let from = realized();
        let to = realized();
        from.connect_gpio_out(None, 0, to.gpio_in(None, 0).unwrap()).unwrap();
        let name = to.canonical_path().unwrap();
        let to = &**std::mem::ManuallyDrop::new(to);
        to.unparent();
        from.out[0].raise();
        assert_eq!(to.log(), ["in 0 true"], "{}", name);
    }

    fn a_line_that_leads_nowhere_can_be_set() {
        let from = realized();
        from.irq.raise();
        from.irq.lower();
        assert_eq!(from.log(), Vec::<String>::new());
    }

    fn a_clock_hands_on_its_frequency() {
        let (from, to) = (Wired::new(), Wired::new());
        to.connect_clock_in(c_str!("clk-in"), &from.clock_out).unwrap();
        assert_eq!(to.clock_in.hz(), 0);
        from.clock_out.set_hz(1_000_000);
        assert_eq!((to.clock_in.hz(), from.clock_out.hz()), (1_000_000, 1_000_000));
        assert_eq!(to.clock_in.period(), 1000 << 32);
        // Setting the same level again is not a change.
        from.clock_out.set_hz(1_000_000);
        from.clock_out.set_hz(0);
        assert_eq!(to.log(), ["clock 1000000", "clock 0"]);
    }

    fn a_clock_outlives_neither_of_its_ends() {
        let to = Wired::new();
        {
            let from = Wired::new();
            to.connect_clock_in(c_str!("clk-in"), &from.clock_out).unwrap();
            from.clock_out.set_hz(5);
        }
        assert_eq!(to.clock_in.hz(), 5);
        let from = Wired::new();
        {
            let to = Wired::new();
            to.connect_clock_in(c_str!("clk-in"), &from.clock_out).unwrap();
        }
        from.clock_out.set_hz(7);
        assert_eq!(from.clock_out.hz(), 7);
    }

    fn a_clock_that_is_not_there_cannot_be_connected() {
        let (from, to) = (Wired::new(), Wired::new());
        assert!(to.connect_clock_in(c_str!("clk"), &from.clock_out).is_err());
    }

    fn a_clocks_period_is_set_in_parts_of_a_nanosecond() {
        let (from, to) = (Wired::new(), Wired::new());
        to.connect_clock_in(c_str!("clk-in"), &from.clock_out).unwrap();
        from.clock_out.set_period(5 << 31);
        assert_eq!((to.clock_in.period(), to.clock_in.hz()), (5 << 31, 400_000_000));
        assert_eq!(to.log(), ["clock 400000000"]);
    }

    fn a_reset_has_three_phases_in_their_order() {
        let wired = realized();
        wired.cold_reset();
        assert_eq!(wired.log(), ["enter", "hold", "exit"]);
    }

    fn a_reset_of_the_machine_has_the_same_phases() {
        let wired = realized();
        reset_machine();
        assert_eq!(wired.log(), ["enter", "hold", "exit"]);
    }
}
