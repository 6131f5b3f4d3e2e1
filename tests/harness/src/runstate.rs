// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Notifications when the machine starts and stops, and when QEMU ends.

use oldstable::bql::BqlRefCell;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};
use oldstable::runstate::{ExitNotifier, RunState, RunStateHandler};
use oldstable::testing::{message_of_exit, message_of_panic, Pause};

oldstable::qom_define_type! {
    struct Listener("harness-listener"): DeviceState, Object {
        handler: RunStateHandler,
        exit: ExitNotifier,
        heard: BqlRefCell<Vec<RunState>>,
    }
}

impl ObjectImpl for Listener {}
impl DeviceImpl for Listener {}

impl Listener {
    fn listen(&self) {
        self.handler.enable(self, |listener: &Listener, state| listener.heard.borrow_mut().push(state));
    }
}

fn pause_and_go_on() {
    drop(Pause::new());
}

oldstable::tests! {
    classes [Listener];

    fn a_device_hears_when_the_machine_stops_and_goes_on() {
        let listener = Listener::new();
        listener.listen();
        pause_and_go_on();
        assert_eq!(*listener.heard.borrow(), [RunState::Stopped, RunState::Running]);
    }

    fn a_device_that_does_not_want_to_hears_nothing() {
        let listener = Listener::new();
        pause_and_go_on();
        listener.listen();
        listener.handler.disable();
        pause_and_go_on();
        assert_eq!(*listener.heard.borrow(), []);
        listener.listen();
        let said = message_of_panic(|| listener.listen());
        assert!(said.contains("enabled once"), "{}", said);
    }

    fn a_device_that_wants_to_hears_that_qemu_ends() {
        let said = message_of_exit(3, || {
            let (told, silent) = (Listener::new(), Listener::new());
            told.exit.enable(&*told, |_: &Listener| eprintln!("the end"));
            silent.exit.enable(&*silent, |_: &Listener| eprintln!("it was disabled"));
            silent.exit.disable();
            {
                let ended = Listener::new();
                ended.exit.enable(&*ended, |_: &Listener| eprintln!("it has ended"));
            }
            std::process::exit(3)
        });
        assert_eq!(said, "the end\n");
    }

    fn a_device_that_has_ended_is_not_told() {
        {
            let listener = Listener::new();
            listener.listen();
        }
        // If it were still in the list, it would be called: valgrind and the sanitizer check this.
        pause_and_go_on();
    }
}
