// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use oldstable_compat::mem::{MaybeUninit, Zeroable};
use std::rc::Rc;

oldstable_compat::prelude!();

#[test]
fn write_initialises_and_drops_nothing() {
    fn check(
        write: fn(&mut MaybeUninit<Rc<u8>>, Rc<u8>) -> &mut Rc<u8>,
        assume_init_ref: unsafe fn(&MaybeUninit<Rc<u8>>) -> &Rc<u8>,
        assume_init_mut: unsafe fn(&mut MaybeUninit<Rc<u8>>) -> &mut Rc<u8>,
        assume_init_read: unsafe fn(&MaybeUninit<Rc<u8>>) -> Rc<u8>,
        assume_init_drop: unsafe fn(&mut MaybeUninit<Rc<u8>>),
    ) {
        let (first, second) = (Rc::new(1), Rc::new(2));
        let mut memory = MaybeUninit::uninit();
        assert_eq!(**write(&mut memory, first.clone()), 1);
        // SAFETY: it was initialised above, and each value that is read is dropped once.
        unsafe {
            drop(assume_init_read(&memory));
            assert_eq!(Rc::strong_count(&first), 1);
            write(&mut memory, second.clone());
            assert_eq!(Rc::strong_count(&first), 1, "the first was dropped twice");
            assert!(Rc::ptr_eq(assume_init_ref(&memory), &second));
            let other = std::mem::replace(assume_init_mut(&mut memory), first.clone());
            assert!(Rc::ptr_eq(&other, &second));
            assume_init_drop(&mut memory);
        }
        assert_eq!((Rc::strong_count(&first), Rc::strong_count(&second)), (1, 1));
    }
    check(
        MaybeUninit::write,
        MaybeUninit::assume_init_ref,
        MaybeUninit::assume_init_mut,
        MaybeUninit::assume_init_read,
        MaybeUninit::assume_init_drop,
    );
    #[cfg(before_1_55)]
    check(
        MaybeUninitWrite::write,
        MaybeUninitWrite::assume_init_ref,
        MaybeUninitWrite::assume_init_mut,
        MaybeUninitDrop::assume_init_read,
        MaybeUninitDrop::assume_init_drop,
    );
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Ops {
    size: u32,
    name: *const u8,
    open: Option<extern "C" fn(*mut u8) -> i32>,
    rest: [u64; 500],
}
// SAFETY: zeroes are numbers, a null pointer and no function.
unsafe impl Zeroable for Ops {}

static NUMBERS: [u16; 3] = [u16::ZEROED, 7, <[u16; 3]>::ZEROED[2]];

#[test]
fn zeroed_is_a_constant() {
    const OPS: Ops = Ops { size: 4, ..Ops::ZEROED };
    assert_eq!((OPS.size, OPS.name.is_null(), OPS.open.is_none()), (4, true, true));
    assert_eq!(OPS.rest[..], [0; 500][..]);
    assert_eq!(NUMBERS, [0, 7, 0]);
    assert_eq!((bool::ZEROED, char::ZEROED, f64::ZEROED), (false, '\0', 0.0));
    assert!(Option::<&u8>::ZEROED.is_none() && <*mut u8>::ZEROED.is_null());
}
