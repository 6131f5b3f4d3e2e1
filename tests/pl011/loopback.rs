// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011 in loopback: data, breaks and modem lines.

use crate::uart::*;
use oldstable::pl011::registers::{control, data, flag, interrupt, line, offset};

const MODEM_LINE: u8 = 1 << 4;

#[test]
fn loopback_returns_data_and_breaks_and_drops_the_host() {
    let mut uart = clocked();
    set(&mut uart, offset::CR, control::LBE);
    give(&mut uart, b"host");
    let _ = uart.receive_break();
    set(&mut uart, offset::DR, 0x5a);
    let effects = uart.write(offset::LCR_H, line::FEN | line::BRK);
    assert_eq!(effects.break_out, Some(true));
    assert_eq!(get(&mut uart, offset::DR), 0x5a);
    assert_eq!(get(&mut uart, offset::DR), data::BE);
    assert_eq!(fr(&mut uart) & flag::RXFE, flag::RXFE);
    assert_eq!(uart.output(), [0x5a]);
}

#[test]
fn a_loopback_break_enters_the_fifo_enabled_by_the_same_write() {
    let mut uart = pl011();
    set(&mut uart, offset::CR, control::LBE);
    set(&mut uart, offset::LCR_H, line::FEN | line::BRK);
    assert_eq!((uart.can_receive(), fr(&mut uart) & flag::RXFF), (15, 0));
}

#[test]
fn looped_back_bytes_overrun_a_full_fifo() {
    let mut uart = clocked();
    set(&mut uart, offset::CR, control::LBE);
    for _ in 0..17 {
        set(&mut uart, offset::DR, 0);
    }
    assert_eq!(uart.can_receive(), 0);
    assert_eq!(ris(&mut uart) & interrupt::OE, interrupt::OE);
}

#[test]
fn modem_outputs_return_in_loopback() {
    for (output, input, raised) in &[
        (control::RTS, flag::CTS, interrupt::CTS),
        (control::DTR, flag::DSR, interrupt::DSR),
        (control::OUT1, flag::DCD, interrupt::DCD),
        (control::OUT2, flag::RI, interrupt::RI),
    ] {
        let modem = flag::CTS | flag::DSR | flag::DCD | flag::RI;
        let mut uart = clocked();
        set(&mut uart, offset::CR, *output);
        assert_eq!((fr(&mut uart) & modem, ris(&mut uart)), (0, 0));
        let effects = uart.write(offset::CR, control::LBE | output);
        assert_eq!(effects.levels, COMBINED | MODEM_LINE);
        assert_eq!((fr(&mut uart) & modem, ris(&mut uart)), (*input, *raised));
        // The interrupt is raised on a change, so the same write does not raise it again.
        set(&mut uart, offset::ICR, !0);
        set(&mut uart, offset::CR, control::LBE | output);
        assert_eq!(ris(&mut uart), 0);
        set(&mut uart, offset::CR, control::LBE);
        assert_eq!((fr(&mut uart) & modem, ris(&mut uart)), (0, *raised));
        // Leaving loopback is a change as well.
        set(&mut uart, offset::CR, control::LBE | output);
        set(&mut uart, offset::ICR, !0);
        set(&mut uart, offset::CR, *output);
        assert_eq!((fr(&mut uart) & modem, ris(&mut uart)), (0, *raised));
    }
}
