// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's registers and their behaviours, one by one.

use crate::uart::*;
use oldstable::pl011::registers::{data, flag, interrupt, line, offset};
use oldstable::pl011::{Effects, Log, Output, Registers, TimerAction, Variant};

const RX_LINE: u8 = 1 << 1;
const TX_LINE: u8 = 1 << 2;
const RT_LINE: u8 = 1 << 3;
const ERROR_LINE: u8 = 1 << 5;

/// A row for each register: offset, value after reset, and writable bits.
const REGISTERS: [(u64, u32, u32); 16] = [
    (offset::DR, 0, 0),
    (offset::RSR, 0, 0),
    (offset::FR, flag::TXFE | flag::RXFE, 0),
    (offset::ILPR, 0, 0xff),
    (offset::IBRD, 0, 0xffff),
    (offset::FBRD, 0, 0x3f),
    (offset::LCR_H, 0, 0xff),
    (offset::CR, 0x300, 0xff87),
    (offset::IFLS, 0x12, 0x3f),
    (offset::IMSC, 0, 0x7ff),
    (offset::RIS, 0, 0),
    (offset::MIS, 0, 0),
    (offset::ICR, 0, 0),
    (offset::DMACR, 0, 7),
    (offset::ID, 0x11, 0),
    (offset::ID + 0x1c, 0xb1, 0),
];

#[test]
fn registers_have_their_reset_values() {
    for (offset, reset, _) in &REGISTERS {
        assert_eq!(get(&mut pl011(), *offset), *reset, "{:#x}", offset);
    }
}

#[test]
fn registers_keep_the_bits_that_the_manual_gives_them() {
    for (offset, reset, writable) in &REGISTERS {
        for ones in &[0, 0x5555_5555, 0xaaaa_aaaa, !0] {
            let mut uart = pl011();
            set(&mut uart, *offset, *ones);
            // Another test checks the effect of writes on FR and RIS.
            let expected = if *writable == 0 { *reset } else { ones & writable };
            assert_eq!(get(&mut uart, *offset), expected, "{:#x}", offset);
        }
    }
}

#[test]
fn reset_gives_every_register_its_first_value_again() {
    let mut uart = pl011();
    for (offset, _, _) in &REGISTERS {
        set(&mut uart, *offset, !0);
    }
    let _ = uart.reset();
    for (offset, reset, _) in &REGISTERS {
        assert_eq!(get(&mut uart, *offset), *reset, "{:#x}", offset);
    }
}

#[test]
fn the_low_two_bits_of_an_offset_do_not_count() {
    let mut uart = pl011();
    set(&mut uart, offset::IBRD + 3, 0x1234);
    for narrow in 0..4 {
        assert_eq!(get(&mut uart, offset::IBRD + narrow), 0x1234);
    }
}

#[test]
fn identity_bytes_name_the_variant() {
    for (variant, id) in &[
        (Variant::Arm, [0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1]),
        (Variant::Luminary, [0x11, 0x00, 0x18, 0x01, 0x0d, 0xf0, 0x05, 0xb1]),
    ] {
        let mut uart = Registers::new(*variant);
        let _ = uart.reset();
        for (i, byte) in id.iter().enumerate() {
            assert_eq!(get(&mut uart, offset::ID + 4 * i as u64), *byte);
        }
    }
}

#[test]
fn offsets_without_a_register_read_zero_and_are_logged() {
    let mut uart = pl011();
    for offset in &[0x08, 0x1c, 0x4c, offset::ICR, 0xfdc, 0x1000, u64::MAX] {
        let (value, effects) = uart.read(*offset);
        assert_eq!((value, effects.log), (0, Some(Log::BadRead)), "{:#x}", offset);
    }
    for offset in &[0x08, offset::RIS, offset::MIS, offset::ID, u64::MAX] {
        assert_eq!(uart.write(*offset, 1).log, Some(Log::BadWrite), "{:#x}", offset);
    }
    assert_eq!(uart.write(offset::FR, 1).log, None);
}

#[test]
fn characters_come_out_of_the_fifo_in_order() {
    let mut uart = clocked();
    give(&mut uart, b"abc");
    for byte in b"abc" {
        assert_eq!(get(&mut uart, offset::DR), u32::from(*byte));
    }
    assert_eq!(fr(&mut uart) & flag::RXFE, flag::RXFE);
}

#[test]
fn an_empty_fifo_reads_zero_and_leaves_the_status_alone() {
    let mut uart = clocked();
    let _ = uart.receive_break();
    assert_eq!(get(&mut uart, offset::DR), data::BE);
    assert_eq!(get(&mut uart, offset::DR), 0);
    assert_eq!(get(&mut uart, offset::RSR), data::BE >> 8);
}

#[test]
fn reception_needs_no_enable_bit() {
    let mut uart = pl011();
    set(&mut uart, offset::CR, 0);
    give(&mut uart, b"x");
    assert_eq!(get(&mut uart, offset::DR), u32::from(b'x'));
}

#[test]
fn the_receive_fifo_is_sixteen_deep_or_one() {
    let mut uart = pl011();
    assert_eq!(uart.can_receive(), 1);
    set(&mut uart, offset::LCR_H, line::FEN);
    assert_eq!(uart.can_receive(), 16);
    give(&mut uart, &[0; 15]);
    assert_eq!((uart.can_receive(), fr(&mut uart) & flag::RXFF), (1, 0));
    give(&mut uart, &[0]);
    assert_eq!((uart.can_receive(), fr(&mut uart) & flag::RXFF), (0, flag::RXFF));
}

#[test]
fn the_host_is_asked_to_go_on_when_a_full_fifo_has_room_again() {
    let mut uart = clocked();
    give(&mut uart, &[0; 16]);
    assert!(uart.read(offset::DR).1.accept_input);
    assert!(!uart.read(offset::DR).1.accept_input);
    give(&mut uart, &[0; 2]);
    assert!(uart.write(offset::LCR_H, 0).accept_input);
    give(&mut uart, &[0]);
    assert!(uart.reset().accept_input);
}

#[test]
fn input_to_a_stopped_machine_raises_interrupts_at_once() {
    let mut uart = clocked();
    let _ = uart.pause();
    let effects = uart.receive(b"x");
    assert_eq!((effects.levels, effects.timer), (COMBINED | RX_LINE | RT_LINE, TimerAction::Keep));
    let _ = uart.read(offset::DR);
    let _ = uart.resume();
    assert_eq!(uart.receive(b"y").timer, TimerAction::Restart);
}

#[test]
fn resuming_takes_input_and_writes_output() {
    let mut uart = clocked();
    let effects = uart.resume();
    assert_eq!((effects.accept_input, effects.output), (true, Output::Keep));
    give(&mut uart, &[0; 16]);
    set(&mut uart, offset::DR, 0);
    let effects = uart.resume();
    assert_eq!((effects.accept_input, effects.output), (false, Output::Now));
}

#[test]
fn switching_the_fifos_empties_them() {
    let mut uart = clocked();
    give(&mut uart, &[0; 16]);
    set(&mut uart, offset::LCR_H, 0);
    assert_eq!(fr(&mut uart) & (flag::RXFE | flag::RXFF), flag::RXFE);
    assert_eq!(ris(&mut uart) & (interrupt::RX | interrupt::RT), 0);
}

#[test]
fn overrun_keeps_the_fifo_and_marks_the_next_character() {
    let mut uart = clocked();
    give(&mut uart, b"0123456789abcdef");
    assert_eq!(ris(&mut uart) & interrupt::OE, 0);
    let effects = uart.receive(b"XY");
    assert_eq!(effects.changed & ERROR_LINE & effects.levels, ERROR_LINE);
    assert_eq!(ris(&mut uart) & interrupt::OE, interrupt::OE);
    assert_eq!(get(&mut uart, offset::DR), u32::from(b'0'));
    give(&mut uart, b"gh");
    for byte in b"123456789abcdef" {
        assert_eq!(get(&mut uart, offset::DR), u32::from(*byte));
    }
    assert_eq!(get(&mut uart, offset::DR), data::OE | u32::from(b'g'));
    assert_eq!(get(&mut uart, offset::RSR), data::OE >> 8);
    // The h came while the FIFO was full again.
    assert_eq!(get(&mut uart, offset::DR), 0);
}

#[test]
fn a_write_clears_the_receive_status() {
    let mut uart = clocked();
    let _ = uart.receive_break();
    let _ = uart.read(offset::DR);
    set(&mut uart, offset::RSR, 0x55);
    assert_eq!(get(&mut uart, offset::RSR), 0);
}

#[test]
fn a_break_is_one_zero_character_with_an_interrupt() {
    let mut uart = clocked();
    let effects = uart.receive_break();
    assert_eq!(effects.levels & ERROR_LINE, ERROR_LINE);
    assert_eq!(get(&mut uart, offset::DR), data::BE);
    assert_eq!(ris(&mut uart), interrupt::BE);
    set(&mut uart, offset::ICR, interrupt::BE);
    assert_eq!(ris(&mut uart), 0);
}

#[test]
fn breaks_into_a_full_fifo_never_exceed_it() {
    let mut uart = clocked();
    give(&mut uart, &[b'x'; 16]);
    for _ in 0..100 {
        let _ = uart.receive_break();
    }
    assert_eq!(uart.can_receive(), 0);
    for _ in 0..16 {
        assert_eq!(get(&mut uart, offset::DR), u32::from(b'x'));
    }
    assert_eq!(fr(&mut uart) & flag::RXFE, flag::RXFE);
}

#[test]
fn receive_interrupt_is_up_from_the_level_on() {
    for (step, level) in &[(0, 2), (1, 4), (2, 8), (3, 12), (4, 14), (5, 14), (6, 14), (7, 14)] {
        let mut uart = clocked();
        set(&mut uart, offset::IFLS, step << 3);
        for stored in 1..=16 {
            let effects = uart.receive(b"x");
            assert_eq!(effects.levels & RX_LINE != 0, stored >= *level, "{} of {}", stored, level);
        }
        for left in (0..16).rev() {
            let (_, effects) = uart.read(offset::DR);
            assert_eq!(effects.levels & RX_LINE != 0, left >= *level, "{} of {}", left, level);
        }
    }
}

#[test]
fn an_acknowledged_receive_interrupt_returns_on_new_input() {
    let mut uart = clocked();
    give(&mut uart, &[0; 9]);
    set(&mut uart, offset::ICR, interrupt::RX);
    assert_eq!(ris(&mut uart) & interrupt::RX, 0);
    give(&mut uart, &[0]);
    assert_eq!(ris(&mut uart) & interrupt::RX, interrupt::RX);
}

#[test]
fn receive_interrupt_follows_a_change_of_the_level() {
    let mut uart = clocked();
    give(&mut uart, &[0; 4]);
    let effects = uart.write(offset::IFLS, 1 << 3);
    assert_eq!(effects.levels & RX_LINE, RX_LINE);
    let effects = uart.write(offset::IFLS, 2 << 3);
    assert_eq!(effects.levels & RX_LINE, 0);
}

#[test]
fn without_fifos_one_character_is_the_level() {
    let mut uart = clocked();
    set(&mut uart, offset::LCR_H, 0);
    assert_eq!(uart.receive(b"x").levels & RX_LINE, RX_LINE);
    assert_eq!(uart.read(offset::DR).1.levels, 0);
}

#[test]
fn receive_timeout_comes_after_32_bit_times_without_a_character() {
    let mut uart = clocked();
    let effects = uart.receive(b"x");
    assert_eq!((effects.timer, effects.levels), (TimerAction::Restart, 0));
    assert_eq!(uart.timeout_ns(), 512_000);
    assert_eq!(uart.receive(b"y").timer, TimerAction::Restart);
    assert_eq!(uart.timeout().levels, COMBINED | RX_LINE | RT_LINE);
    assert_eq!(uart.read(offset::DR).1.levels, COMBINED | RX_LINE | RT_LINE);
    assert_eq!(uart.read(offset::DR).1.levels, 0);
}

#[test]
fn receive_timeout_stops_when_the_fifo_is_empty() {
    let mut uart = clocked();
    give(&mut uart, b"x");
    assert_eq!(uart.read(offset::DR).1.timer, TimerAction::Stop);
    // A timer that expires all the same does no harm.
    assert_eq!(uart.timeout(), Effects::NONE);
}

#[test]
fn receive_timeout_counts_in_the_latched_divisor() {
    let mut uart = clocked();
    set(&mut uart, offset::IBRD, 2);
    set(&mut uart, offset::FBRD, 32);
    assert_eq!(uart.timeout_ns(), 512_000);
    set(&mut uart, offset::LCR_H, line::FEN);
    assert_eq!(uart.timeout_ns(), 512_000 * 5 / 2);
}

#[test]
fn receive_timeout_is_over_at_once_without_clock_or_divisor() {
    for (hz, divisor) in &[(0, 1), (1_000_000, 0)] {
        let mut uart = pl011();
        uart.set_clock(*hz);
        set(&mut uart, offset::IBRD, *divisor);
        set(&mut uart, offset::LCR_H, line::FEN);
        set(&mut uart, offset::IMSC, !0);
        let effects = uart.receive(b"x");
        assert_eq!(effects.timer, TimerAction::Keep);
        assert_eq!(effects.levels, COMBINED | RX_LINE | RT_LINE);
    }
}

#[test]
fn rx_or_rt_alone_delivers_every_byte() {
    for mask in &[interrupt::RX, interrupt::RT] {
        let mut uart = pl011();
        set(&mut uart, offset::LCR_H, line::FEN);
        set(&mut uart, offset::IMSC, *mask);
        for sent in 0..100 {
            assert_eq!(uart.receive(&[sent]).levels & COMBINED, COMBINED);
            assert_eq!(get(&mut uart, offset::DR), sent.into());
        }
    }
}

#[test]
fn characters_left_after_icr_come_back_with_the_timeout() {
    for hz in &[0, 1_000_000] {
        let mut uart = clocked();
        uart.set_clock(*hz);
        give(&mut uart, b"xy");
        let _ = uart.timeout();
        let effects = uart.write(offset::ICR, interrupt::RX | interrupt::RT);
        assert_eq!((effects.timer, effects.levels), (TimerAction::Restart, 0));
        assert!(uart.timeout_ns() > 0);
        // Repeated acknowledgement does not delay it.
        assert_eq!(uart.write(offset::ICR, !0).timer, TimerAction::Keep);
        assert_eq!(uart.timeout().levels, COMBINED | RX_LINE | RT_LINE);
    }
}

#[test]
fn masked_interrupts_show_in_ris_alone() {
    let mut uart = clocked();
    set(&mut uart, offset::IMSC, interrupt::RX);
    give(&mut uart, b"x");
    let effects = uart.timeout();
    assert_eq!(effects.levels, COMBINED | RX_LINE);
    assert_eq!(ris(&mut uart), interrupt::RX | interrupt::RT);
    assert_eq!(get(&mut uart, offset::MIS), interrupt::RX);
    let effects = uart.write(offset::IMSC, 0);
    assert_eq!((effects.changed, effects.levels), (COMBINED | RX_LINE, 0));
}

#[test]
fn icr_clears_what_is_written_as_one() {
    let mut uart = clocked();
    let _ = uart.receive_break();
    set(&mut uart, offset::DR, 0);
    set(&mut uart, offset::ICR, interrupt::TX);
    assert_eq!(ris(&mut uart), interrupt::BE);
}

#[test]
fn dma_is_stored_and_logged_as_unimplemented() {
    let mut uart = pl011();
    for value in 0..8 {
        let logged = uart.write(offset::DMACR, value).log;
        assert_eq!(logged, if value & 3 == 0 { None } else { Some(Log::Dma) });
        assert_eq!(get(&mut uart, offset::DMACR), value);
    }
    assert!(Log::Dma.is_unimplemented() && !Log::BadRead.is_unimplemented());
}

#[test]
fn reset_lowers_every_line() {
    let mut uart = clocked();
    give(&mut uart, b"x");
    let _ = uart.receive_break();
    let up = uart.timeout().levels;
    let effects = uart.reset();
    assert_eq!((effects.changed, effects.levels, effects.timer), (up, 0, TimerAction::Keep));
}

#[test]
fn reset_stops_the_timeout() {
    let mut uart = clocked();
    give(&mut uart, b"x");
    assert_eq!(uart.reset().timer, TimerAction::Stop);
}

#[test]
fn lines_are_reported_when_they_change() {
    let mut uart = clocked();
    assert_eq!(uart.write(offset::DR, 0).changed, COMBINED | TX_LINE);
    assert_eq!(uart.write(offset::DR, 0).changed, 0);
    assert_eq!(uart.write(offset::ICR, !0).changed, COMBINED | TX_LINE);
}

#[test]
fn a_pause_raises_what_still_waits_for_its_timeout() {
    let mut uart = clocked();
    give(&mut uart, b"x");
    let effects = uart.pause();
    assert_eq!((effects.levels, effects.timer), (COMBINED | RX_LINE | RT_LINE, TimerAction::Stop));
    let effects = uart.resume();
    assert_eq!((effects.changed, effects.levels), (0x3f, COMBINED | RX_LINE | RT_LINE));
}
