// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Lists that change during an iteration: handlers that remove or add handlers, or end their owners.

use crate::runner::{ask, forever, later};
use oldstable::bql::BqlRefCell;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::runstate::{ExitNotifier, RunState, RunStateHandler};
use std::cell::RefCell;

oldstable::qom_define_type! {
    pub struct Notes("attacks-notes"): DeviceState, Object {
        first: RunStateHandler,
        second: RunStateHandler,
        third: RunStateHandler,
        first_exit: ExitNotifier,
        second_exit: ExitNotifier,
        name: BqlRefCell<String>,
    }
}
impl ObjectImpl for Notes {}
impl DeviceImpl for Notes {}

thread_local! {
    /// Thread-local variables of the main thread end before exit notifiers are called.
    static OTHERS: &'static RefCell<Vec<Owned<Notes>>> = Box::leak(Box::default());
}

fn notes() -> Owned<Notes> {
    register::<Notes>();
    let notes = Notes::new();
    notes.name.borrow_mut().push_str("a text that is freed");
    forever(notes).clone()
}

/// Three more, whose handlers surround that of the first in the list.
fn others() {
    for _ in 0..3 {
        let other = Notes::new();
        other.name.borrow_mut().push_str("another text that is freed");
        other.first.enable(&*other, |other: &Notes, _| println!("{}", other.name.borrow()));
        other.first_exit.enable(&*other, |other: &Notes| eprintln!("{}", other.name.borrow()));
        OTHERS.with(|others| others.borrow_mut().push(other));
    }
}

fn stop_and_go_on() {
    ask("stop");
    ask("cont");
    later(|| println!("it goes on"));
}

// When QEMU ends, the monitor has closed the standard output.
programs! {
    a_handler_disables_its_neighbours => Clean "it goes on" {
        let notes = notes();
        notes.first.enable(&*notes, |notes: &Notes, _: RunState| {
            notes.second.disable();
            notes.third.disable();
        });
        notes.second.enable(&*notes, |notes: &Notes, _| {
            notes.first.disable();
            notes.second.disable();
            notes.third.disable();
        });
        notes.third.enable(&*notes, |notes: &Notes, _| {
            notes.first.disable();
            notes.second.disable();
        });
        stop_and_go_on()
    }

    a_handler_enables_others => Clean "it goes on" {
        let notes = notes();
        notes.first.enable(&*notes, |notes: &Notes, _| {
            notes.first.disable();
            notes.first.enable(notes, |_: &Notes, _| ());
            notes.second.enable(notes, |notes: &Notes, _| notes.second.disable());
        });
        stop_and_go_on()
    }

    a_handler_ends_the_owners_of_others => Clean "it goes on" {
        let notes = notes();
        others();
        notes.first.enable(&*notes, |_: &Notes, _| OTHERS.with(|others| others.borrow_mut().clear()));
        others();
        stop_and_go_on()
    }

    a_handler_unplugs_a_device => Sentence "while devices hear of a run state" {
        let notes = notes();
        Object::root().property_add_child("notes", notes.clone()).unwrap();
        notes.first.enable(&*notes, |notes: &Notes, _| notes.unparent());
        stop_and_go_on()
    }

    a_handler_realizes_a_device => Clean "no device is realized" {
        let notes = notes();
        notes.first.enable(&*notes, |notes: &Notes, _| {
            println!("{}", notes.realize().unwrap_err());
            println!("{}", notes.property_set_bool("realized", false).unwrap_err());
            println!("{}", notes.property_parse("realized", "off").unwrap_err());
        });
        stop_and_go_on()
    }

    an_exit_notifier_disables_its_neighbours => Clean "the end" {
        let notes = notes();
        others();
        notes.first_exit.enable(&*notes, |notes: &Notes| {
            eprintln!("the end");
            notes.first_exit.disable();
            notes.second_exit.disable();
            OTHERS.with(|others| others.borrow_mut().clear());
        });
        notes.second_exit.enable(&*notes, |notes: &Notes| {
            eprintln!("the end");
            notes.first_exit.disable();
        });
        others();
    }

    an_exit_notifier_unplugs_a_device => Sentence "while devices hear of a run state" {
        let notes = notes();
        Object::root().property_add_child("notes", notes.clone()).unwrap();
        notes.first_exit.enable(&*notes, |notes: &Notes| notes.unparent());
    }
}
