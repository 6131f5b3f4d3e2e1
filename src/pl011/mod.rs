//! The PL011, ARM's serial port.
//!
//! [`Pl011`] takes the place of QEMU's own on any board, and [`Pl011Luminary`] that of the one with Luminary
//! Micro's identification. The example `pl011` is a plugin with both ([`plugin!`](crate::plugin!)):
//!
//! ```console
//! $ cargo build --release --example pl011
//! $ qemu-system-aarch64 -plugin target/release/examples/libpl011.so,replace=on -M virt -nographic …
//! ```
//!
//! # Output
//!
//! A character that the guest sends counts as sent at once. The first sixteen after a silence of a millisecond, and
//! as many as the host has sent meanwhile, are written one by one, so that a prompt, an echo or a handshake is there
//! as soon as with QEMU's own. What the guest goes on writing is gathered: [`GATHERED`] bytes wait for the host at
//! most, and are written when there are as many, after a millisecond, before what answers the host, before a break,
//! and when the machine stops, is reset or ends; one by one where QEMU records or replays (`-icount rr=…`). What comes
//! behind them while the host takes nothing stays in the transmit FIFO, and the guest sees that in FR and RIS.
//! Nothing waits for the host but a machine that stops or ends, and that for a bounded time.
//!
//! # Input
//!
//! QEMU hands over as much of what the host sends as the device has room for, and then has to be asked again. So
//! [`LINE`] characters wait on a line in front of the receive FIFO, which fills from there as fast as the guest
//! reads. Behind each 64 characters there is a pause of 20 µs, so that a driver that empties the FIFO in its interrupt
//! handler gets to something else. Nothing is lost where the guest does not read: then the FIFO is full, RXFF says
//! so, and the host waits. A machine that stands, is recorded or is replayed takes no more than its FIFO does.
//!
//! # Migration
//!
//! The stream is that of QEMU's own PL011, version 2, with an additional subsection `pl011/unsent` if the host
//! has not taken all by then, and `pl011/unread` if more has come than the FIFO holds. QEMU's own refuses these two,
//! and the machine goes on where it was. Three things do not travel: the divisor that
//! LCR_H has latched, for which IBRD and FBRD stand in, how long the receive timeout has run, which RX and RT
//! anticipate, and that a character was lost since the last one that came, of which RIS.OE remains.
//!
//! # Registers
//!
//! [`Registers`] is the device without QEMU: a state machine whose calls answer with [`Effects`]. It
//! follows ARM's manual (DDI 0183), except where guests have come to depend on QEMU's own PL011,
//! which is written in C. This is where the two differ, or ours differs from one of them. The C model is
//! that of QEMU 10.0 and later; in 5.2 and 7.2 it has neither loopback nor reset, and in 5.2 it passes no
//! break on. Ours is the same in each release.
//!
//! | register | manual | C model | ours | why |
//! |---|---|---|---|---|
//! | DR, write | the character takes its time; needs UARTEN and TXE | sent at once, TX raised at once; enable bits logged, TXE with each character | as C, logged once; if the host does not take it, it waits in the FIFO | guests rely on it; the machine never blocks |
//! | DR, write with TXFF | lost | cannot happen | lost, and logged | only a host that reads slowly leads there, and FR says so |
//! | DR, read | needs RXE and UARTEN | not gated | as C | guests that never set them |
//! | DR, read when empty | undefined | an older character | 0, and RSR stays | nothing was received |
//! | FR.TXFE, TXFF, BUSY | the FIFO | always empty | as the manual, beyond what is gathered for the host | a guest must be able to wait for a slow reader |
//! | ILPR to DMACR | 8, 16, 6, … bits | mostly 32 bits | as the manual | – |
//! | IBRD, FBRD | latched by LCR_H | no effect | as the manual: they time RT | – |
//! | LCR_H.FEN | empties the FIFOs | both, but interrupts stay | empties the receive FIFO, RX and RT fall; what is to be sent stays | in the C model it has been sent by then |
//! | LCR_H.BRK | a break | passed to the host; in loopback one break character too, before FEN of the same write counts | as C, but FEN counts first | no FIFO has more than it holds |
//! | CR.LBE | TXD goes to RXD, not out | both to RXD and out; host input is dropped | as C | – |
//! | CR, modem lines | interrupts on change | in loopback, as often as CR is written; falls with the line; none on leaving loopback | as the manual | an interrupt that ICR cleared stays cleared |
//! | RIS.RX | at the level of IFLS | at the first character, down when empty | at the level, and with the timeout, then until empty | no guest of either waits for ever |
//! | RIS.TX | at the level of IFLS on the way down, falls above it | with each character, until ICR | with each character that leaves at once; behind a slow reader as the manual | drivers write half a FIFO on it |
//! | RIS.RT | after 32 bit times | never | as the manual; at once where the clock or the divisor is 0, and when the machine stops | on most boards the clock input is not connected |
//! | RIS.OE | the character is lost, the FIFO stays | never; the count goes beyond the FIFO | as the manual, where a host sends more than it was asked for; a break that is lost raises OE, not BE | – |
//! | RIS.BE | a break character | never | as the manual | no guest loops on it: Linux and FreeBSD leave it masked, Xen clears it, firmware polls |
//! | RIS.FE, PE | framing and parity errors | never | never | a host's characters have none |
//! | ICR of RX or RT, FIFO not empty | down until the next character | down until emptied | down, and up again after 32 bit times (at 115,200 baud if there is no rate), and RX when a read leaves the FIFO at its level | a character that came just before ICR is not forgotten |
//! | DMACR | DMA | stored, logged | as C | – |
//! | reset | – | outputs keep their level | outputs fall, a break ends; what waits for the host is still sent, and FR shows it | the guest sent it before |

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
