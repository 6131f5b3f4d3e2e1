// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! An object that is not a device: each time the machine starts or stops it writes a line to QEMU's log, and sends the event
//! `__ORG.EXAMPLE_RUN_WATCH` to the clients of QEMU's monitor.
//!
//! - QEMU 5.2: `LD_PRELOAD=./libwatch_object.so qemu-system-… -object run-watch,id=mine`
//! - QEMU 7.2 and later, whose `-object` only accepts QEMU's own types:
//!   `qemu-system-… -plugin ./libwatch_object.so,name=mine`
//!
//! Either way it is `/objects/mine` in the tree of objects. `-d trace:vm_state_notify` enables the log, with QEMU's own
//! lines for these events.

use oldstable::bql::BqlCell;
use oldstable::log::Mask;
use oldstable::plugin::Settings;
use oldstable::qmp::Event;
use oldstable::qom::{Interface, Object, ObjectImpl, ObjectMethods};
use oldstable::runstate::{RunState, RunStateHandler};
use oldstable::user_creatable::{self, UserCreatableImpl};
use oldstable::Result;

oldstable::qom_define_type! {
    /// The object.
    pub struct RunWatch("run-watch"): Object {
        handler: RunStateHandler,
        starts: BqlCell<u32>,
    }
}

impl ObjectImpl for RunWatch {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::USER_CREATABLE];
}

impl UserCreatableImpl for RunWatch {
    const COMPLETE: Option<fn(&Self) -> Result<()>> = Some(|watch| {
        watch.handler.enable(watch, RunWatch::changed);
        Ok(())
    });
}

impl RunWatch {
    fn changed(&self, state: RunState) {
        if state == RunState::Running {
            self.starts.set(self.starts.get() + 1);
        }
        let path = self.canonical_path().unwrap_or_default();
        Mask::Trace.write(&format_args!("{}: {:?}, {} starts", path, state, self.starts.get()));
        let starts = self.starts.get().into();
        Event::new("__ORG.EXAMPLE_RUN_WATCH").text("path", &path).number("starts", starts).send();
    }
}

/// Makes one from the plugin's arguments.
fn make(settings: &Settings) -> Result<()> {
    match settings.get("name") {
        Some(name) => user_creatable::create::<RunWatch>(name).map(drop),
        None => Ok(()),
    }
}

oldstable::plugin!(RunWatch; board make);
