// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Every method of every type, each failure of an allocation, and known faults of other crates.

mod borrow;
mod faults;
mod from_c;
mod round_trip;
mod text;
mod to_c;

use super::Allocator;
use oldstable_compat::ffi::c_void;
use std::cell::RefCell;
use std::collections::HashMap;

/// Memory that is counted, and that runs out when a test wants it to.
#[derive(Debug)]
enum Tracked {}

#[derive(Default)]
struct Book {
    /// The blocks in use, each with its memory from Rust's allocator.
    live: HashMap<usize, Vec<u128>>,
    /// The number of further allocations that succeed.
    left: Option<usize>,
}

thread_local! {
    static BOOK: RefCell<Book> = RefCell::default();
}

// SAFETY: a vector of 16-byte numbers is large and aligned enough, and not used elsewhere.
unsafe impl Allocator for Tracked {
    fn alloc(size: usize) -> *mut c_void {
        assert_ne!(size, 0);
        BOOK.with(|book| {
            let mut book = book.borrow_mut();
            match &mut book.left {
                Some(0) => return std::ptr::null_mut(),
                Some(left) => *left -= 1,
                None => {}
            }
            let mut block = vec![0xdead_beef_u128; (size + 15) / 16];
            let ptr = block.as_mut_ptr() as *mut c_void;
            book.live.insert(ptr as usize, block);
            ptr
        })
    }

    unsafe fn free(ptr: *mut c_void) {
        if !ptr.is_null() {
            let block = BOOK.with(|book| book.borrow_mut().live.remove(&(ptr as usize)));
            assert!(block.is_some(), "freed what is not allocated, or freed it twice");
        }
    }
}

/// Returns the number of blocks in use.
fn live() -> usize {
    BOOK.with(|book| book.borrow().live.len())
}

/// Runs `f` with memory for that many allocations.
fn with_memory_for<R>(allocations: usize, f: impl FnOnce() -> R) -> R {
    BOOK.with(|book| book.borrow_mut().left = Some(allocations));
    let result = f();
    BOOK.with(|book| book.borrow_mut().left = None);
    result
}
