// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The big lock and the cells that check it.

use oldstable::bql::{self, BqlCell, BqlRefCell};
use oldstable::testing::message_of_abort;

static CELL: BqlCell<u32> = BqlCell::new(1);
static REF_CELL: BqlRefCell<u32> = BqlRefCell::new(1);

const WITHOUT_THE_LOCK: &str = "a thread that does not hold the big QEMU lock";

/// Runs it in a thread without the lock, in a copy of the process.
fn elsewhere(deadly: fn()) -> String {
    message_of_abort(|| drop(std::thread::spawn(deadly).join()))
}

oldstable::tests! {
    fn callbacks_hold_the_lock_and_other_threads_do_not() {
        assert!(bql::is_locked());
        assert!(!std::thread::spawn(bql::is_locked).join().unwrap());
    }

    fn a_cell_keeps_what_is_set() {
        CELL.set(7);
        assert_eq!(CELL.replace(8), 7);
        assert_eq!(CELL.get(), 8);
    }

    fn a_cell_is_not_read_without_the_lock() {
        assert!(elsewhere(|| assert_eq!(CELL.get(), 1)).contains(WITHOUT_THE_LOCK));
    }

    fn a_cell_is_not_written_without_the_lock() {
        assert!(elsewhere(|| CELL.set(2)).contains(WITHOUT_THE_LOCK));
    }

    fn a_ref_cell_is_not_borrowed_without_the_lock() {
        assert!(elsewhere(|| drop(REF_CELL.borrow())).contains(WITHOUT_THE_LOCK));
        assert!(elsewhere(|| drop(REF_CELL.borrow_mut())).contains(WITHOUT_THE_LOCK));
    }

    fn a_ref_cell_can_be_read_by_several_at_once() {
        let (one, other) = (REF_CELL.borrow(), REF_CELL.borrow());
        assert_eq!(*one, *other);
    }

    fn a_ref_cell_is_not_read_while_mutably_borrowed() {
        let said = message_of_abort(|| {
            let _out = REF_CELL.borrow_mut();
            let _ = REF_CELL.borrow();
        });
        assert!(said.contains("was read while a borrow to change it was still out"), "{}", said);
    }

    fn a_ref_cell_is_not_changed_while_it_is_borrowed() {
        let said = message_of_abort(|| {
            let _out = REF_CELL.borrow();
            let _ = REF_CELL.borrow_mut();
        });
        assert!(said.contains("was changed while another borrow of it was still out"), "{}", said);
    }
}
