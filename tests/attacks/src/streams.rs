// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A migration stream that somebody else has written, and sections that do not fit into one.

use crate::runner::{keep, later, run_again, save_to, wait_until};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::runstate::{RunState, RunStateHandler};
use oldstable::timer::{ClockType, Timer};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;
use std::fs;
use std::path::PathBuf;

oldstable::qom_define_type! {
    pub struct Stored("attacks-stored"): DeviceState, Object {
        flag: BqlCell<bool>,
        numbers: BqlRefCell<[u32; 4]>,
        timer: Timer,
        handler: RunStateHandler,
        extra: BqlCell<u64>,
        text: BqlRefCell<String>,
    }
}

impl ObjectImpl for Stored {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|stored| {
        stored.timer.init(stored, ClockType::Virtual, |_: &Stored| ());
        stored.extra.set(7);
        stored.text.borrow_mut().push_str("a text");
    });
}

impl DeviceImpl for Stored {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Stored {
    const NAME: &'static CStr = c_str!("attacks-stored");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { flag, numbers, timer } };
    const SUBSECTIONS: &'static [Section<Self>] = &[<Self as VmState<Extra>>::SECTION];
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|_, _| {
        println!("it is loaded");
        Ok(())
    });
}

pub struct Extra;

impl VmState<Extra> for Stored {
    const NAME: &'static CStr = c_str!("attacks-stored/extra");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { extra } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|_| true);
}

oldstable::qom_define_type! {
    /// As long a name, and other fields.
    pub struct Other("attacks-others"): DeviceState, Object {
        long: BqlRefCell<[u8; 32]>,
    }
}

impl ObjectImpl for Other {}

impl DeviceImpl for Other {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Other {
    const NAME: &'static CStr = c_str!("attacks-others");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { long } };
}

/// Whether the machine runs: with `-incoming`, once the whole stream is loaded.
static RUNS: BqlCell<bool> = BqlCell::new(false);

/// Makes both devices.
fn make() {
    register::<Stored>();
    register::<Other>();
    let (stored, other) = (Stored::new(), Other::new());
    Object::root().property_add_child("stored", stored.clone()).unwrap();
    Object::root().property_add_child("other", other.clone()).unwrap();
    stored.realize().unwrap();
    other.realize().unwrap();
    stored.handler.enable(&*stored, |_: &Stored, state: RunState| RUNS.set(state == RunState::Running));
    keep(stored);
    keep(other);
}

/// Uses all that the device has.
fn look() {
    let stored = Stored::find_all().remove(0);
    let sum = stored.numbers.borrow().iter().fold(0, |sum: u32, number| sum.wrapping_add(*number));
    stored.numbers.borrow_mut()[3] = sum;
    stored.timer.start_at(stored.timer.expires().unwrap_or(0));
    assert!((stored.flag.get() as u8) < 2);
    println!("{}, still", stored.text.borrow());
}

/// Where some bytes begin.
fn find(stream: &[u8], bytes: &[u8]) -> usize {
    stream.windows(bytes.len()).position(|window| window == bytes).unwrap()
}

/// A stream with one change.
fn with(saved: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut stream = saved.to_vec();
    change(&mut stream);
    stream
}

type Streams = fn(&[u8]) -> Vec<Vec<u8>>;
static STREAMS: BqlCell<Streams> = BqlCell::new(|_| Vec::new());

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(name)
}

/// Lets QEMU save both devices, and starts a QEMU for each of the streams that are made of that.
fn load_each(streams: Streams) {
    make();
    STREAMS.set(streams);
    later(|| save_to(&file("saved")));
    wait_until(|| file("saved").exists());
    later(|| {
        let saved = fs::read(file("saved")).unwrap();
        assert!(load(&saved), "what was saved is not loaded");
        let streams = STREAMS.get()(&saved);
        let loaded = streams.iter().filter(|stream| load(stream)).count();
        println!("of {} streams {} are loaded", streams.len(), loaded);
    })
}

/// Starts a QEMU that loads a stream. Returns whether it has, or has refused it; it must do either.
fn load(stream: &[u8]) -> bool {
    let file = file("changed");
    fs::write(&file, stream).unwrap();
    let uri = format!("exec:cat {}", file.display());
    let (status, said) = run_again("attacks::streams::receive", &["-incoming", &uri]).unwrap();
    match status.code() {
        Some(0) if said.contains("a text, still") => said.contains("it is loaded"),
        Some(1) if !said.contains("panicked") => false,
        _ => panic!("{}: {}", status, said),
    }
}

oldstable::qom_define_type! {
    pub struct Circle("attacks-circle"): DeviceState, Object {}
}

impl ObjectImpl for Circle {}

impl DeviceImpl for Circle {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Circle {
    const NAME: &'static CStr = c_str!("attacks-circle");
    const FIELDS: &'static [Field<Self>] = &[];
    const SUBSECTIONS: &'static [Section<Self>] = &[<Self as VmState<Extra>>::SECTION];
}

impl VmState<Extra> for Circle {
    const NAME: &'static CStr = c_str!("attacks-circle/extra");
    const FIELDS: &'static [Field<Self>] = &[];
    const SUBSECTIONS: &'static [Section<Self>] = &[<Self as VmState<Extra>>::SECTION];
}

oldstable::qom_define_type! {
    pub struct Named("attacks-named"): DeviceState, Object {}
}

impl ObjectImpl for Named {}

impl DeviceImpl for Named {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

macro_rules! times_16 {
    ($text:literal) => {
        concat!(
            $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text,
            $text
        )
    };
}

impl VmState for Named {
    const NAME: &'static CStr = c_str!(times_16!("sixteen letters."));
    const FIELDS: &'static [Field<Self>] = &[];
}

programs! {
    // What the others start.
    receive => Clean "a text, still" {
        make();
        wait_until(|| RUNS.get());
        later(look)
    }

    it_ends_anywhere => Clean "of 8 streams 0 are loaded" {
        load_each(|saved| (0..8).map(|n| saved[..find(saved, b"attacks-stored") - 9 + 11 * n].to_vec()).collect())
    }

    // What precedes the fields: the section's kind, number, name, instance and version.
    its_head_is_another => Clean "of 7 streams 0 are loaded" {
        load_each(|saved| {
            let name = find(saved, b"attacks-stored");
            [name - 6, name - 2, name - 1, name, name + 13, name + 14, name + 18]
                .iter()
                .map(|n| with(saved, |stream| stream[*n] ^= 0x80))
                .collect()
        })
    }

    each_bit_of_its_values_is_another => Clean "of 3 streams 3 are loaded" {
        load_each(|saved| {
            let fields = find(saved, b"attacks-stored") + 14 + 8;
            let fill = |byte: u8| with(saved, |stream| stream[fields..fields + 25].iter_mut().for_each(|b| *b = byte));
            vec![fill(0xff), fill(0x80), fill(0x7f)]
        })
    }

    its_names_are_longer_or_shorter_than_they_say => Clean "of 9 streams 0 are loaded" {
        load_each(|saved| {
            let names: [&[u8]; 3] = [b"attacks-stored", b"attacks-others", b"attacks-stored/extra"];
            let mut streams = Vec::new();
            for name in &names {
                for length in &[0, 13, 0xff] {
                    streams.push(with(saved, |stream| stream[find(saved, name) - 1] = *length));
                }
            }
            streams
        })
    }

    a_device_is_given_what_another_has_saved => Clean "of 2 streams 0 are loaded" {
        load_each(|saved| {
            let (stored, other) = (find(saved, b"attacks-stored"), find(saved, b"attacks-others"));
            let one = with(saved, |stream| stream[other..other + 14].copy_from_slice(b"attacks-stored"));
            let both = with(&one, |stream| stream[stored..stored + 14].copy_from_slice(b"attacks-others"));
            vec![one, both]
        })
    }

    a_subsection_comes_twice => Clean "of 1 streams 1 are loaded" {
        load_each(|saved| {
            let start = find(saved, b"attacks-stored/extra") - 2;
            let subsection = saved[start..start + 2 + 20 + 4 + 8].to_vec();
            vec![with(saved, |stream| drop(stream.splice(start..start, subsection)))]
        })
    }

    a_subsection_is_nobodys_or_another_devices => Clean "of 2 streams 0 are loaded" {
        load_each(|saved| {
            let start = find(saved, b"attacks-stored/extra") - 2;
            let subsection = saved[start..start + 2 + 20 + 4 + 8].to_vec();
            let other = find(saved, b"attacks-others") + 14 + 8 + 32;
            vec![
                with(saved, |stream| stream[start + 2 + 15] = b'E'),
                with(saved, |stream| drop(stream.splice(other..other, subsection))),
            ]
        })
    }

    a_section_is_a_subsection_of_itself => SentenceWithoutLine "is it a subsection of itself?" {
        register::<Circle>();
        drop(Circle::new());
    }

    a_section_with_a_name_that_does_not_fit => SentenceWithoutLine "has at most 255 bytes, not 256" {
        register::<Named>();
        drop(Named::new());
    }
}
