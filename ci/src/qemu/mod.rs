// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The additions for cells with a QEMU: the emulator, the guests, and the object that is plugged in.

pub mod a64;
pub mod bare_metal;
pub mod boards;
pub mod console;
pub mod echo;
pub mod edk2;
pub mod emulator;
pub mod flood;
pub mod guests;
pub mod harness;
pub mod images;
pub mod initrd;
pub mod linux;
pub mod login;
pub mod machine;
pub mod migration;
pub mod monitor;
pub mod object;
pub mod program;
pub mod reconnect;
pub mod replay;
pub mod shell;
pub mod slow_reader;
pub mod snapshot;
pub mod socket;
pub mod steps;
pub mod symbols;
pub mod terminal;
pub mod typing;
pub mod uboot;
pub mod xen;
