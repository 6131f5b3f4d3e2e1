// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Migration of fields.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::clock::ClockInput;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl};
use oldstable::testing::{load, save};
use oldstable::timer::{ClockType, Timer};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

/// One field of each type.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Numbers {
    a: bool,
    b: u8,
    c: u16,
    d: u32,
    e: u64,
    f: i8,
    g: i16,
    h: i32,
    i: i64,
    left_out: u32,
    j: [u16; 3],
    k: [[u8; 2]; 2],
    l: [Pair; 2],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Pair {
    x: u8,
    y: u16,
}

oldstable::vmstate_struct! { Pair { x, y } }
oldstable::vmstate_struct! { Numbers { a, b, c, d, e, f, g, h, i, j, k, _: [u8; 3], l } }

const NUMBERS: Numbers = Numbers {
    a: true,
    b: 0x12,
    c: 0x1234,
    d: 0x1234_5678,
    e: 0x1234_5678_9abc_def0,
    f: -2,
    g: -3,
    h: -4,
    i: -5,
    left_out: 99,
    j: [1, 2, 3],
    k: [[1, 2], [3, 4]],
    l: [Pair { x: 7, y: 8 }, Pair { x: 9, y: 10 }],
};

#[rustfmt::skip]
const NUMBERS_IN_THE_STREAM: [u8; 53] = [
    1,
    0x12,
    0x12, 0x34,
    0x12, 0x34, 0x56, 0x78,
    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0,
    0xfe,
    0xff, 0xfd,
    0xff, 0xff, 0xff, 0xfc,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfb,
    0, 1, 0, 2, 0, 3,
    1, 2, 3, 4,
    0, 0, 0,
    7, 0, 8,
    9, 0, 10,
    // The fields that follow them in the device.
    0, 0, 0xbe,
];

oldstable::qom_define_type! {
    struct Plain("harness-plain"): DeviceState, Object {
        numbers: BqlRefCell<Numbers>,
        end: BqlCell<u16>,
        extra: BqlCell<u8>,
    }
}

impl ObjectImpl for Plain {}

impl DeviceImpl for Plain {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Plain {
    const NAME: &'static CStr = c_str!("plain");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { numbers, _: [u8; 1], end } };
    const SUBSECTIONS: &'static [Section<Self>] = &[<Self as VmState<Extra>>::SECTION];
}

struct Extra;

impl VmState<Extra> for Plain {
    const NAME: &'static CStr = c_str!("plain/extra");
    const VERSION: u32 = 3;
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { extra } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|plain| plain.extra.get() != 0);
}

oldstable::qom_define_type! {
    /// Like `Plain`, with the struct's fields in place of the struct, and without a subsection.
    struct Spread("harness-spread"): DeviceState, Object {
        before: BqlCell<u64>,
        numbers: BqlRefCell<Numbers>,
        end: BqlCell<u16>,
    }
}

impl ObjectImpl for Spread {}

impl DeviceImpl for Spread {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Spread {
    const NAME: &'static CStr = c_str!("plain");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { ..numbers, _: [u8; 1], end } };
}

oldstable::qom_define_type! {
    struct Hooked("harness-hooked"): DeviceState, Object {
        old: BqlCell<u8>,
        new: BqlCell<u8>,
        odd: BqlCell<u8>,
        cells: [BqlCell<u16>; 2],
        loaded: BqlCell<u32>,
        saved: BqlCell<u32>,
        before: BqlCell<u32>,
    }
}

impl ObjectImpl for Hooked {}

impl DeviceImpl for Hooked {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Hooked {
    const NAME: &'static CStr = c_str!("hooked");
    const VERSION: u32 = 3;
    const MINIMUM_VERSION: u32 = 1;
    const FIELDS: &'static [Field<Self>] =
        oldstable::vmstate_fields! { Self { old, new since 2, odd if Hooked::is_odd, cells } };
    const PRE_LOAD: Option<fn(&Self) -> Result<()>> = Some(|hooked| {
        hooked.before.set(hooked.before.get() + 1);
        Ok(())
    });
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|hooked, version| {
        hooked.loaded.set(version);
        match hooked.old.get() {
            200 => Err("old must not be 200".into()),
            _ => Ok(()),
        }
    });
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = Some(|hooked| {
        hooked.saved.set(hooked.saved.get() + 1);
        match hooked.old.get() {
            201 => Err("201 cannot be saved".into()),
            _ => Ok(()),
        }
    });
}

impl Hooked {
    fn is_odd(&self, version: u32) -> bool {
        version > 1 && self.old.get() % 2 == 1
    }
}

oldstable::qom_define_type! {
    struct Parts("harness-parts"): DeviceState, Object {
        clock: ClockInput,
        timers: [Timer; 2],
    }
}

impl ObjectImpl for Parts {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|parts| {
        parts.clock.init(parts, c_str!("clk"), ());
        for timer in &parts.timers {
            timer.init(parts, ClockType::Virtual, |_: &Parts| ());
        }
    });
}

impl DeviceImpl for Parts {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Parts {
    const NAME: &'static CStr = c_str!("parts");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { clock, timers } };
}

oldstable::qom_define_type! {
    struct Unmade("harness-vmstate-unmade"): DeviceState, Object {
        timer: Timer,
    }
}

impl ObjectImpl for Unmade {}

impl DeviceImpl for Unmade {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Unmade {
    const NAME: &'static CStr = c_str!("unmade");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { timer } };
}

oldstable::tests! {
    classes [Plain, Spread, Hooked, Parts, Unmade];

    fn every_basic_type_is_saved_as_qemu_saves_it() {
        let plain = Plain::new();
        *plain.numbers.borrow_mut() = NUMBERS;
        plain.end.set(0xbe);
        assert_eq!(save(&*plain).unwrap(), &NUMBERS_IN_THE_STREAM[..]);
    }

    fn what_was_saved_is_loaded() {
        let plain = Plain::new();
        load(&*plain, &NUMBERS_IN_THE_STREAM, 1).unwrap();
        assert_eq!(*plain.numbers.borrow(), Numbers { left_out: 0, ..NUMBERS });
        assert_eq!(plain.end.get(), 0xbe);
    }

    fn fields_of_a_struct_and_flat_fields_have_one_stream() {
        let spread = Spread::new();
        *spread.numbers.borrow_mut() = NUMBERS;
        spread.end.set(0xbe);
        assert_eq!(save(&*spread).unwrap(), &NUMBERS_IN_THE_STREAM[..]);
        let other = Spread::new();
        load(&*other, &NUMBERS_IN_THE_STREAM, 1).unwrap();
        assert_eq!(*other.numbers.borrow(), Numbers { left_out: 0, ..NUMBERS });
        assert_eq!((other.before.get(), other.end.get()), (0, 0xbe));
    }

    fn a_bool_of_a_hostile_stream_is_still_a_bool() {
        let mut bytes = NUMBERS_IN_THE_STREAM;
        bytes[0] = 0x82;
        let plain = Plain::new();
        load(&*plain, &bytes, 1).unwrap();
        assert!(plain.numbers.borrow().a);
    }

    fn a_subsection_is_saved_only_if_it_is_needed() {
        let plain = Plain::new();
        let without = save(&*plain).unwrap();
        assert_eq!(without.len(), NUMBERS_IN_THE_STREAM.len());
        plain.extra.set(5);
        let with = save(&*plain).unwrap();
        const SUBSECTION: u8 = 5;
        let mut expected = vec![SUBSECTION, 11];
        expected.extend(b"plain/extra");
        expected.extend(&[0, 0, 0, 3, 5]);
        assert_eq!(&with[without.len()..], &expected[..]);
        let other = Plain::new();
        load(&*other, &with, 1).unwrap();
        assert_eq!(other.extra.get(), 5);
    }

    fn a_subsection_that_nobody_knows_is_refused() {
        let plain = Plain::new();
        let mut bytes = save(&*plain).unwrap();
        bytes.extend(&[5, 11]);
        bytes.extend(b"plain/other");
        bytes.extend(&[0, 0, 0, 1]);
        assert!(load(&*plain, &bytes, 1).is_err());
    }

    fn hooks_run_once_and_are_told_the_version() {
        let hooked = Hooked::new();
        hooked.old.set(2);
        hooked.cells[1].set(0x304);
        assert_eq!(save(&*hooked).unwrap(), &[2, 0, 0, 0, 3, 4][..]);
        assert_eq!(hooked.saved.get(), 1);
        load(&*hooked, &[4, 1, 0, 1, 0, 2], 3).unwrap();
        assert_eq!((hooked.loaded.get(), hooked.before.get()), (3, 1));
        assert_eq!((hooked.cells[0].get(), hooked.cells[1].get()), (1, 2));
    }

    fn a_field_is_loaded_since_its_version() {
        let hooked = Hooked::new();
        hooked.new.set(77);
        load(&*hooked, &[4, 0, 1, 0, 2], 1).unwrap();
        assert_eq!((hooked.new.get(), hooked.loaded.get()), (77, 1));
        load(&*hooked, &[4, 5, 0, 1, 0, 2], 2).unwrap();
        assert_eq!(hooked.new.get(), 5);
    }

    fn a_field_with_a_condition_is_there_if_the_device_says_so() {
        let hooked = Hooked::new();
        load(&*hooked, &[3, 5, 6, 0, 1, 0, 2], 3).unwrap();
        assert_eq!(hooked.odd.get(), 6);
        assert_eq!(save(&*hooked).unwrap(), &[3, 5, 6, 0, 1, 0, 2][..]);
    }

    fn a_borrowed_cell_is_neither_loaded_nor_saved() {
        let plain = Plain::new();
        let read = plain.numbers.borrow();
        assert!(load(&*plain, &NUMBERS_IN_THE_STREAM, 1).is_err());
        // A save only reads the value.
        assert!(save(&*plain).is_ok());
        drop(read);
        let written = plain.numbers.borrow_mut();
        assert!(save(&*plain).is_err());
        drop(written);
        load(&*plain, &NUMBERS_IN_THE_STREAM, 1).unwrap();
    }

    fn a_version_that_is_too_new_or_too_old_is_refused() {
        let hooked = Hooked::new();
        assert!(load(&*hooked, &[4, 1, 0, 1, 0, 2], 4).is_err());
        assert!(load(&*hooked, &[4, 1, 0, 1, 0, 2], 0).is_err());
    }

    fn a_stream_that_post_load_refuses_is_refused() {
        assert!(load(&*Hooked::new(), &[200, 1, 0, 1, 0, 2], 3).is_err());
    }

    fn what_pre_save_refuses_is_not_saved() {
        let hooked = Hooked::new();
        hooked.old.set(201);
        assert!(save(&*hooked).is_err());
    }

    fn a_stream_that_ends_early_is_refused() {
        assert!(load(&*Plain::new(), &NUMBERS_IN_THE_STREAM[..10], 1).is_err());
    }

    fn clocks_and_timers_migrate_as_numbers() {
        let parts = Parts::new();
        parts.timers[1].start_at(0x0123_4567_89ab_cdef);
        let bytes = save(&*parts).unwrap();
        let mut expected = vec![0; 8];
        expected.extend(&[0xff; 8]);
        expected.extend(&[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
        assert_eq!(bytes, expected);
        parts.timers[0].start_at(i64::MAX);
        parts.timers[1].stop();
        load(&*parts, &bytes, 1).unwrap();
        assert!(!parts.timers[0].is_running());
        assert_eq!(parts.timers[1].expires(), Some(0x0123_4567_89ab_cdef));
    }

    fn a_timer_that_nobody_has_made_neither_saves_nor_loads() {
        let unmade = Unmade::new();
        assert!(save(&*unmade).is_err());
        assert!(load(&*unmade, &[0, 0, 0, 0, 0, 0, 0, 1], 1).is_err());
    }
}
