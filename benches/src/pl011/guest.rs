// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Guests without an operating system for the 64-bit virt board, which measure themselves.
//! A guest reads its processor's counter before and after an operation, so that neither the start of QEMU nor that of
//! the board is in a figure. It writes its figures into a file of the host by semihosting, and powers the machine off.

use anyhow::{Context, Result};
use dynasmrt::aarch64::Aarch64Relocation;
use dynasmrt::{dynasm, DynasmApi, DynasmLabelApi, VecAssembler};
use std::path::Path;

/// The frequency of the counter.
pub const COUNTER_HZ: f64 = 62_500_000.0;

/// The number of figures of a register's measurement, and the accesses in each.
pub const ROUNDS: u32 = 1_000;
pub const ACCESSES: u32 = 1_000;

/// Registers of the PL011.
pub const DR: u32 = 0x00;
pub const FR: u32 = 0x18;
pub const IBRD: u32 = 0x24;
pub const LCR_H: u32 = 0x2c;
pub const CR: u32 = 0x30;
pub const IMSC: u32 = 0x38;
pub const RIS: u32 = 0x3c;
pub const ICR: u32 = 0x44;

/// CNTVCT_EL0, without the upper bit of its op0, which is always set.
const COUNTER: u32 = 0x5f02;

const TXFF_BIT: u32 = 5;
const RXFE_BIT: u32 = 4;

/// A kind of access to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read(u32),
    Write(u32, u32),
}

/// An image under construction. While it runs, x19 is the PL011 and x20 the next place for a figure.
struct Image {
    ops: VecAssembler<Aarch64Relocation>,
}

impl Image {
    /// Switches the PL011 on: 8 bits, FIFOs, transmitter and receiver.
    fn new() -> Image {
        let mut ops = VecAssembler::new(0);
        dynasm!(ops
            ; .arch aarch64
            ; ->start:
            ; movz x19, 0x900, lsl 16
            ; adr x20, ->start
            ; add x20, x20, 0x100, lsl 12
            ; mov x21, x20
            ; movz w0, 0x70
            ; str w0, [x19, LCR_H]
            ; movz w0, 0x301
            ; str w0, [x19, CR]
        );
        Image { ops }
    }

    /// Puts the counter into x22.
    fn begin(&mut self) {
        dynasm!(self.ops
            ; .arch aarch64
            ; isb
            ; mrs x22, COUNTER
        );
    }

    /// Stores the counts since `begin` as a figure of 32 bits.
    fn end(&mut self) {
        dynasm!(self.ops
            ; .arch aarch64
            ; isb
            ; mrs x23, COUNTER
            ; sub x23, x23, x22
            ; str w23, [x20], 4
        );
    }

    // The assembler's macro converts it.
    #[allow(clippy::useless_conversion)]
    fn set(&mut self, register: u8, value: u32) {
        dynasm!(self.ops
            ; .arch aarch64
            ; movz W(register), value & 0xffff
            ; movk W(register), value >> 16, lsl 16
        );
    }

    /// Writes the figures into the file, ends the machine, and returns the image.
    fn finish(mut self, figures: &Path) -> Result<Vec<u8>> {
        let name = figures.to_str().context("the temporary folder's name is not UTF-8")?;
        let (opened_to_write, length) = (5, name.len() as u64);
        dynasm!(self.ops
            ; .arch aarch64
            // SYS_OPEN, SYS_WRITE and SYS_CLOSE, each with a block of arguments in memory.
            ; adr x1, ->open
            ; adr x2, ->name
            ; str x2, [x1]
            ; movz w0, 1
            ; hlt 0xf000
            ; adr x1, ->write
            ; str x0, [x1]
            ; str x21, [x1, 8]
            ; sub x2, x20, x21
            ; str x2, [x1, 16]
            ; movz w0, 5
            ; hlt 0xf000
            ; adr x1, ->write
            ; movz w0, 2
            ; hlt 0xf000
            // PSCI's SYSTEM_OFF.
            ; movz w0, 0x8400, lsl 16
            ; movk w0, 8
            ; hvc 0
            ; .align 8
            ; ->open:
            ; .u64 0
            ; .u64 opened_to_write
            ; .u64 length
            ; ->write:
            ; .u64 0
            ; .u64 0
            ; .u64 0
            ; ->name:
            ; .bytes name.as_bytes()
            ; .u8 0
        );
        self.ops.finalize().context("the guest cannot be assembled")
    }
}

/// Assembles a guest that makes each access a million times, with `ROUNDS` figures per access.
pub fn accesses(accesses: &[Access], figures: &Path) -> Result<Vec<u8>> {
    let mut image = Image::new();
    for access in accesses {
        image.set(4, ROUNDS);
        dynasm!(image.ops ; .arch aarch64 ; round:);
        image.set(2, ACCESSES);
        if let Access::Write(_, value) = access {
            image.set(3, *value);
        }
        image.begin();
        dynasm!(image.ops ; .arch aarch64 ; access:);
        match *access {
            Access::Read(register) => dynasm!(image.ops ; .arch aarch64 ; ldr w3, [x19, register]),
            Access::Write(register, _) => {
                dynasm!(image.ops ; .arch aarch64 ; str w3, [x19, register])
            }
        }
        dynasm!(image.ops
            ; .arch aarch64
            ; subs w2, w2, 1
            ; b.ne <access
        );
        image.end();
        dynasm!(image.ops
            ; .arch aarch64
            ; subs w4, w4, 1
            ; b.ne <round
        );
    }
    image.finish(figures)
}

/// Assembles a guest that prints so many bytes like a driver, each when FR shows free space. The bytes count up. There
/// is one figure for all of them. The guest may wait for an answer before it ends.
pub fn printer(bytes: u32, waits: bool, figures: &Path) -> Result<Vec<u8>> {
    let mut image = Image::new();
    image.set(2, bytes);
    image.set(3, 0);
    image.begin();
    dynasm!(image.ops
        ; .arch aarch64
        ; next:
        ; ldr w4, [x19, FR]
        ; tbnz w4, TXFF_BIT, <next
        ; str w3, [x19, DR]
        ; add w3, w3, 1
        ; cmp w3, w2
        ; b.ne <next
    );
    image.end();
    if waits {
        dynasm!(image.ops
            ; .arch aarch64
            ; wait:
            ; ldr w4, [x19, FR]
            ; tbnz w4, RXFE_BIT, <wait
        );
    }
    image.finish(figures)
}

/// The number of bytes that [`bystander`] tries to print in each round.
pub const PRINTED: u32 = 1_000;

/// Assembles a guest that prints as much as FR allows, and reads the board's clock (a PL031) in between, with `ROUNDS`
/// figures for both together.
pub fn bystander(figures: &Path) -> Result<Vec<u8>> {
    let mut image = Image::new();
    dynasm!(image.ops ; .arch aarch64 ; movz x24, 0x901, lsl 16);
    image.set(5, ROUNDS);
    dynasm!(image.ops ; .arch aarch64 ; round:);
    image.set(2, PRINTED);
    dynasm!(image.ops
        ; .arch aarch64
        ; print:
        ; ldr w4, [x19, FR]
        ; tbnz w4, TXFF_BIT, >full
        ; str w2, [x19, DR]
        ; full:
        ; subs w2, w2, 1
        ; b.ne <print
    );
    image.set(2, ACCESSES);
    image.begin();
    dynasm!(image.ops
        ; .arch aarch64
        ; read:
        ; ldr w3, [x24]
        ; subs w2, w2, 1
        ; b.ne <read
    );
    image.end();
    dynasm!(image.ops
        ; .arch aarch64
        ; subs w5, w5, 1
        ; b.ne <round
    );
    image.finish(figures)
}

/// The first output of [`echo`].
pub const PROMPT: u8 = b'>';
/// Its last output.
pub const END: u8 = 4;

/// Assembles a guest that prompts, sleeps until a byte arrives, and sends it back.
pub fn echo(figures: &Path) -> Result<Vec<u8>> {
    let mut image = Image::new();
    dynasm!(image.ops
        ; .arch aarch64
        // The GICv2: both halves enabled, and the PL011's interrupt, the 33rd.
        ; movz x24, 0x800, lsl 16
        ; movz x25, 0x801, lsl 16
        ; movz w0, 1
        ; str w0, [x24]
        ; str w0, [x25]
        ; movz w0, 0xff
        ; str w0, [x25, 4]
        ; movz w0, 2
        ; str w0, [x24, 0x104]
        // RX and RT.
        ; movz w0, 0x50
        ; str w0, [x19, IMSC]
        ; movz w0, PROMPT.into()
        ; str w0, [x19, DR]
        ; sleep:
        ; wfi
        ; ldr w5, [x25, 0xc]
        ; read:
        ; ldr w4, [x19, FR]
        ; tbnz w4, RXFE_BIT, >empty
        ; ldr w3, [x19, DR]
        ; str w3, [x19, DR]
        ; cmp w3, END.into()
        ; b.eq >end
        ; b <read
        ; empty:
        ; str w5, [x25, 0x10]
        ; b <sleep
        ; end:
    );
    image.finish(figures)
}

/// Assembles a guest that prompts and reads so many bytes, which count up, as fast as they arrive. There is one figure
/// for all after the first, and none if a byte is wrong.
pub fn reader(bytes: u32, figures: &Path) -> Result<Vec<u8>> {
    let mut image = Image::new();
    image.set(2, bytes);
    image.set(5, 0);
    dynasm!(image.ops
        ; .arch aarch64
        ; movz w0, PROMPT.into()
        ; str w0, [x19, DR]
        ; first:
        ; ldr w4, [x19, FR]
        ; tbnz w4, RXFE_BIT, <first
    );
    image.begin();
    dynasm!(image.ops
        ; .arch aarch64
        ; next:
        ; ldr w4, [x19, FR]
        ; tbnz w4, RXFE_BIT, <next
        ; ldr w3, [x19, DR]
        ; cmp w3, w5, uxtb
        ; b.ne >wrong
        ; add w5, w5, 1
        ; cmp w5, w2
        ; b.ne <next
    );
    image.end();
    dynasm!(image.ops ; .arch aarch64 ; wrong:);
    image.finish(figures)
}
