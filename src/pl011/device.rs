//! The PL011 as a device of QEMU: the shell around [`Registers`].

use super::{Effects, Output, Registers, Snapshot, TimerAction, Unsent, Variant, WAITING};
use crate::bql::{BqlCell, BqlRefCell};
use crate::chardev::{CharFrontend, Event, OutputWatch};
use crate::clock::ClockInput;
use crate::compat::c_str;
use crate::compat::ffi::CStr;
use crate::irq::InterruptSource;
use crate::log::Mask;
use crate::memory::{AccessSizes, MemoryRegion, MemoryRegionOps};
use crate::qdev::{DeviceImpl, DeviceState};
use crate::qom::{Object, ObjectImpl};
use crate::runstate::{ExitNotifier, RunState, RunStateHandler};
use crate::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use crate::timer::{ClockType, Timer};
use crate::vmstate::{Field, Section, VmState};
use crate::{Error, Result};
use std::io::ErrorKind;
use std::time::Duration;

/// How long bytes are gathered before they are written, in nanoseconds: short for who waits for an
/// echo, long for what a guest writes meanwhile.
const GATHER_NS: i64 = 1_000_000;

/// When to try again where a character device is full and cannot tell when it is not, in nanoseconds.
const RETRY_NS: i64 = 10_000_000;

/// How long a machine that stops waits for a reader that takes nothing, in nanoseconds. What is left
/// travels with it.
const PATIENCE_AT_STOP_NS: i64 = 50_000_000;

/// How long a machine that ends waits for a reader that takes nothing, in nanoseconds. What is left is
/// lost.
const PATIENCE_AT_END_NS: i64 = 2_000_000_000;

/// How many times as long either waits for a reader that takes a little at a time.
const PATIENCES: i64 = 20;

crate::qdev_define_conf! {
    /// The properties of a PL011.
    pub struct Pl011Conf {
        /// What the guest talks to.
        "chardev" => chr: CharFrontend,
        /// Whether the clock's state migrates.
        "migrate-clk" => migrate_clk: bool = true,
    }
}

crate::qom_define_type! {
    /// ARM's serial port, as `x-pl011-rust`.
    pub struct Pl011("x-pl011-rust") with Pl011Class: SysBusDevice, DeviceState, Object {
        conf: Pl011Conf,
        mmio: MemoryRegion,
        irqs: [InterruptSource; 6],
        clk: ClockInput,
        registers: BqlRefCell<Registers>,
        receive_timeout: Timer,
        gather: Timer,
        watch: OutputWatch,
        blocked: BqlCell<bool>,
        writing: BqlCell<bool>,
        stopped: BqlCell<bool>,
        handed_over: BqlCell<bool>,
        run_state: RunStateHandler,
        exit: ExitNotifier,
        snapshot: BqlRefCell<Snapshot>,
        unsent: BqlRefCell<Unsent>,
    }
}

crate::qom_virtual_methods! {
    /// The virtual methods of a PL011.
    pub trait Pl011Impl: SysBusDeviceImpl;
    /// What every PL011 can do.
    pub trait Pl011Methods;
    /// Where the class of a PL011 keeps its methods.
    pub struct Pl011Class for Pl011;

    /// Whose identity it shows.
    VARIANT => variant, parent_variant: fn() -> Variant = |_| Variant::Arm;
}

crate::qom_define_type! {
    /// The PL011 of Luminary Micro's Stellaris parts, as `x-pl011-luminary-rust`.
    pub struct Pl011Luminary("x-pl011-luminary-rust"): Pl011, SysBusDevice, DeviceState, Object {}
}

impl ObjectImpl for Pl011Luminary {}

impl DeviceImpl for Pl011Luminary {}

impl SysBusDeviceImpl for Pl011Luminary {}

impl Pl011Impl for Pl011Luminary {
    const VARIANT: Option<fn(&Self) -> Variant> = Some(|_| Variant::Luminary);
}

impl ObjectImpl for Pl011 {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(Pl011::init);
}

impl DeviceImpl for Pl011 {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(Pl011::realize);
    const UNREALIZE: Option<fn(&Self)> = Some(Pl011::unrealize);
    const COLD_RESET: Option<fn(&Self)> = Some(Pl011::reset);
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

crate::vmstate_struct! {
    Snapshot {
        _: [u8; 4], flags, lcr, rsr, cr, dmacr, int_enabled, int_level, read_fifo, ilpr, ibrd, fbrd,
        ifl, read_pos, read_count, read_trigger
    }
}

crate::vmstate_struct! {
    Unsent { len, bytes }
}

/// The stream of QEMU's own PL011.
impl VmState for Pl011 {
    const NAME: &'static CStr = c_str!("pl011");
    const VERSION: u32 = 2;
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { ..snapshot } };
    const SUBSECTIONS: &'static [Section<Self>] = &[
        <Self as VmState<ClockState>>::SECTION,
        <Self as VmState<UnsentState>>::SECTION,
    ];
    const PRE_LOAD: Option<fn(&Self) -> Result<()>> = Some(Pl011::pre_load);
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(Pl011::post_load);
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = Some(Pl011::pre_save);
}

/// The clock's part of the stream, which QEMU's own PL011 has too.
enum ClockState {}

impl VmState<ClockState> for Pl011 {
    const NAME: &'static CStr = c_str!("pl011/clock");
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { clk } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|uart| uart.conf.migrate_clk.get());
}

/// What the host has not taken. QEMU's own PL011 does not know it, and refuses the stream.
enum UnsentState {}

impl VmState<UnsentState> for Pl011 {
    const NAME: &'static CStr = c_str!("pl011/unsent");
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { unsent } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|uart| uart.registers.borrow().output_len() > 0);
}

impl SysBusDeviceImpl for Pl011 {}

impl MemoryRegionOps for Pl011 {
    const READ: fn(&Self, u64, u32) -> u64 = Pl011::read;
    const WRITE: fn(&Self, u64, u64, u32) = Pl011::write;
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(4, 4);
}

impl Pl011 {
    pub(super) fn front_end(&self) -> &CharFrontend {
        &self.conf.chr
    }

    fn init(&self) {
        *self.registers.borrow_mut() = Registers::new(self.variant());
        self.mmio.init_io(self, "pl011", 0x1000);
        self.init_mmio(&self.mmio);
        for irq in &self.irqs {
            self.init_irq(irq);
        }
        self.clk.init(self, c_str!("clk"), Pl011::clock_changed);
        self.receive_timeout
            .init(self, ClockType::Virtual, Pl011::receive_timed_out);
        self.gather.init(self, ClockType::Realtime, Pl011::flush);
    }

    fn realize(&self) -> Result<()> {
        self.clock_changed();
        self.conf
            .chr
            .enable_handlers(self, Pl011::can_receive, Pl011::receive, Pl011::event);
        self.run_state.enable(self, Pl011::run_state_changed);
        self.exit.enable(self, Pl011::exiting);
        Ok(())
    }

    fn unrealize(&self) {
        self.run_state.disable();
        self.exit.disable();
    }

    fn reset(&self) {
        let effects = self.registers.borrow_mut().reset();
        self.act_on(effects);
        self.flush();
    }

    fn read(&self, offset: u64, _size: u32) -> u64 {
        let (value, effects) = self.registers.borrow_mut().read(offset);
        if !effects.is_none() {
            self.act_on_access(effects, offset);
        }
        value.into()
    }

    fn write(&self, offset: u64, value: u64, _size: u32) {
        let effects = self.registers.borrow_mut().write(offset, value as u32);
        if !effects.is_none() {
            self.act_on_access(effects, offset);
        }
    }

    /// It stands apart so that the path of most accesses, which have no effects, is short.
    #[inline(never)]
    fn act_on_access(&self, effects: Effects, offset: u64) {
        self.log(effects, offset);
        self.act_on(effects);
    }

    fn can_receive(&self) -> usize {
        self.registers.borrow().can_receive()
    }

    fn receive(&self, bytes: &[u8]) {
        let effects = self.registers.borrow_mut().receive(bytes);
        self.act_on(effects);
    }

    fn event(&self, event: Event) {
        if event == Event::Break {
            let effects = self.registers.borrow_mut().receive_break();
            self.act_on(effects);
        }
    }

    fn clock_changed(&self) {
        self.registers.borrow_mut().set_clock(self.clk.hz());
    }

    fn receive_timed_out(&self) {
        let effects = self.registers.borrow_mut().timeout();
        self.act_on(effects);
    }

    fn run_state_changed(&self, state: RunState) {
        self.stopped.set(state != RunState::Running);
        let effects = match state {
            RunState::Running => self.registers.borrow_mut().resume(),
            RunState::Stopped | RunState::ShutDown => self.registers.borrow_mut().pause(),
        };
        self.act_on(effects);
        match state {
            // Room at the host may have been announced in vain meanwhile.
            RunState::Running => {
                if self.handed_over.replace(false) {
                    self.flush();
                }
            }
            RunState::Stopped => self.drain(PATIENCE_AT_STOP_NS),
            RunState::ShutDown => self.drain(PATIENCE_AT_END_NS),
        }
    }

    fn exiting(&self) {
        self.drain(PATIENCE_AT_END_NS);
    }

    fn pre_save(&self) -> Result<()> {
        let registers = self.registers.borrow();
        *self.snapshot.borrow_mut() = registers.save();
        *self.unsent.borrow_mut() = registers.save_unsent();
        // Another machine may go on with what is unsent. If this one does, it writes it then.
        self.handed_over.set(self.stopped.get());
        Ok(())
    }

    fn pre_load(&self) -> Result<()> {
        // A stream without the subsection has nothing unsent.
        self.unsent.borrow_mut().len = 0;
        Ok(())
    }

    fn post_load(&self, _version: u32) -> Result<()> {
        self.clock_changed();
        self.registers
            .borrow_mut()
            .load(&self.snapshot.borrow(), &self.unsent.borrow())
            .map_err(|error| Error::from(error.to_string()))
    }

    fn log(&self, effects: Effects, offset: u64) {
        if let Some(log) = effects.log {
            let mask = if log.is_unimplemented() {
                Mask::Unimplemented
            } else {
                Mask::GuestErrors
            };
            mask.write(&format_args!(
                "pl011: {} (offset {:#x})",
                log.message(),
                offset
            ));
        }
    }

    /// Does what the registers ask for. No borrow of them is out: all of it can come back.
    fn act_on(&self, effects: Effects) {
        if effects.changed != 0 {
            for (n, irq) in self.irqs.iter().enumerate() {
                if effects.changed & (1 << n) != 0 {
                    irq.set(effects.levels & (1 << n) != 0);
                }
            }
        }
        match effects.timer {
            TimerAction::Keep => {}
            TimerAction::Stop => self.receive_timeout.stop(),
            TimerAction::Restart => {
                let length = self.registers.borrow().timeout_ns();
                self.receive_timeout
                    .start_at(ClockType::Virtual.now().saturating_add(length as i64));
            }
        }
        match effects.output {
            Output::Keep => {}
            Output::Soon if self.conf.chr.is_recorded() => self.flush(),
            Output::Soon => {
                if !self.gather.is_running() {
                    self.gather.start_at(ClockType::Realtime.now() + GATHER_NS);
                }
            }
            Output::Now => {
                if !self.blocked.get() {
                    self.flush();
                }
            }
        }
        if let Some(on) = effects.break_out {
            // What was sent before the break goes out before it, as far as the host takes it now.
            self.flush();
            self.conf.chr.set_break(on);
        }
        if effects.accept_input {
            self.conf.chr.accept_input();
        }
    }

    /// Writes what the guest has sent, as far as the host takes it now, and sees to the rest being
    /// written later.
    ///
    /// Only one call at a time writes, and none what has been handed over, so that nothing is written twice.
    fn flush(&self) {
        if self.handed_over.get() || self.writing.replace(true) {
            return;
        }
        let all = self.write_out();
        self.writing.set(false);
        self.blocked.set(!all);
        if !all && !self.watch.start(&self.conf.chr, self, Pl011::host_woke) {
            self.gather.start_at(ClockType::Realtime.now() + RETRY_NS);
        }
    }

    /// The host takes bytes again, or has gone away.
    fn host_woke(&self) {
        let before = self.registers.borrow().output_len();
        self.flush();
        if self.watch.is_waiting() && self.registers.borrow().output_len() == before {
            // A terminal that was closed takes nothing, and would wake the watch again at once, for ever.
            self.watch.stop();
            self.gather.start_at(ClockType::Realtime.now() + RETRY_NS);
        }
    }

    /// Writes what the guest has sent, and waits for the host as long as it takes some of it within
    /// `patience_ns`, but no longer than [`PATIENCES`] of them. The machine does not run meanwhile.
    fn drain(&self, patience_ns: i64) {
        let last = ClockType::Realtime.now() + patience_ns * PATIENCES;
        let mut left = self.registers.borrow().output_len();
        let mut deadline = ClockType::Realtime.now() + patience_ns;
        loop {
            self.flush();
            let now_left = self.registers.borrow().output_len();
            if now_left < left {
                left = now_left;
                deadline = last.min(ClockType::Realtime.now() + patience_ns);
            }
            if now_left == 0 || self.handed_over.get() || ClockType::Realtime.now() >= deadline {
                return;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Writes as much as the host takes at once; false if it has not taken all.
    ///
    /// The bytes are copied, since the registers must not be borrowed while the character device is
    /// called.
    fn write_out(&self) -> bool {
        let mut bytes = [0; WAITING];
        loop {
            let count = {
                let registers = self.registers.borrow();
                let output = registers.output();
                bytes[..output.len()].copy_from_slice(output);
                output.len()
            };
            if count == 0 {
                return true;
            }
            let taken = match self.conf.chr.write(&bytes[..count]) {
                Ok(taken) => taken,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                // Nobody will ever take them.
                Err(_) => count,
            };
            let effects = self.registers.borrow_mut().output_taken(taken);
            self.act_on(effects);
        }
    }
}
