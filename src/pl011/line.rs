// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Input from the host that is not in the receive FIFO yet.

#![forbid(unsafe_code)]

use super::registers::data;
use super::snapshot::{LoadError, Unread};

/// The capacity of the line in characters: as many as QEMU reads from a character device at once.
pub const LINE: usize = 4096;

/// How many characters arrive without a pause. A driver that empties the FIFO in its interrupt handler must find it
/// empty now and then; otherwise only the handler runs, and the driver's own buffer overflows.
const ROUND: usize = 64;

/// A line that holds input that the guest has not had time to read.
#[derive(Clone)]
pub(super) struct Line {
    /// Bytes, or only BE for a break.
    words: [u16; LINE],
    first: usize,
    len: usize,
    /// How many more characters arrive before the next pause.
    round: usize,
}

/// The next input to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// This many bytes.
    Bytes(usize),
    Break,
}

const BREAK: u16 = data::BE as u16;

impl Default for Line {
    fn default() -> Self {
        Line { words: [0; LINE], first: 0, len: 0, round: ROUND }
    }
}

impl Line {
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns how many more characters it can hold.
    pub fn room(&self) -> usize {
        LINE - self.len
    }

    /// Adds bytes from the host, and returns whether there was room for all.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.push((*byte).into()))
    }

    /// Adds a break, and returns whether there was room for it.
    pub fn send_break(&mut self) -> bool {
        self.push(BREAK)
    }

    fn push(&mut self, word: u16) -> bool {
        if self.len == 0 {
            self.first = 0;
            self.round = ROUND;
        }
        let has_room = self.len < LINE;
        if has_room {
            self.words[(self.first + self.len) % LINE] = word;
            self.len += 1;
        }
        has_room
    }

    /// Ends the pause.
    pub fn next_round(&mut self) {
        self.round = ROUND;
    }

    /// Returns the next input of one kind, bytes as far as `to` has room; None if there is none, or during a pause.
    pub fn arrive(&mut self, to: &mut [u8]) -> Option<Arrival> {
        let most = to.len().min(self.len).min(self.round);
        let mut count = 0;
        while count < most {
            let word = self.words[self.first];
            if word == BREAK && count > 0 {
                break;
            }
            self.first = (self.first + 1) % LINE;
            self.len -= 1;
            self.round -= 1;
            if word == BREAK {
                return Some(Arrival::Break);
            }
            to[count] = word as u8;
            count += 1;
        }
        if count == 0 {
            None
        } else {
            Some(Arrival::Bytes(count))
        }
    }

    /// Returns the contents for the migration stream.
    pub fn save(&self) -> Unread {
        let mut unread = Unread { len: self.len as u32, ..Unread::default() };
        for (n, word) in unread.words.iter_mut().enumerate().take(self.len) {
            *word = self.words[(self.first + n) % LINE];
        }
        unread
    }

    /// Returns the contents of a stream, followed by this line's own.
    ///
    /// # Errors
    ///
    /// If there are more characters than the line can hold.
    pub fn behind(&self, from: &Unread) -> Result<Line, LoadError> {
        let words = match from.words.get(..from.len as usize) {
            Some(words) => words,
            None => return Err(LoadError::Unread(from.len)),
        };
        let mut line = Line::default();
        for word in words {
            line.push(if word & BREAK != 0 { BREAK } else { word & 0xff });
        }
        for n in 0..self.len {
            line.push(self.words[(self.first + n) % LINE]);
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(line: &mut Line, room: usize) -> (Option<Arrival>, Vec<u8>) {
        let mut bytes = vec![0; room];
        let arrival = line.arrive(&mut bytes);
        if let Some(Arrival::Bytes(count)) = arrival {
            bytes.truncate(count);
        } else {
            bytes.clear();
        }
        (arrival, bytes)
    }

    #[test]
    fn output_and_breaks_keep_their_order() {
        let mut line = Line::default();
        line.send(b"ab");
        line.send_break();
        line.send_break();
        line.send(b"c");
        assert_eq!(arrived(&mut line, 16), (Some(Arrival::Bytes(2)), b"ab".to_vec()));
        assert_eq!(arrived(&mut line, 16).0, Some(Arrival::Break));
        assert_eq!(arrived(&mut line, 0).0, None);
        assert_eq!(arrived(&mut line, 1).0, Some(Arrival::Break));
        assert_eq!(arrived(&mut line, 16), (Some(Arrival::Bytes(1)), b"c".to_vec()));
        assert_eq!(arrived(&mut line, 16).0, None);
    }

    #[test]
    fn there_is_a_pause_after_each_round_but_not_behind_what_was_all_read() {
        let mut line = Line::default();
        line.send(&[0; ROUND + 1]);
        assert_eq!(arrived(&mut line, LINE).0, Some(Arrival::Bytes(ROUND)));
        assert_eq!(arrived(&mut line, LINE).0, None);
        line.next_round();
        assert_eq!(arrived(&mut line, LINE).0, Some(Arrival::Bytes(1)));
        line.send(&[0; ROUND]);
        assert_eq!(arrived(&mut line, LINE).0, Some(Arrival::Bytes(ROUND)));
    }

    #[test]
    fn it_goes_round_its_end_and_holds_no_more_than_it_can() {
        let mut line = Line::default();
        line.send(&[1; LINE - 8]);
        for _ in 0..4 {
            let _ = arrived(&mut line, 16);
            line.next_round();
        }
        assert!(!line.send(&[2; 100]));
        assert_eq!(line.room(), 0);
        let mut all = Vec::new();
        while !line.is_empty() {
            line.next_round();
            all.extend(arrived(&mut line, 16).1);
        }
        assert_eq!(all, [vec![1; LINE - 72], vec![2; 72]].concat());
    }

    #[test]
    fn a_copy_goes_on_where_the_saved_line_was() {
        let mut line = Line::default();
        line.send(&[0; 10]);
        let _ = arrived(&mut line, 9);
        line.send_break();
        line.send(b"\xff");
        let mut other = Line::default();
        other.send(b"own");
        let mut copy = other.behind(&line.save()).unwrap();
        assert_eq!(arrived(&mut copy, 16).1, b"\0");
        assert_eq!(arrived(&mut copy, 16).0, Some(Arrival::Break));
        assert_eq!(arrived(&mut copy, 16).1, b"\xffown");
        assert!(copy.is_empty());
    }

    #[test]
    fn more_than_can_be_is_refused() {
        let mut unread = Unread::default();
        let behind = |unread: &Unread| Line::default().behind(unread).map(|line| line.len);
        for len in &[LINE as u32 + 1, u32::MAX] {
            unread.len = *len;
            assert_eq!(behind(&unread), Err(LoadError::Unread(*len)));
        }
        unread.len = LINE as u32;
        assert_eq!(behind(&unread), Ok(LINE));
    }
}
