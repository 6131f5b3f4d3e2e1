//! What the shell has to do after it has called into the registers.

#![forbid(unsafe_code)]

/// What the outside must do after one call into [`Registers`](super::Registers).
///
/// The registers call nobody. They answer with this small value, and the caller acts on it once it
/// has let go of its borrow, so whatever it calls may come back in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "lines, timers and output do not change by themselves"]
// One machine word: it is made and looked at with every access.
#[repr(align(8))]
pub struct Effects {
    /// The interrupt outputs that differ from what was last reported, one bit a line: combined is
    /// bit 0, then RX, TX, RT, modem and errors.
    pub changed: u8,
    /// The level of each output that has changed, in the bits of `changed`.
    pub levels: u8,
    /// What becomes of the receive timeout.
    pub timer: TimerAction,
    /// What becomes of the gathered output.
    pub output: Output,
    /// There is room again where there was none: the host may go on sending.
    pub accept_input: bool,
    /// The guest switched its break condition on or off.
    pub break_out: Option<bool>,
    /// Something for QEMU's log.
    pub log: Option<Log>,
}

impl Effects {
    /// Nothing to do.
    pub const NONE: Effects = Effects {
        changed: 0,
        levels: 0,
        timer: TimerAction::Keep,
        output: Output::Keep,
        accept_input: false,
        break_out: None,
        log: None,
    };

    /// Whether there is nothing to do.
    #[inline]
    pub fn is_none(self) -> bool {
        let levels = self.levels;
        self == Effects { levels, ..Effects::NONE }
    }

    /// Whether a byte has come, none waits before it, and there is nothing else to do.
    #[inline]
    pub fn is_begun_alone(self) -> bool {
        let levels = self.levels;
        self == Effects { levels, output: Output::Begun, ..Effects::NONE }
    }
}

/// What becomes of the timer behind the receive timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerAction {
    /// It stays as it is, running or not.
    Keep,
    /// It is not needed any more.
    Stop,
    /// It starts anew, and [`Registers::timeout`](super::Registers::timeout) is due after
    /// [`Registers::timeout_ns`](super::Registers::timeout_ns).
    Restart,
}

/// What becomes of the bytes that wait in [`Registers::output`](super::Registers::output).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Nothing that was not said before.
    Keep,
    /// A byte has come, and none waits before it: write at once, or soon if the guest goes on writing.
    Begun,
    /// The buffer is full: write now.
    Now,
}

/// What QEMU's log should say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// The guest read where no register can be read.
    BadRead,
    /// The guest wrote where no register can be written.
    BadWrite,
    /// The guest sends with UARTEN clear. Said once until it changes CR's enable bits.
    Disabled,
    /// The guest sends with TXE clear. Said once until it changes CR's enable bits.
    TransmitterOff,
    /// The guest wrote to DR though FR showed TXFF, and the byte is lost.
    TransmitFifoFull,
    /// The guest switched DMA on, which this model has not.
    Dma,
}

impl Log {
    /// True for what belongs under QEMU's mask `unimp`, false for `guest_errors`.
    pub fn is_unimplemented(self) -> bool {
        self == Log::Dma
    }

    /// What the log says, behind the device's name and before the offset. A guest that goes on and on makes no longer
    /// a log with it than with the C model.
    pub fn message(self) -> &'static str {
        match self {
            Log::BadRead => "bad read",
            Log::BadWrite => "bad write",
            Log::Disabled => "data sent while UARTEN is clear",
            Log::TransmitterOff => "data sent while TXE is clear",
            Log::TransmitFifoFull => "data written to a full transmit FIFO and lost",
            Log::Dma => "DMA is not implemented",
        }
    }
}
