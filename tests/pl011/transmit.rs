// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's output: gathered bytes, the FIFO with a slow reader, and breaks.

use crate::uart::*;
use oldstable::pl011::registers::{control, flag, interrupt, line, offset};
use oldstable::pl011::{Log, Output, Registers, GATHERED, WAITING};

const TX_LINE: u8 = 1 << 2;

/// Fills all buffers in front of a host that does not read, the transmit FIFO last.
fn block_output(uart: &mut Registers, in_fifo: usize) {
    for _ in 0..GATHERED + in_fifo {
        set(uart, offset::DR, 0);
    }
    set(uart, offset::ICR, !0);
}

#[test]
fn a_sent_byte_raises_the_transmit_interrupt_at_once() {
    let mut uart = clocked();
    let effects = uart.write(offset::DR, 0x141);
    assert_eq!(effects.levels, COMBINED | TX_LINE);
    assert_eq!(effects.output, Output::Begun);
    assert_eq!(uart.output(), b"A");
    assert_eq!(fr(&mut uart) & (flag::TXFE | flag::TXFF | flag::BUSY), flag::TXFE);
}

#[test]
fn unmasking_does_not_raise_the_transmit_interrupt() {
    let mut uart = pl011();
    assert_eq!(uart.write(offset::IMSC, interrupt::TX).levels, 0);
    set(&mut uart, offset::DR, 0);
    set(&mut uart, offset::ICR, interrupt::TX);
    assert_eq!(uart.write(offset::IMSC, interrupt::TX).levels, 0);
}

#[test]
fn a_disabled_transmitter_sends_and_is_logged_once() {
    let mut uart = pl011();
    assert_eq!(uart.write(offset::DR, 1).log, Some(Log::Disabled));
    assert_eq!(uart.write(offset::DR, 2).log, None);
    set(&mut uart, offset::CR, control::UARTEN);
    assert_eq!(uart.write(offset::DR, 3).log, Some(Log::TransmitterOff));
    set(&mut uart, offset::CR, control::UARTEN | control::TXE);
    assert_eq!(uart.write(offset::DR, 4).log, None);
    assert_eq!(uart.output(), [1, 2, 3, 4]);
}

#[test]
fn a_disabled_transmitter_is_logged_once_until_reset() {
    let mut uart = pl011();
    assert_eq!(uart.write(offset::DR, 1).log, Some(Log::Disabled));
    set(&mut uart, offset::CR, control::TXE | control::RTS);
    assert_eq!(uart.write(offset::DR, 2).log, None);
    let _ = uart.reset();
    assert_eq!(uart.write(offset::DR, 3).log, Some(Log::Disabled));
}

#[test]
fn output_is_gathered_until_the_buffer_is_full() {
    let mut uart = pl011();
    assert_eq!(uart.write(offset::DR, 0).output, Output::Begun);
    for _ in 2..GATHERED {
        assert_eq!(uart.write(offset::DR, 0).output, Output::Keep);
    }
    assert_eq!(uart.write(offset::DR, 0).output, Output::Now);
}

#[test]
fn a_slow_reader_fills_the_transmit_fifo() {
    for (fen, depth) in &[(0, 1), (line::FEN, 16)] {
        let mut uart = clocked();
        set(&mut uart, offset::LCR_H, *fen);
        block_output(&mut uart, 0);
        assert_eq!(fr(&mut uart) & (flag::TXFE | flag::TXFF | flag::BUSY), flag::TXFE);
        for stored in 1..=*depth {
            assert_eq!(uart.write(offset::DR, 0).levels & TX_LINE, 0);
            let full = if stored == *depth { flag::TXFF } else { 0 };
            assert_eq!(fr(&mut uart) & (flag::TXFE | flag::TXFF | flag::BUSY), flag::BUSY | full);
        }
        let effects = uart.write(offset::DR, 0);
        assert_eq!(effects.log, Some(Log::TransmitFifoFull));
        assert_eq!(effects.output, Output::Now);
    }
}

/// After an interrupt about free space, a driver writes half a FIFO without reading TXFF, like Linux.
#[test]
fn transmit_interrupt_clears_when_the_fifo_fills_above_the_level() {
    for (fen, level) in &[(0, 0), (line::FEN, 8)] {
        let mut uart = clocked();
        set(&mut uart, offset::LCR_H, *fen);
        set(&mut uart, offset::IFLS, 2);
        block_output(&mut uart, 1);
        let _ = uart.output_taken(1);
        assert_ne!(ris(&mut uart) & interrupt::TX, 0);
        for _ in 0..*level {
            set(&mut uart, offset::DR, 0);
            assert_ne!(ris(&mut uart) & interrupt::TX, 0);
        }
        set(&mut uart, offset::DR, 0);
        assert_eq!(ris(&mut uart) & interrupt::TX, 0);
        let _ = uart.output_taken(1);
        assert_ne!(ris(&mut uart) & interrupt::TX, 0);
    }
}

#[test]
fn transmit_interrupt_rises_as_the_fifo_drains_to_the_level() {
    for (step, level) in &[(0, 2), (1, 4), (2, 8), (3, 12), (4, 14), (5, 14), (6, 14), (7, 14)] {
        let mut uart = clocked();
        set(&mut uart, offset::IFLS, *step);
        block_output(&mut uart, 16);
        for left in (*level..16).rev() {
            let effects = uart.output_taken(1);
            assert_eq!(effects.levels & TX_LINE != 0, left == *level, "{} of {}", left, level);
        }
        // Below the level no interrupt is raised again.
        set(&mut uart, offset::ICR, interrupt::TX);
        set(&mut uart, offset::DR, 0);
        assert_eq!(ris(&mut uart) & interrupt::TX, 0);
    }
}

#[test]
fn nothing_is_lost_or_reordered_behind_a_slow_reader() {
    let mut uart = clocked();
    let mut next = 0_u8;
    let mut expected = 0_u8;
    for taken in (1..2000).cycle().step_by(97).take(500) {
        while fr(&mut uart) & flag::TXFF == 0 {
            set(&mut uart, offset::DR, next.into());
            next = next.wrapping_add(1);
        }
        let piece = uart.output();
        let piece = piece[..taken.min(piece.len())].to_vec();
        for byte in &piece {
            assert_eq!(*byte, expected);
            expected = expected.wrapping_add(1);
        }
        let _ = uart.output_taken(piece.len());
    }
}

#[test]
fn taking_more_than_there_is_empties_the_output() {
    let mut uart = pl011();
    set(&mut uart, offset::DR, 0);
    let _ = uart.output_taken(usize::MAX);
    assert!(uart.output().is_empty());
}

#[test]
fn switching_the_fifos_or_reset_loses_no_output() {
    let mut uart = clocked();
    block_output(&mut uart, 16);
    set(&mut uart, offset::LCR_H, 0);
    assert_eq!(fr(&mut uart) & flag::TXFF, flag::TXFF);
    let _ = uart.reset();
    assert_eq!(uart.output_len(), WAITING);
}

#[test]
fn the_break_bit_goes_to_the_host_when_it_changes() {
    let mut uart = pl011();
    assert_eq!(uart.write(offset::LCR_H, line::BRK).break_out, Some(true));
    assert_eq!(uart.write(offset::LCR_H, line::BRK | line::FEN).break_out, None);
    assert_eq!(uart.write(offset::LCR_H, line::FEN).break_out, Some(false));
    set(&mut uart, offset::LCR_H, line::BRK);
    assert_eq!(uart.reset().break_out, Some(false));
    assert_eq!(uart.reset().break_out, None);
}

#[test]
fn transmit_interrupt_clears_when_the_level_falls_below_the_fill() {
    for (offset, value) in &[(offset::IFLS, 1), (offset::LCR_H, 0)] {
        let mut uart = clocked();
        block_output(&mut uart, 9);
        let _ = uart.output_taken(1);
        assert_ne!(ris(&mut uart) & interrupt::TX, 0);
        let effects = uart.write(*offset, *value);
        assert_eq!((effects.changed, effects.levels), (COMBINED | TX_LINE, 0));
        // The remaining bytes raise it again when they leave.
        let _ = uart.output_taken(8);
        assert_ne!(ris(&mut uart) & interrupt::TX, 0);
    }
}

#[test]
fn transmit_interrupt_stays_when_the_level_falls_to_the_fill() {
    let mut uart = clocked();
    block_output(&mut uart, 5);
    let _ = uart.output_taken(1);
    set(&mut uart, offset::IFLS, 1);
    assert_ne!(ris(&mut uart) & interrupt::TX, 0);
}

#[test]
fn an_acknowledged_transmit_interrupt_returns_as_the_fifo_drains() {
    let mut uart = clocked();
    block_output(&mut uart, 9);
    assert_eq!(uart.output_taken(1).levels, COMBINED | TX_LINE);
    assert_eq!(uart.write(offset::ICR, interrupt::TX).levels, 0);
    assert_eq!(uart.output_taken(1).levels, COMBINED | TX_LINE);
}

#[test]
fn output_takes_no_room_from_input() {
    let mut uart = clocked();
    block_output(&mut uart, 16);
    give(&mut uart, b"0123456789abcdef");
    for byte in b"0123456789abcdef" {
        assert_eq!(get(&mut uart, offset::DR), u32::from(*byte));
    }
    assert_eq!(uart.output_len(), WAITING);
}
