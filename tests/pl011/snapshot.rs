// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's saved state.

use crate::uart::{pl011, set};
use oldstable::pl011::registers::{control, data, flag, interrupt, line, offset};
use oldstable::pl011::{LoadError, Output, Registers, Snapshot, TimerAction, Unsent, WAITING};

fn loaded(snapshot: &Snapshot) -> Registers {
    let mut uart = pl011();
    uart.load(snapshot, &Unsent::default()).unwrap();
    uart
}

#[test]
fn registers_come_back_from_a_snapshot() {
    let mut uart = pl011();
    let values = [
        (offset::ILPR, 0x12),
        (offset::IBRD, 0x3456),
        (offset::FBRD, 0x17),
        (offset::LCR_H, line::FEN),
        (offset::CR, control::LBE | control::RTS | control::UARTEN),
        (offset::IFLS, 0x0b),
        (offset::IMSC, 0x155),
        (offset::DMACR, 4),
    ];
    for (offset, value) in &values {
        set(&mut uart, *offset, *value);
    }
    set(&mut uart, offset::DR, 0x61);
    let saved = uart.save();
    let mut copy = loaded(&saved);
    for (offset, value) in &values {
        assert_eq!(copy.read(*offset).0, *value, "{:#x}", offset);
    }
    assert_eq!(copy.read(offset::FR).0 & (flag::CTS | flag::RXFE), flag::CTS);
    assert_eq!(copy.read(offset::DR).0, 0x61);
    assert_eq!(saved, loaded(&saved).save());
}

#[test]
fn nothing_received_is_saved_without_an_interrupt() {
    assert_eq!(pl011().save().int_level, 0);
}

#[test]
fn a_timeout_of_another_life_does_not_run_out() {
    let mut uart = pl011();
    uart.set_clock(1_000_000);
    set(&mut uart, offset::IBRD, 1);
    set(&mut uart, offset::LCR_H, line::FEN);
    assert_eq!(uart.receive(b"x").timer, TimerAction::Restart);
    uart.load(&pl011().save(), &Unsent::default()).unwrap();
    let _ = uart.timeout();
    assert_eq!(uart.read(offset::RIS).0, 0);
}

#[test]
fn waiting_characters_are_saved_with_their_interrupt() {
    let mut uart = pl011();
    uart.set_clock(1_000_000);
    set(&mut uart, offset::IBRD, 1);
    set(&mut uart, offset::LCR_H, line::FEN);
    let _ = uart.receive(b"abc");
    assert_eq!(uart.read(offset::RIS).0, 0);
    let saved = uart.save();
    assert_eq!(saved.int_level, interrupt::RX);
    assert_eq!((saved.read_pos, saved.read_count, saved.read_trigger), (0, 3, 1));
    assert_eq!(saved.read_fifo[..4], [0x61, 0x62, 0x63, 0]);
}

#[test]
fn the_receive_timeout_is_not_saved() {
    let mut uart = pl011();
    let _ = uart.receive(b"x");
    assert_eq!(uart.read(offset::RIS).0, interrupt::RX | interrupt::RT);
    assert_eq!(uart.save().int_level, interrupt::RX);
}

#[test]
fn a_fifo_that_wrapped_is_saved_from_its_first_place() {
    let mut uart = pl011();
    set(&mut uart, offset::LCR_H, line::FEN);
    for byte in 0..20 {
        let _ = uart.receive(&[byte]);
        if byte < 10 {
            let _ = uart.read(offset::DR);
        }
    }
    let saved = uart.save();
    assert_eq!((saved.read_pos, saved.read_count), (0, 10));
    assert_eq!(saved.read_fifo[..10], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
}

#[test]
fn a_lost_wake_up_of_the_c_model_is_found_again() {
    // A character came before the guest's ICR: the C model would stay silent.
    let mut from_c = pl011().save();
    from_c.lcr = line::FEN;
    from_c.int_enabled = interrupt::RX;
    from_c.read_count = 1;
    let effects = loaded(&from_c).resume();
    assert_eq!(effects.levels, 0b11);
}

#[test]
fn a_loaded_timeout_runs_at_the_loaded_rate() {
    let mut from_c = pl011().save();
    from_c.lcr = line::FEN;
    from_c.ibrd = 1;
    from_c.read_count = 1;
    let mut uart = pl011();
    uart.set_clock(1_000_000);
    uart.load(&from_c, &Unsent::default()).unwrap();
    assert_eq!(uart.resume().timer, TimerAction::Restart);
    assert_eq!(uart.timeout_ns(), 512_000);
}

#[test]
fn every_position_of_the_c_models_fifo_loads() {
    for position in 0..16 {
        for count in 0..=16 {
            let mut from_c = pl011().save();
            from_c.lcr = line::FEN;
            from_c.read_pos = position;
            from_c.read_count = count;
            for i in 0..16 {
                from_c.read_fifo[i] = i as u32;
            }
            let mut uart = loaded(&from_c);
            for i in 0..count {
                assert_eq!(uart.read(offset::DR).0, ((position + i) % 16) as u32);
            }
            assert_eq!(uart.read(offset::FR).0 & flag::RXFE, flag::RXFE);
        }
    }
}

#[test]
fn a_stream_without_fifos_may_hold_its_character_anywhere() {
    // QEMU 5.2 and 7.2 advance in the FIFO even when its depth is one.
    let mut from_c = pl011().save();
    from_c.read_pos = 11;
    from_c.read_count = 1;
    from_c.read_fifo[11] = 0x61;
    assert_eq!(loaded(&from_c).read(offset::DR).0, 0x61);
}

#[test]
fn more_characters_than_the_fifo_takes_are_an_overrun() {
    let mut from_c = pl011().save();
    from_c.read_count = 2;
    from_c.read_fifo[0] = 0x61;
    from_c.read_fifo[1] = data::BE;
    let mut uart = loaded(&from_c);
    assert_eq!(uart.read(offset::DR).0, 0x61);
    let _ = uart.receive(b"b");
    assert_eq!(uart.read(offset::DR).0, data::OE | 0x62);
}

#[test]
fn indices_and_counts_outside_the_fifo_are_refused() {
    let outside = [i32::MIN, -1, 17, 1000, i32::MAX];
    for number in outside.iter().chain(&[16]) {
        let mut bad = pl011().save();
        bad.read_pos = *number;
        let error = pl011().load(&bad, &Unsent::default()).unwrap_err();
        assert_eq!(error, LoadError::ReadPosition(*number));
        assert!(error.to_string().contains(&number.to_string()));
    }
    for number in &outside {
        let mut bad = pl011().save();
        bad.read_count = *number;
        let error = pl011().load(&bad, &Unsent::default()).unwrap_err();
        assert_eq!(error, LoadError::ReadCount(*number));
        assert!(error.to_string().contains(&number.to_string()));
    }
}

#[test]
fn a_refused_stream_changes_nothing() {
    let mut uart = pl011();
    set(&mut uart, offset::IMSC, 0x7ff);
    let before = uart.save();
    let bad = Snapshot { read_count: -1, ..Snapshot::default() };
    assert!(uart.load(&bad, &Unsent::default()).is_err());
    assert_eq!(uart.save(), before);
}

#[test]
fn bits_that_a_register_does_not_have_are_dropped() {
    let ones = Snapshot {
        flags: !0,
        lcr: !0,
        rsr: !0,
        cr: !0,
        dmacr: !0,
        int_enabled: !0,
        int_level: !0,
        read_fifo: [!0; 16],
        ilpr: !0,
        ibrd: !0,
        fbrd: !0,
        ifl: !0,
        read_pos: 15,
        read_count: 16,
        read_trigger: -1,
    };
    let mut uart = loaded(&ones);
    for (offset, value) in &[
        (offset::RSR, 0xf),
        (offset::ILPR, 0xff),
        (offset::IBRD, 0xffff),
        (offset::FBRD, 0x3f),
        (offset::LCR_H, 0xff),
        (offset::CR, 0xff87),
        (offset::IFLS, 0x3f),
        (offset::IMSC, 0x7ff),
        (offset::RIS, 0x7ff & !interrupt::RT),
        (offset::DMACR, 7),
        (offset::DR, 0xfff),
    ] {
        assert_eq!(uart.read(*offset).0, *value, "{:#x}", offset);
    }
}

#[test]
fn an_empty_fifo_is_loaded_without_its_interrupt() {
    // QEMU 5.2 and 7.2 keep it raised when FEN changes.
    let mut from_c = pl011().save();
    from_c.int_level = interrupt::RX | interrupt::RT | interrupt::TX;
    assert_eq!(loaded(&from_c).read(offset::RIS).0, interrupt::TX);
}

#[test]
fn a_break_that_was_on_is_sent_again_after_loading() {
    let mut from_c = pl011().save();
    from_c.lcr = line::BRK;
    assert_eq!(loaded(&from_c).resume().break_out, Some(true));
    assert_eq!(pl011().resume().break_out, None);
}

#[test]
fn unsent_output_travels_apart_and_is_written_first() {
    let mut uart = pl011();
    set(&mut uart, offset::LCR_H, line::FEN);
    for i in 0..WAITING {
        set(&mut uart, offset::DR, i as u32);
    }
    let _ = uart.output_taken(100);
    for i in WAITING..WAITING + 50 {
        set(&mut uart, offset::DR, i as u32);
    }
    let unsent = uart.save_unsent();
    assert_eq!(unsent.len as usize, WAITING - 50);
    let mut copy = pl011();
    copy.load(&uart.save(), &unsent).unwrap();
    assert_eq!(copy.resume().output, Output::Now);
    for i in 100..WAITING + 50 {
        assert_eq!(copy.output()[0], i as u8);
        let _ = copy.output_taken(1);
    }
    assert!(copy.output().is_empty());
}

#[test]
fn a_full_fifo_is_loaded_without_the_transmit_interrupt() {
    let unsent = Unsent { len: WAITING as u32, ..Unsent::default() };
    let mut stream = pl011().save();
    stream.int_level = interrupt::TX;
    let mut uart = pl011();
    uart.load(&stream, &unsent).unwrap();
    assert_eq!(uart.read(offset::RIS).0, 0);
}

#[test]
fn loading_forgets_what_another_life_had_not_sent() {
    let mut uart = pl011();
    set(&mut uart, offset::DR, 0);
    let fresh = pl011().save();
    uart.load(&fresh, &Unsent::default()).unwrap();
    assert!(uart.output().is_empty());
}

#[test]
fn more_unsent_bytes_than_can_be_are_refused() {
    for len in &[WAITING as u32 + 1, u32::MAX] {
        let unsent = Unsent { len: *len, ..Unsent::default() };
        let error = pl011().load(&pl011().save(), &unsent).unwrap_err();
        assert_eq!(error, LoadError::Unsent(*len));
        assert!(error.to_string().contains(&len.to_string()));
    }
}
