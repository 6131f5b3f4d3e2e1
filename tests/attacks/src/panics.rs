// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Panics in unusual places.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::timer::{ClockType, Timer};
use oldstable::{Error, Result};
use std::fmt;

/// Panics when it is dropped, if it is set to.
#[derive(Default)]
pub struct Bomb(BqlCell<bool>);

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0.get() {
            panic!("a bomb")
        }
    }
}

oldstable::qom_define_type! {
    pub struct Fragile("attacks-fragile"): DeviceState, Object {
        text: BqlRefCell<String>,
        bomb: Bomb,
        other: Bomb,
        timer: Timer,
        on_realize: BqlCell<Option<fn(&Fragile) -> Result<()>>>,
    }
}

impl ObjectImpl for Fragile {
    const INSTANCE_INIT: Option<fn(&Self)> =
        Some(|this| this.timer.init(this, ClockType::Realtime, |_: &Fragile| panic!("a timer")));
    const UNPARENT: Option<fn(&Self)> = Some(|this| {
        if this.text.borrow().as_str() == "panic" {
            panic!("a farewell")
        }
        this.parent_unparent()
    });
}

impl DeviceImpl for Fragile {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| match this.on_realize.get() {
        Some(deed) => deed(this),
        None => Ok(()),
    });
}

fn fragile(plan: fn(&Fragile)) {
    register::<Fragile>();
    let fragile = Fragile::new();
    plan(&fragile);
    if let Err(error) = fragile.realize() {
        println!("{}", error);
    }
    drop(fragile);
    for fragile in Fragile::find_all() {
        fragile.unparent();
    }
}

/// Panics when it is formatted.
struct Unspeakable;

impl fmt::Debug for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("it cannot be spoken of")
    }
}

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

impl std::error::Error for Unspeakable {}

programs! {
    a_payload_that_panics_when_it_is_dropped => SentenceWithoutLine "realize panicked" {
        fragile(|this| this.on_realize.set(Some(|_| oldstable::compat::panic::panic_any(Bomb(BqlCell::new(true))))))
    }

    in_the_drop_of_a_field => Sentence "instance_finalize panicked" {
        fragile(|this| this.bomb.0.set(true))
    }

    in_the_drops_of_two_fields => Sentence "panicked" {
        fragile(|this| {
            this.bomb.0.set(true);
            this.other.0.set(true)
        })
    }

    in_unparent => Sentence "unparent panicked" {
        fragile(|this| this.text.borrow_mut().push_str("panic"))
    }

    in_a_timer => Sentence "a timer's callback panicked" {
        register::<Fragile>();
        let fragile = Fragile::new();
        fragile.timer.start_at(0);
        crate::runner::keep(fragile);
    }

    in_the_text_of_an_error => SentenceWithoutLine "realize panicked" {
        fragile(|this| this.on_realize.set(Some(|_| Err(Error::with_error("unspeakable", Unspeakable)))))
    }

    in_a_panic_hook => SentenceWithoutLine "panicked" {
        fragile(|this| {
            std::panic::set_hook(Box::new(|_| panic!("a hook")));
            this.bomb.0.set(true)
        })
    }

    while_another_unwinds => Sentence "panicked" {
        fragile(|this| this.on_realize.set(Some(|_| {
            let _bomb = Bomb(BqlCell::new(true));
            panic!("the first")
        })))
    }

    an_exit_in_a_callback => Clean "the exit" {
        fragile(|this| this.on_realize.set(Some(|this| {
            let _text = this.text.borrow_mut();
            println!("the exit == done");
            std::process::exit(0)
        })))
    }
}
