// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The few A64 instructions of the bare-metal guest, as instruction words.
//!
//! Encodings are those of the Arm Architecture Reference Manual, section C4.1. Offsets of branches and
//! addresses count instructions, backwards when negative.

/// A general register, x0 to x30 or its lower half.
pub type Reg = u32;

/// `movz xD, #value, lsl #(16 * half)`
pub fn movz(d: Reg, value: u16, half: u32) -> u32 {
    0xd280_0000 | half << 21 | u32::from(value) << 5 | d
}

/// `movk xD, #value, lsl #(16 * half)`
pub fn movk(d: Reg, value: u16, half: u32) -> u32 {
    0xf280_0000 | half << 21 | u32::from(value) << 5 | d
}

/// `adr xD, .+4*words`
pub fn adr(d: Reg, words: i32) -> u32 {
    0x1000_0000 | (words as u32 & 0x7_ffff) << 5 | d
}

/// `ldrb wT, [xN], #1`
pub fn ldrb_next(t: Reg, n: Reg) -> u32 {
    0x3840_0400 | 1 << 12 | n << 5 | t
}

/// `ldr wT, [xN, #offset]`
pub fn ldr(t: Reg, n: Reg, offset: u32) -> u32 {
    0xb940_0000 | (offset / 4) << 10 | n << 5 | t
}

/// `str wT, [xN, #offset]`
pub fn str(t: Reg, n: Reg, offset: u32) -> u32 {
    0xb900_0000 | (offset / 4) << 10 | n << 5 | t
}

/// `and wD, wN, #0xff`
pub fn and_byte(d: Reg, n: Reg) -> u32 {
    0x1200_1c00 | n << 5 | d
}

/// `eor wD, wN, wM`
pub fn eor(d: Reg, n: Reg, m: Reg) -> u32 {
    0x4a00_0000 | m << 16 | n << 5 | d
}

/// `lsr wD, wN, #shift`
pub fn lsr(d: Reg, n: Reg, shift: u32) -> u32 {
    0x5300_7c00 | shift << 16 | n << 5 | d
}

/// `add wD, wN, #value`
pub fn add(d: Reg, n: Reg, value: u32) -> u32 {
    0x1100_0000 | value << 10 | n << 5 | d
}

/// `cmp wN, wM`
pub fn cmp_reg(n: Reg, m: Reg) -> u32 {
    0x6b00_001f | m << 16 | n << 5
}

/// `cmp wN, #value`
pub fn cmp(n: Reg, value: u32) -> u32 {
    0x7100_001f | value << 10 | n << 5
}

/// `cbz wT, .+4*words`
pub fn cbz(t: Reg, words: i32) -> u32 {
    0x3400_0000 | (words as u32 & 0x7_ffff) << 5 | t
}

/// `tbnz wT, #bit, .+4*words`
pub fn tbnz(t: Reg, bit: u32, words: i32) -> u32 {
    0x3700_0000 | bit << 19 | (words as u32 & 0x3fff) << 5 | t
}

/// `b.eq .+4*words`
pub fn b_eq(words: i32) -> u32 {
    0x5400_0000 | (words as u32 & 0x7_ffff) << 5
}

/// `b.ne .+4*words`
pub fn b_ne(words: i32) -> u32 {
    0x5400_0001 | (words as u32 & 0x7_ffff) << 5
}

/// `b .+4*words`
pub fn b(words: i32) -> u32 {
    0x1400_0000 | (words as u32 & 0x3ff_ffff)
}

/// `hvc #0`
pub fn hvc() -> u32 {
    0xd400_0002
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words on the right are LLVM's encodings of the same lines.
    #[test]
    fn words_are_those_of_an_assembler() {
        assert_eq!(movz(1, 0x0900, 1), 0xd2a1_2001);
        assert_eq!(movk(0, 8, 0), 0xf280_0100);
        assert_eq!(adr(2, 3), 0x1000_0062);
        assert_eq!(ldrb_next(3, 2), 0x3840_1443);
        assert_eq!(ldr(4, 1, 0x18), 0xb940_1824);
        assert_eq!(str(3, 1, 0), 0xb900_0023);
        assert_eq!(and_byte(3, 3), 0x1200_1c63);
        assert_eq!(eor(4, 4, 3), 0x4a03_0084);
        assert_eq!(lsr(4, 3, 8), 0x5308_7c64);
        assert_eq!(add(3, 3, 1), 0x1100_0463);
        assert_eq!(cmp_reg(3, 2), 0x6b02_007f);
        assert_eq!(b_ne(-8), 0x54ff_ff01);
        assert_eq!(cmp(3, 4), 0x7100_107f);
        assert_eq!(cbz(3, 5), 0x3400_00a3);
        assert_eq!(tbnz(4, 5, -1), 0x372f_ffe4);
        assert_eq!(b_eq(3), 0x5400_0060);
        assert_eq!(b(-5), 0x17ff_fffb);
        assert_eq!(hvc(), 0xd400_0002);
    }
}
