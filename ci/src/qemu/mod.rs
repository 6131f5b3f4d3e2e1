//! What is added for cells with a QEMU: the emulator, the guests, and the object that is plugged in.

pub mod a64;
pub mod bare_metal;
pub mod console;
pub mod emulator;
pub mod harness;
pub mod monitor;
pub mod steps;
pub mod symbols;
pub mod terminal;
pub mod uboot;
