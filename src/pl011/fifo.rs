// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The receive FIFO, and the transmit FIFO with the gathered output.

#![forbid(unsafe_code)]

/// Characters in either FIFO while LCR_H.FEN is set.
pub(super) const DEPTH: usize = 16;

/// Bytes that are gathered for one write to the host before the transmit FIFO begins to fill.
pub const GATHERED: usize = WAITING - DEPTH;

/// The maximum of bytes that wait for the host: the gathered ones and a full transmit FIFO.
pub const WAITING: usize = 4096;

/// Up to sixteen received characters of twelve bits: the byte, and above it FE, PE, BE and OE.
#[derive(Clone, Debug)]
pub(super) struct Receive {
    words: [u16; DEPTH],
    first: usize,
    len: usize,
}

impl Receive {
    pub(super) const fn new() -> Self {
        Receive { words: [0; DEPTH], first: 0, len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn clear(&mut self) {
        self.len = 0;
    }

    /// Stores a character; the caller has checked that there is room.
    pub(super) fn push(&mut self, word: u16) {
        debug_assert!(self.len < DEPTH);
        self.words[(self.first + self.len) % DEPTH] = word;
        self.len += 1;
    }

    pub(super) fn pop(&mut self) -> Option<u16> {
        if self.len == 0 {
            return None;
        }
        let word = self.words[self.first];
        self.first = (self.first + 1) % DEPTH;
        self.len -= 1;
        Some(word)
    }

    /// Returns the characters, oldest first, then zeros.
    pub(super) fn in_order(&self) -> [u16; DEPTH] {
        let mut out = [0; DEPTH];
        for (i, word) in out.iter_mut().enumerate().take(self.len) {
            *word = self.words[(self.first + i) % DEPTH];
        }
        out
    }
}

/// The output that the host has not accepted yet, oldest first.
///
/// Transmission takes no time, so the first [`GATHERED`] bytes count as sent. The bytes after them are in the transmit
/// FIFO, where FR shows them.
#[derive(Clone)]
pub(super) struct Transmit {
    bytes: [u8; WAITING],
    first: usize,
    len: usize,
}

impl Transmit {
    pub(super) const fn new() -> Self {
        Transmit { bytes: [0; WAITING], first: 0, len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Returns how many characters are in the transmit FIFO.
    pub(super) fn in_fifo(&self) -> usize {
        self.len.saturating_sub(GATHERED)
    }

    /// Adds a byte; the caller has checked that the FIFO has room.
    pub(super) fn push(&mut self, byte: u8) {
        debug_assert!(self.len < WAITING);
        let end = self.first + self.len;
        self.bytes[if end < WAITING { end } else { end - WAITING }] = byte;
        self.len += 1;
    }

    /// Returns the longest contiguous run that starts at the oldest byte.
    pub(super) fn front(&self) -> &[u8] {
        let end = (self.first + self.len).min(WAITING);
        &self.bytes[self.first..end]
    }

    /// Returns all waiting bytes, in two pieces.
    pub(super) fn pieces(&self) -> (&[u8], &[u8]) {
        let front = self.front();
        (front, &self.bytes[..self.len - front.len()])
    }

    pub(super) fn clear(&mut self) {
        self.consume(self.len);
    }

    /// Removes the oldest `count` bytes, or all if there are fewer.
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.len);
        self.len -= count;
        // An empty buffer starts at index 0 again, so that a full buffer is one write.
        self.first = if self.len == 0 { 0 } else { (self.first + count) % WAITING };
    }
}
