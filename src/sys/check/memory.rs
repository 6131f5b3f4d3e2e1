// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Reading memory of QEMU's that may not be mapped.

use super::Difference;
use oldstable_compat::ffi::{c_int, c_void};
use std::cell::Cell;
use std::mem::size_of;

/// Stands for the address of something that does not exist, and for a number that cannot be read: not an address of any
/// process, with room for offsets after it.
pub(super) const NOTHING: usize = usize::MAX - 0xffff;

const WORD: usize = size_of::<usize>();

extern "C" {
    fn pipe(ends: *mut c_int) -> c_int;
    fn read(file: c_int, data: *mut c_void, size: usize) -> isize;
    fn write(file: c_int, data: *const c_void, size: usize) -> isize;
    fn close(file: c_int) -> c_int;
}

/// No system has smaller pages.
const PAGE: usize = 4096;

/// How many bytes are read from the pipe at once: fewer than any pipe has room for, and enough to save a system call for
/// each page.
const TAKEN: usize = 64;

/// Reads memory that may not be mapped: the kernel copies a byte of each page into a pipe, or returns an error.
pub(super) struct Memory {
    ends: [c_int; 2],
    /// A hash table of the numbers plus 1 of readable pages, in rows, since 1.48 has no `Default` for longer arrays.
    pages: [[Cell<usize>; 32]; 4],
    /// The number of bytes in the pipe.
    in_pipe: Cell<usize>,
    first: Cell<Option<Difference>>,
}

impl Memory {
    pub(super) fn new() -> Option<Self> {
        let mut ends = [-1; 2];
        // SAFETY: there is room for both.
        let failed = unsafe { pipe(ends.as_mut_ptr()) } != 0;
        if failed {
            None
        } else {
            Some(Memory { ends, pages: Default::default(), in_pipe: Cell::new(0), first: Cell::new(None) })
        }
    }

    /// Returns the first difference. Later results may be nonsense, but are harmless.
    pub(super) fn difference(&self) -> Option<Difference> {
        self.first.get()
    }

    #[inline(never)]
    pub(super) fn is_of(&self, what: &'static str, of: &'static str, expected: usize, found: usize) {
        if expected != found && self.first.get().is_none() {
            self.first.set(Some(Difference { what, of, numbers: Some((found, expected)) }));
        }
    }

    #[inline(never)]
    pub(super) fn is(&self, what: &'static str, expected: usize, found: usize) {
        self.is_of(what, "", expected, found)
    }

    #[inline(never)]
    pub(super) fn is_there(&self, what: &'static str, there: bool) {
        if !there && self.first.get().is_none() {
            self.first.set(Some(Difference { what, of: "", numbers: None }));
        }
    }

    /// Returns whether an address can be read.
    fn can_read(&self, address: usize) -> bool {
        let page = address / PAGE;
        let row = &self.pages[page / 32 % 4];
        let known = &row[page % 32];
        if known.get() == page + 1 {
            return true;
        }
        // SAFETY: the kernel checks the address, and the pipe is never full.
        let there = unsafe { write(self.ends[1], address as *const c_void, 1) } == 1;
        if there {
            known.set(page + 1);
            self.in_pipe.set(self.in_pipe.get() + 1);
        }
        there && (self.in_pipe.get() < TAKEN || self.empty_the_pipe())
    }

    /// Returns whether it was possible.
    fn empty_the_pipe(&self) -> bool {
        let mut bytes = [0_u8; TAKEN];
        // SAFETY: there is room for so many.
        let taken = unsafe { read(self.ends[0], bytes.as_mut_ptr() as *mut c_void, TAKEN) };
        self.in_pipe.set(0);
        taken == TAKEN as isize
    }

    /// Copies a number, which is smaller than a page; returns false if a part of it cannot be read.
    fn copy(&self, address: usize, to: &mut [u8]) -> bool {
        let last = address.wrapping_add(to.len() - 1);
        let there = self.can_read(address) && self.can_read(last);
        if there {
            // SAFETY: the pages can be read, and QEMU does not unmap the memory of types and classes.
            unsafe { std::ptr::copy_nonoverlapping(address as *const u8, to.as_mut_ptr(), to.len()) }
        }
        there
    }

    /// Reads a pointer or size; returns [`NOTHING`] if it cannot be read.
    #[inline(never)]
    pub(super) fn word(&self, address: usize) -> usize {
        let mut bytes = [0; WORD];
        if self.copy(address, &mut bytes) {
            usize::from_ne_bytes(bytes)
        } else {
            NOTHING
        }
    }

    /// Reads an address that offsets can be added to.
    pub(super) fn pointer(&self, address: usize) -> usize {
        self.word(address).min(NOTHING)
    }

    #[inline(never)]
    pub(super) fn int(&self, address: usize) -> usize {
        let mut bytes = [0; 4];
        if self.copy(address, &mut bytes) {
            u32::from_ne_bytes(bytes) as usize
        } else {
            NOTHING
        }
    }

    #[inline(never)]
    pub(super) fn byte(&self, address: usize) -> usize {
        let mut bytes = [0; 1];
        if self.copy(address, &mut bytes) {
            usize::from(bytes[0])
        } else {
            NOTHING
        }
    }

    #[inline(never)]
    pub(super) fn half(&self, address: usize) -> usize {
        self.byte(address) | self.byte(address + 1) << 8
    }

    /// Returns whether the stored address points to this text.
    #[inline(never)]
    pub(super) fn is_text(&self, pointer: usize, text: &str) -> bool {
        let address = self.word(pointer);
        // Byte by byte, up to the first difference, so as not to read beyond the end of another text.
        let mut bytes = text.bytes().chain(Some(0)).enumerate();
        bytes.all(|(n, byte)| self.byte(address.wrapping_add(n)) == usize::from(byte))
    }

    /// Checks that the stored address points to this text.
    #[inline(never)]
    pub(super) fn text(&self, what: &'static str, pointer: usize, text: &str) {
        self.is_there(what, self.is_text(pointer, text));
    }

    /// Checks that the stored word is a function's address.
    #[inline(never)]
    pub(super) fn function(&self, what: &'static str, pointer: usize) {
        let address = self.word(pointer);
        let there = address != 0 && self.byte(address) != NOTHING;
        self.is_there(what, there);
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: both ends are ours.
        unsafe {
            close(self.ends[0]);
            close(self.ends[1]);
        }
    }
}
