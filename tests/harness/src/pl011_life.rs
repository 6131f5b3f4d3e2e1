// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Our PL011 with a slow or stuck host, when the machine stops or removes it, and its log.

use crate::pl011::board::Board;
use oldstable::compat::c_str;
use oldstable::compat::ffi::c_int;
use oldstable::log::Mask;
use oldstable::pl011::registers::{flag, interrupt, line, offset};
use oldstable::pl011::{Pl011, Pl011Luminary, GATHERED, LINE};
use oldstable::qom::{ObjectMethods, ObjectType};
use oldstable::testing::logged;
use oldstable::testing::wait_until;
use oldstable::testing::Pause;
use std::cell::RefCell;
use std::time::{Duration, Instant};

extern "C" {
    fn qemu_clock_deadline_ns_all(clock: c_int, attributes: c_int) -> i64;
}

oldstable::tests! {
    classes [Pl011Luminary];
    // As for the tests of `pl011`.
    on "none";

    fn a_host_that_takes_nothing_is_not_polled() {
        let board = board();
        let lie = board.lie_about_room();
        board.make_room(0);
        // Leftover output of other tests' devices was written before.
        let before = board.writes();
        let start = Instant::now();
        send(&board, b"patience");
        wait_until(|| start.elapsed() > Duration::from_millis(200));
        let asked = board.writes() - before;
        // Every ten milliseconds, once by the timer and once when it is woken.
        let most = 2 * (start.elapsed().as_millis() as usize / 10 + 1);
        assert!(asked > 2 && asked <= most, "it was asked {} times", asked);
        board.make_room(usize::MAX);
        expect(&board, b"patience");
        drop(lie);
    }

    fn short_output_is_written_at_once_and_long_output_in_few_writes() {
        let board = board();
        // The timeouts of other tests' devices are over, and so is this one's pause.
        let start = Instant::now();
        wait_until(|| start.elapsed() > Duration::from_millis(20));
        for byte in b"login: " {
            send(&board, &[*byte]);
            assert_eq!(board.take_sent(), [*byte]);
        }
        let before = board.writes();
        let start = Instant::now();
        send(&board, &[b'x'; 100_000]);
        let asked = board.writes() - before;
        // The rest of the first sixteen bytes, full buffers, and one byte per millisecond.
        let most = 16 + 100_000 / GATHERED + start.elapsed().as_millis() as usize + 1;
        assert!(asked <= most, "{} writes instead of {}", asked, most);
        // It still waits, and is sent before the guest's answer.
        assert_ne!(board.take_sent().len(), 100_000);
        board.input(b"+");
        send(&board, &[board.read(offset::DR, 2).1 as u8]);
        assert_eq!(board.take_sent().last(), Some(&b'+'));
    }

    fn an_echo_starts_no_timer() {
        let board = board();
        let start = Instant::now();
        wait_until(|| start.elapsed() > Duration::from_millis(20));
        assert!(!a_timer_is_due());
        for byte in b"as many as are typed, one after the other" {
            board.input(&[*byte]);
            send(&board, &[board.read(offset::DR, 2).1 as u8]);
            assert_eq!(board.take_sent(), [*byte]);
        }
        assert!(!a_timer_is_due());
        // What nobody typed waits for the silence behind it.
        send(&board, b"a long prompt: ");
        assert!(a_timer_is_due());
    }

    fn a_host_is_asked_for_more_when_half_of_the_line_is_free() {
        let board = board();
        board.write(offset::LCR_H, u64::from(line::FEN), 2);
        assert_eq!(board.can_receive(), LINE as i64);
        let text: Vec<u8> = (0..LINE + 16).map(|n| n as u8).collect();
        let (first, rest) = text.split_at(LINE);
        board.input(first);
        assert_eq!(board.can_receive(), 16);
        board.input(rest);
        assert_eq!(board.can_receive(), 0);
        for byte in &text {
            wait_until(|| board.read(offset::FR, 2).1 as u32 & flag::RXFE == 0);
            assert_eq!(board.read(offset::DR, 2), (0, u64::from(*byte)));
        }
        assert_eq!(board.can_receive(), LINE as i64);
        assert_eq!(board.read(offset::RIS, 2).1 as u32 & interrupt::OE, 0);
    }

    fn the_fifo_runs_empty_under_steady_input() {
        let board = board();
        board.write(offset::LCR_H, u64::from(line::FEN), 2);
        board.input(&[b'x'; 1000]);
        let mut read = 0;
        while board.read(offset::FR, 2).1 as u32 & flag::RXFE == 0 {
            board.read(offset::DR, 2);
            read += 1;
        }
        assert_eq!(read, 64);
        wait_until(|| board.read(offset::FR, 2).1 as u32 & flag::RXFE == 0);
    }

    fn stopping_does_not_wait_for_a_slow_host() {
        let board = board();
        let text: Vec<u8> = (0..2000).map(|n| n as u8).collect();
        send(&board, &text);
        // At least 20 pauses of 200 microseconds per byte: eight seconds for all.
        board.make_reluctant(20);
        let pause = Pause::new();
        let sent = board.take_sent();
        assert!(sent.len() < text.len());
        drop(pause);
        board.make_reluctant(0);
        assert_eq!(sent, &text[..sent.len()]);
        expect(&board, &text[sent.len()..]);
    }

    fn a_debuggers_write_to_a_stopped_machine_is_sent() {
        let board = board();
        let pause = Pause::new();
        send(&board, b"halted");
        expect(&board, b"halted");
        drop(pause);
    }

    fn input_to_a_stopped_machine_raises_the_line_at_once() {
        let board = board();
        // One hertz: the timeout is far in the future.
        board.set_clock(1);
        board.write(offset::IBRD, 1, 2);
        board.write(offset::LCR_H, u64::from(line::FEN), 2);
        board.write(offset::IMSC, u64::from(interrupt::RX), 2);
        board.input(b"x");
        assert_eq!(board.lines(), 0);
        board.read(offset::DR, 2);
        let pause = Pause::new();
        board.input(b"x");
        // The combined line, and that of RX.
        assert_eq!(board.lines(), 0b11);
        drop(pause);
    }

    fn the_guest_sends_without_a_character_device() {
        let board = Board::unplugged(Pl011::TYPE);
        send(&board, &[b'x'; 10_000]);
        board.write(offset::LCR_H, u64::from(line::BRK), 2);
        board.reset();
        drop(Pause::new());
        let flags = u64::from(flag::TXFE | flag::RXFE);
        assert_eq!((board.read(offset::FR, 2), board.read(offset::DR, 2)), ((0, flags), (0, 0)));
    }

    fn under_record_a_byte_is_written_when_it_is_sent() {
        let board = board();
        board.record();
        for byte in b"now" {
            send(&board, &[*byte]);
            assert_eq!(board.take_sent(), [*byte]);
        }
    }

    fn both_devices_log_the_same_accesses_under_the_same_masks() {
        let boards = [Board::new(c_str!("pl011")), Board::new(Pl011::TYPE)];
        for mask in &[Mask::GuestErrors, Mask::Unimplemented] {
            for (access, offset, value) in ACCESSES {
                let said = |board: &Board| {
                    logged(&[*mask], || {
                        match access {
                            Access::Read => board.read(*offset, 2).0,
                            Access::Write => board.write(*offset, *value, 2),
                        };
                    })
                };
                let [c, ours] = [said(&boards[0]), said(&boards[1])];
                assert_eq!(c.is_empty(), ours.is_empty(), "{:#x}: {:?} {:?}", offset, c, ours);
            }
        }
        let said = logged(&[Mask::GuestErrors], || {
            boards[1].read(0x8, 2);
        });
        assert_eq!(said, "pl011: bad read at 0x8\n");
    }

    fn luminarys_device_has_the_identity_of_the_one_in_c() {
        let boards = [Board::new(c_str!("pl011_luminary")), Board::new(Pl011Luminary::TYPE)];
        for byte in 0..8 {
            let offset = offset::ID + 4 * byte;
            assert_eq!(boards[0].read(offset, 2), boards[1].read(offset, 2));
        }
    }

    fn a_device_that_was_unrealized_can_be_realized_again() {
        let board = board();
        board.device().property_set_bool("realized", false).unwrap();
        drop(Pause::new());
        board.device().property_set_bool("realized", true).unwrap();
        send(&board, b"again");
        drop(Pause::new());
        assert_eq!(board.take_sent(), b"again");
        board.input(b"x");
        assert_eq!(board.read(offset::DR, 2), (0, u64::from(b'x')));
    }
}

/// Returns whether a timer of the host's clock would wake QEMU within two milliseconds.
fn a_timer_is_due() -> bool {
    const REALTIME: c_int = 0;
    const ALL: c_int = -1;
    // SAFETY: it only reads the clock's timers, of which each release has a list.
    let nanoseconds = unsafe { qemu_clock_deadline_ns_all(REALTIME, ALL) };
    (0..2_000_000).contains(&nanoseconds)
}

enum Access {
    Read,
    Write,
}

/// Accesses that every release logs and some that none does: kind, offset and value.
const ACCESSES: &[(Access, u64, u64)] = &[
    (Access::Read, offset::DR, 0),
    (Access::Read, 0x8, 0),
    (Access::Read, offset::MIS, 0),
    (Access::Read, offset::ICR, 0),
    (Access::Read, offset::ID, 0),
    (Access::Write, offset::RSR, 1),
    (Access::Write, 0x8, 1),
    (Access::Write, offset::FR, 1),
    (Access::Write, offset::RIS, 1),
    (Access::Write, offset::MIS, 1),
    (Access::Write, offset::DMACR, 0),
    (Access::Write, offset::DMACR, 1),
    (Access::Write, offset::DMACR, 2),
    (Access::Write, offset::DMACR, 4),
    (Access::Write, offset::ID, 1),
];

/// Returns a board, after the devices of earlier ones have written their remaining output.
fn board() -> Board {
    let board = Board::new(Pl011::TYPE);
    board.make_room(usize::MAX);
    drop(Pause::new());
    board.take_sent();
    board
}

fn send(board: &Board, bytes: &[u8]) {
    for byte in bytes {
        board.write(offset::DR, u64::from(*byte), 2);
    }
}

/// Waits until the host has received as many bytes, which must equal these.
fn expect(board: &Board, bytes: &[u8]) {
    let sent = RefCell::new(Vec::new());
    wait_until(|| {
        sent.borrow_mut().extend(board.take_sent());
        sent.borrow().len() >= bytes.len()
    });
    assert_eq!(*sent.borrow(), bytes);
}
