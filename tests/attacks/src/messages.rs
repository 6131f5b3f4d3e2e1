// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! What a device tells the outside, QMP's clients and the other end of its character device, at odd times.

use crate::runner::{ask, forever, keep, later, wait_until};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::chardev::{CharFrontend, Event as CharEvent, OutputWatch, Parity, SerialParameters};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qmp::Event;
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned, Property};
use oldstable::runstate::ExitNotifier;
use oldstable::timer::Timer;
use std::cell::Cell;
use std::path::PathBuf;

oldstable::qdev_define_conf! {
    pub struct TalkerConf {
        "chardev" => chardev: CharFrontend,
    }
}

/// What it does with the bytes that it receives.
type Deed = fn(&Talker, &[u8]);

oldstable::qom_define_type! {
    pub struct Talker("attacks-talker"): DeviceState, Object {
        conf: TalkerConf,
        exit: ExitNotifier,
        watch: OutputWatch,
        text: BqlRefCell<String>,
        on_receive: BqlCell<Option<Deed>>,
    }
}

impl ObjectImpl for Talker {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|talker| {
        tell("instance_init");
        talker.text.borrow_mut().push_str("a text");
    });
    const UNPARENT: Option<fn(&Self)> = Some(|talker| {
        tell("unparent");
        talker.parent_unparent();
    });
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        "told": u64 => |_| { tell("getter"); 1 };
    };
}

impl DeviceImpl for Talker {
    const REALIZE: Option<fn(&Self) -> oldstable::Result<()>> = Some(|talker| {
        talker.listen();
        Ok(())
    });
}

impl Talker {
    fn listen(&self) {
        self.conf.chardev.enable_handlers(self, |_: &Talker| 1, Talker::receive, |_: &Talker, _: CharEvent| ())
    }

    fn receive(&self, bytes: &[u8]) {
        if let Some(deed) = self.on_receive.replace(None) {
            deed(self, bytes);
        }
        println!("{:?}: {}, still", bytes, self.text.borrow());
    }
}

fn tell(place: &str) {
    Event::new("__ORG.EXAMPLE_TOLD").text("place", place).number("number", i64::MIN).send();
}

fn talker() -> Owned<Talker> {
    register::<Talker>();
    let talker = Talker::new();
    Object::root().property_add_child("talker", talker.clone()).unwrap();
    talker
}

/// A talker whose character device reads a file.
fn receiving(deed: Deed) {
    keep(talker());
    Talker::find_all()[0].on_receive.set(Some(deed));
    std::fs::write(file(), "abc").unwrap();
    later(|| {
        let backend =
            format!("\"type\": \"file\", \"data\": {{\"out\": \"/dev/null\", \"in\": \"{}\"}}", file().display());
        ask(&format!("chardev-add\", \"arguments\": {{\"id\": \"it\", \"backend\": {{{}}}}}, \"id\": \"x", backend))
    });
    wait_until(|| {
        let talker = Talker::find_all().remove(0);
        talker.property_set_str("chardev", "it").is_ok() && talker.realize().is_ok()
    });
    wait_until(|| Talker::find_all().first().map_or(true, |talker| talker.on_receive.get().is_none()));
}

fn file() -> PathBuf {
    std::env::temp_dir().join("input")
}

/// Uses what a device has when the thread ends, with or without the lock.
struct AtTheEnd(Cell<Option<Last>>);

/// A device, and its last use.
type Last = (&'static Talker, fn(&Talker));

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        if let Some((talker, deed)) = self.0.get() {
            deed(talker);
        }
    }
}

#[derive(Default)]
struct Parts {
    _timer: Timer,
    _watch: OutputWatch,
    _exit: ExitNotifier,
    _bottom_half: oldstable::bh::BottomHalf,
    _handler: oldstable::runstate::RunStateHandler,
}

thread_local! {
    static AT_THE_END: AtTheEnd = AtTheEnd(Cell::default());
    static PARTS: Parts = Parts::default();
}

/// In a thread of its own, without the lock, as the main thread's end is in QEMU 11.1.
fn elsewhere(deed: fn(&Talker)) {
    // A reference is not sent, but what a thread keeps it may use until its end.
    let talker: &'static Talker = forever(talker());
    AT_THE_END.with(|end| end.0.set(Some((talker, deed))));
}

programs! {
    events_at_every_time => Clean "== done" {
        let talker = talker();
        talker.exit.enable(&*talker, |_: &Talker| tell("exit"));
        talker.realize().unwrap();
        println!("{:?}", talker.property_get_uint("told"));
        keep(Talker::new());
        keep(talker);
        later(|| Talker::find_all().remove(0).unparent());
    }

    events_of_a_thread => Sentence "does not hold the big QEMU lock" {
        std::thread::spawn(|| tell("thread")).join().unwrap_or_default()
    }

    an_event_with_the_name_of_one_of_qemus => Sentence "is not the name of an event outside QEMU" {
        Event::new("SHUTDOWN").send();
    }

    an_event_with_a_name_that_ends_its_string => Sentence "is not a name in an event's data" {
        Event::new("__ORG.EXAMPLE_TOLD").number("a\": 1, \"b", 1).send();
    }

    an_event_with_all_that_a_text_can_have => Clean "== done" {
        let mut text: String = (1..0x2_0000).filter_map(std::char::from_u32).collect();
        text.push_str(&"\"\\%s%n".repeat(1 << 18));
        (0..3).for_each(|_| Event::new("__").text("a", &text).text("a", "b").send());
    }

    parts_of_nobody_that_end_with_their_thread => Clean "== done" {
        PARTS.with(|_| ());
    }

    // From QEMU 10.0 on the main thread has let go of the lock by then.
    a_front_end_is_used_when_the_thread_ends => WithoutTheLock "does not hold the big QEMU lock" {
        elsewhere(|talker| {
            talker.conf.chardev.write_all(b"a");
            talker.conf.chardev.accept_input();
            talker.conf.chardev.set_break(true);
            println!("{}", talker.conf.chardev.is_connected());
        })
    }

    it_stops_receiving_when_it_receives => Clean "[97]: a text, still" {
        receiving(|talker, _| talker.conf.chardev.disable_handlers())
    }

    it_begins_to_receive_when_it_receives => Clean "[97]: a text, still" {
        receiving(|talker, _| {
            talker.conf.chardev.disable_handlers();
            talker.listen();
            talker.conf.chardev.accept_input();
        })
    }

    it_leaves_when_it_receives => Clean "[97]: a text, still" {
        receiving(|talker, _| talker.unparent())
    }

    parameters_of_no_serial_port => Clean "None" {
        receiving(|talker, _| {
            let chardev = &talker.conf.chardev;
            for number in &[0, 1, u32::MAX] {
                let parity = Parity::Odd;
                chardev.set_parameters(SerialParameters { speed: *number, parity, data_bits: 255, stop_bits: 0 });
            }
            chardev.set_modem_lines(Default::default());
            println!("{:?} {}", chardev.modem_lines(), talker.watch.start(chardev, talker, |_: &Talker| ()));
        })
    }
}
