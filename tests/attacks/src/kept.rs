// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! References that are kept while the borrowed object changes.

use crate::runner::{forever, keep, later, save_to, wait_until};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;
use std::cell::{Cell, Ref, RefCell, RefMut};
use std::path::PathBuf;

oldstable::qom_define_type! {
    pub struct Saved("attacks-saved"): SysBusDevice, DeviceState, Object {
        numbers: BqlRefCell<[u64; 8]>,
    }
}

impl ObjectImpl for Saved {}

impl DeviceImpl for Saved {
    const COLD_RESET: Option<fn(&Self)> = Some(|saved| *saved.numbers.borrow_mut() = [0; 8]);
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl SysBusDeviceImpl for Saved {}

impl VmState for Saved {
    const NAME: &'static CStr = c_str!("attacks-saved");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { numbers } };
}

oldstable::qom_define_type! {
    /// Keeps a borrow while the condition of a field is evaluated.
    pub struct Conditional("attacks-conditional"): SysBusDevice, DeviceState, Object {
        first: BqlRefCell<u32>,
        numbers: BqlRefCell<[u64; 8]>,
    }
}

impl ObjectImpl for Conditional {}

impl DeviceImpl for Conditional {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl SysBusDeviceImpl for Conditional {}

impl VmState for Conditional {
    const NAME: &'static CStr = c_str!("attacks-conditional");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { first if Self::is_there, numbers } };
}

impl Conditional {
    fn is_there(&self, _version: u32) -> bool {
        match CONDITION.get() {
            Some(condition) => condition(self),
            None => true,
        }
    }

    fn keeps_a_borrow(&self) -> bool {
        // QEMU saves in a separate thread, which leaves nothing behind.
        let conditional = forever(Conditional::find_all().remove(0));
        READ.with(|read| *read.borrow_mut() = Some(conditional.numbers.borrow()));
        true
    }
}

oldstable::qom_define_type! {
    /// Borrows its descendant's cell in its own hook.
    pub struct Base("attacks-kept-base") with BaseClass: DeviceState, Object {}
}

oldstable::qom_virtual_methods! {
    pub trait BaseImpl: DeviceImpl;
    pub trait BaseMethods;
    pub struct BaseClass for Base;
    COUNT => count, parent_count: fn() -> u32 = |_| 1;
}

impl ObjectImpl for Base {}

impl DeviceImpl for Base {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Base {
    const NAME: &'static CStr = c_str!("attacks-kept-base");
    const FIELDS: &'static [Field<Self>] = &[];
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = Some(|_| {
        std::mem::forget(forever(Derived::find_all().remove(0)).numbers.borrow_mut());
        Ok(())
    });
}

oldstable::qom_define_type! {
    pub struct Derived("attacks-kept-derived"): Base, DeviceState, Object {
        numbers: BqlRefCell<[u64; 8]>,
    }
}

impl ObjectImpl for Derived {}

impl DeviceImpl for Derived {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl BaseImpl for Derived {}

impl VmState for Derived {
    const NAME: &'static CStr = c_str!("attacks-kept-derived");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, numbers } };
}

/// The action during the evaluation.
type Condition = fn(&Conditional) -> bool;

static CONDITION: BqlCell<Option<Condition>> = BqlCell::new(None);

fn migrate_with(condition: Condition) {
    register::<Conditional>();
    CONDITION.set(Some(condition));
    let conditional = Conditional::new();
    conditional.sysbus_realize().unwrap();
    keep(conditional);
    migrate();
}

thread_local! {
    static SAVED: Cell<Option<&'static Saved>> = Cell::default();
    static READ: RefCell<Option<Ref<'static, [u64; 8]>>> = RefCell::default();
    static WRITTEN: RefCell<Option<RefMut<'static, [u64; 8]>>> = RefCell::default();
}

/// Makes an object whose references live forever. The machine is reset before the later actions.
fn make() {
    register::<Saved>();
    let saved = forever(Saved::new());
    saved.sysbus_realize().unwrap();
    SAVED.with(|made| made.set(Some(saved)));
}

fn saved() -> &'static Saved {
    SAVED.with(Cell::get).unwrap()
}

fn keep_to_read() {
    READ.with(|read| *read.borrow_mut() = Some(saved().numbers.borrow()));
}

fn keep_to_write() {
    WRITTEN.with(|written| *written.borrow_mut() = Some(saved().numbers.borrow_mut()));
}

/// Has QEMU's monitor save the machine, and waits for the end of that, good or bad.
fn migrate() {
    later(|| save_to(&file()));
    wait_until(|| file().exists());
}

fn file() -> PathBuf {
    std::env::temp_dir().join("saved")
}

programs! {
    reset_of_what_is_read => Sentence "while another borrow of it was still out" {
        make();
        later(keep_to_read);
        later(|| saved().cold_reset());
    }

    read_of_what_is_written => Sentence "while a borrow to change it was still out" {
        make();
        later(keep_to_write);
        later(|| println!("{:?}", saved().numbers.borrow()));
    }

    change_of_what_is_read => Sentence "while another borrow of it was still out" {
        make();
        later(keep_to_read);
        later(|| saved().numbers.borrow_mut()[0] = 1);
    }

    migration_of_what_a_condition_borrows => SentenceWithoutLine "it keeps a borrow of numbers, which migrates" {
        migrate_with(Conditional::keeps_a_borrow)
    }

    migration_of_what_a_condition_borrows_to_change => SentenceWithoutLine "it keeps a borrow of numbers, which migrates" {
        migrate_with(|conditional| {
            std::mem::forget(conditional.numbers.borrow_mut());
            false
        })
    }

    migration_of_the_very_field_that_a_condition_borrows => SentenceWithoutLine "it keeps a borrow of first, which migrates" {
        migrate_with(|conditional| {
            std::mem::forget(conditional.first.borrow_mut());
            true
        })
    }

    migration_of_what_a_condition_borrows_and_gives_back => Clean "it is 7" {
        migrate_with(|conditional| {
            conditional.first.borrow_mut().clone_from(&7);
            println!("it is {}", conditional.first.borrow());
            true
        })
    }

    migration_of_what_an_ancestor_s_hook_borrows => SentenceWithoutLine "it keeps a borrow of numbers, which migrates" {
        register::<Base>();
        register::<Derived>();
        let derived = Derived::new();
        derived.realize().unwrap();
        keep(derived);
        migrate();
    }

    // The only place where a borrow ends without the lock: its object lives forever.
    what_is_read_until_the_thread_ends => Clean "== done" {
        make();
        later(keep_to_read);
    }

    migration_of_what_is_written => Clean "numbers is borrowed, and cannot migrate" {
        make();
        later(keep_to_write);
        migrate();
    }
}
