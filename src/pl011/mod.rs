// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011, ARM's serial port.
//!
//! [`Pl011`] replaces QEMU's own on any board, and [`Pl011Luminary`] the one with Luminary Micro's identification. The
//! example `pl011` is a plugin with both ([`plugin!`](crate::plugin!)):
//!
//! ```console
//! $ cargo build --release --example pl011
//! $ qemu-system-aarch64 -plugin target/release/examples/libpl011.so,replace=on -M virt -nographic …
//! ```
//!
//! # Output
//!
//! A character that the guest sends counts as sent at once. The first nine to sixteen after a silence of a millisecond,
//! and as many as the host has sent meanwhile, are written one by one, so that a prompt, an echo or a handshake arrives
//! as soon as with QEMU's own. Further output is gathered, up to [`GATHERED`] bytes. It is written when there are that
//! many, after a millisecond, before an answer to the host, before a break, and when the machine stops, is reset or
//! exits; it is written byte by byte if QEMU records or replays (`-icount rr=…`). Output beyond that, while the host
//! accepts nothing, stays in the transmit FIFO, and the guest sees it in FR and RIS. Only a machine that stops or exits
//! waits for the host, and only for a limited time.
//!
//! # Input
//!
//! QEMU delivers as much input as the device has room for, and then has to be asked again. So up to [`LINE`] characters
//! wait on a line in front of the receive FIFO, which is filled from there as fast as the guest reads. After each 64
//! characters there is a pause of 20 µs, so that a driver that empties the FIFO in its interrupt handler can do other
//! work. Nothing is lost if the guest does not read: the FIFO is full, RXFF says so, and the host waits. A machine that
//! is stopped, recorded or replayed accepts no more than fits into the FIFO.
//!
//! # Migration
//!
//! The stream is that of QEMU's own PL011, version 2, with an additional subsection `pl011/unsent` if the host has not
//! accepted all output by then, and `pl011/unread` if there is more input than fits into the FIFO. QEMU's own PL011
//! refuses these two, and the machine continues where it was. Three things do not migrate: the divisor latched by
//! LCR_H, for which IBRD and FBRD are used; the elapsed time of the receive timeout, so RX and RT are raised at once;
//! and the mark that a character was lost after the last one, of which RIS.OE remains.
//!
//! # Registers
//!
//! [`Registers`] is the device without QEMU: a state machine whose calls return [`Effects`]. It follows ARM's manual
//! (DDI 0183), except where guests depend on QEMU's own PL011, which is written in C. The table lists where the two
//! differ, or ours differs from one of them. The C model is that of QEMU 10.0 and later; in 5.2 and 7.2 it has neither
//! loopback nor reset, and in 5.2 it does not pass on breaks. Ours is the same in each release.
//!
//! | register | manual | C model | ours | why |
//! |---|---|---|---|---|
//! | DR, write | the character takes time; needs UARTEN and TXE | sent at once, TX raised at once; enable bits logged, TXE with each character | as C, logged once; if the host does not accept it, it waits in the FIFO | guests rely on it; the machine never blocks |
//! | DR, write with TXFF | lost | cannot happen | lost, and logged | happens only with a slow reader, and FR shows it |
//! | DR, read | needs RXE and UARTEN | not gated | as C | guests that never set them |
//! | DR, read when empty | undefined | an older character | 0, and RSR stays | nothing was received |
//! | FR.TXFE, TXFF, BUSY | the FIFO | always empty | as the manual, not counting the gathered output | a guest must be able to wait for a slow reader |
//! | ILPR to DMACR | 8, 16, 6, … bits | mostly 32 bits | as the manual | – |
//! | IBRD, FBRD | latched by LCR_H | no effect | as the manual: they time RT | – |
//! | LCR_H.FEN | empties the FIFOs | both, but interrupts stay | empties the receive FIFO, RX and RT fall; output stays | in the C model it has been sent by then |
//! | LCR_H.BRK | a break | passed to the host; in loopback one break character too, before FEN of the same write counts | as C, but FEN counts first | no FIFO exceeds its capacity |
//! | CR.LBE | TXD goes to RXD, not out | both to RXD and out; host input is dropped | as C | – |
//! | CR, modem lines | interrupts on change | in loopback, as often as CR is written; falls with the line; none on leaving loopback | as the manual | an interrupt that ICR cleared stays cleared |
//! | RIS.RX | at the level of IFLS | at the first character, down when empty | at the level, and with the timeout, then until empty | no guest written for either waits for ever |
//! | RIS.TX | at the level of IFLS on the way down, falls above it | with each character, until ICR | with each character that leaves at once; with a slow reader as the manual | drivers write half a FIFO on it |
//! | RIS.RT | after 32 bit times | never | as the manual; at once if the clock or the divisor is 0, and when the machine stops | on most boards the clock input is not connected |
//! | RIS.OE | the character is lost, the FIFO stays | never; the count goes beyond the FIFO | as the manual, if a host sends more than it was asked for; a lost break raises OE, not BE | – |
//! | RIS.BE | a break character | never | as the manual | no known guest loops on it: Linux and FreeBSD leave it masked, Xen clears it, firmware polls |
//! | RIS.FE, PE | framing and parity errors | never | never | a host's characters have none |
//! | ICR of RX or RT, FIFO not empty | down until the next character | down until emptied | down, and up again after 32 bit times (at 115,200 baud if there is no rate), and RX when a read leaves the FIFO at its level | a character that came just before ICR is not forgotten |
//! | DMACR | DMA | stored, logged | as C | – |
//! | reset | – | outputs keep their level | outputs fall, a break ends; waiting output is still sent, and FR shows it | the guest sent it before |

mod bits;
mod device;
mod effects;
mod fifo;
mod line;
pub mod registers;
mod replacement;
mod snapshot;

pub use device::{Pl011, Pl011Class, Pl011Conf, Pl011Impl, Pl011Luminary, Pl011Methods};
pub use effects::{Effects, Log, Output, TimerAction};
pub use fifo::{GATHERED, WAITING};
pub use line::LINE;
pub use registers::{Registers, Variant};
pub use snapshot::{LoadError, Snapshot, Unread, Unsent};
