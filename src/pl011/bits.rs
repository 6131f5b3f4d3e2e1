// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's registers and their bits.

/// Register offsets.
pub mod offset {
    /// Data.
    pub const DR: u64 = 0x00;
    /// Receive status; a write clears it.
    pub const RSR: u64 = 0x04;
    /// Flags.
    pub const FR: u64 = 0x18;
    /// IrDA low-power counter.
    pub const ILPR: u64 = 0x20;
    /// Integer part of the divisor.
    pub const IBRD: u64 = 0x24;
    /// Fractional part of the divisor, in 64ths.
    pub const FBRD: u64 = 0x28;
    /// Line control.
    pub const LCR_H: u64 = 0x2c;
    /// Control.
    pub const CR: u64 = 0x30;
    /// FIFO levels that raise interrupts.
    pub const IFLS: u64 = 0x34;
    /// Interrupt mask.
    pub const IMSC: u64 = 0x38;
    /// Interrupts before the mask.
    pub const RIS: u64 = 0x3c;
    /// Interrupts after the mask.
    pub const MIS: u64 = 0x40;
    /// Write 1 to clear an interrupt.
    pub const ICR: u64 = 0x44;
    /// DMA control.
    pub const DMACR: u64 = 0x48;
    /// The first of eight registers that each hold one byte of the device's identity.
    pub const ID: u64 = 0xfe0;
}

/// Bits of DR above the character.
pub mod data {
    /// Framing error.
    pub const FE: u32 = 1 << 8;
    /// Parity error.
    pub const PE: u32 = 1 << 9;
    /// Break.
    pub const BE: u32 = 1 << 10;
    /// Characters were lost before this one.
    pub const OE: u32 = 1 << 11;
}

/// Bits of FR.
pub mod flag {
    /// Clear to send.
    pub const CTS: u32 = 1 << 0;
    /// Data set ready.
    pub const DSR: u32 = 1 << 1;
    /// Data carrier detect.
    pub const DCD: u32 = 1 << 2;
    /// Sending.
    pub const BUSY: u32 = 1 << 3;
    /// Receive FIFO empty.
    pub const RXFE: u32 = 1 << 4;
    /// Transmit FIFO full.
    pub const TXFF: u32 = 1 << 5;
    /// Receive FIFO full.
    pub const RXFF: u32 = 1 << 6;
    /// Transmit FIFO empty.
    pub const TXFE: u32 = 1 << 7;
    /// Ring.
    pub const RI: u32 = 1 << 8;
}

/// Bits of LCR_H that have an effect here.
pub mod line {
    /// Send a break.
    pub const BRK: u32 = 1 << 0;
    /// Use the FIFOs.
    pub const FEN: u32 = 1 << 4;
}

/// Bits of CR that have an effect here.
pub mod control {
    /// UART on.
    pub const UARTEN: u32 = 1 << 0;
    /// Loopback.
    pub const LBE: u32 = 1 << 7;
    /// Transmitter on.
    pub const TXE: u32 = 1 << 8;
    /// Receiver on.
    pub const RXE: u32 = 1 << 9;
    /// Data terminal ready.
    pub const DTR: u32 = 1 << 10;
    /// Request to send.
    pub const RTS: u32 = 1 << 11;
    /// Out1.
    pub const OUT1: u32 = 1 << 12;
    /// Out2.
    pub const OUT2: u32 = 1 << 13;
}

/// Bits of IMSC, RIS, MIS and ICR.
pub mod interrupt {
    /// Ring changed.
    pub const RI: u32 = 1 << 0;
    /// Clear to send changed.
    pub const CTS: u32 = 1 << 1;
    /// Data carrier detect changed.
    pub const DCD: u32 = 1 << 2;
    /// Data set ready changed.
    pub const DSR: u32 = 1 << 3;
    /// Receive FIFO at its level.
    pub const RX: u32 = 1 << 4;
    /// Transmit FIFO fell to its level.
    pub const TX: u32 = 1 << 5;
    /// Receive timeout.
    pub const RT: u32 = 1 << 6;
    /// Framing error.
    pub const FE: u32 = 1 << 7;
    /// Parity error.
    pub const PE: u32 = 1 << 8;
    /// Break.
    pub const BE: u32 = 1 << 9;
    /// Overrun.
    pub const OE: u32 = 1 << 10;

    /// The interrupts of each of the six outputs.
    pub(in crate::pl011) const LINES: [u32; 6] = [0x7ff, RX, TX, RT, RI | CTS | DCD | DSR, FE | PE | BE | OE];
}

/// The bits that each register has in the manual. The others read as 0.
pub(super) mod mask {
    pub const ILPR: u32 = 0xff;
    pub const IBRD: u32 = 0xffff;
    pub const FBRD: u32 = 0x3f;
    pub const LCR_H: u32 = 0xff;
    pub const CR: u32 = 0xff87;
    pub const IFLS: u32 = 0x3f;
    pub const INTERRUPTS: u32 = 0x7ff;
    pub const DMACR: u32 = 0x7;
    pub const RSR: u32 = 0xf;
    pub const DATA: u16 = 0xfff;
}
