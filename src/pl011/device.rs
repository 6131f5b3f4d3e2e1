// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011 as a QEMU device: the shell around [`Registers`].

mod output;

use self::output::{Sending, AT_ONCE, PATIENCE_AT_END_NS, PATIENCE_AT_STOP_NS};
use super::fifo::DEPTH;
use super::line::{Arrival, Line, LINE};
use super::registers::offset;
use super::{Effects, LoadError, Output, Registers, Snapshot, TimerAction, Unread, Unsent, Variant};
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

/// The pause in the input to the guest's FIFO after each round, in nanoseconds.
const PAUSE_NS: i64 = 20_000;

crate::qdev_define_conf! {
    /// The properties of a PL011.
    pub struct Pl011Conf {
        /// The character device that the guest communicates with.
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
        line: BqlRefCell<Line>,
        pause: Timer,
        refused: BqlCell<bool>,
        gather: Timer,
        sending: BqlCell<Sending>,
        watch: OutputWatch,
        stopped: BqlCell<bool>,
        run_state: RunStateHandler,
        exit: ExitNotifier,
        snapshot: BqlRefCell<Snapshot>,
        unsent: BqlRefCell<Unsent>,
        unread: BqlRefCell<Unread>,
    }
}

crate::qom_virtual_methods! {
    /// The virtual methods of a PL011.
    pub trait Pl011Impl: SysBusDeviceImpl;
    /// Methods of every PL011.
    pub trait Pl011Methods;
    /// The table of a PL011 class's methods.
    pub struct Pl011Class for Pl011;

    /// The identity that it shows.
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

crate::vmstate_struct! {
    Unread { len, words }
}

/// The stream of QEMU's own PL011.
impl VmState for Pl011 {
    const NAME: &'static CStr = c_str!("pl011");
    const VERSION: u32 = 2;
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { ..snapshot } };
    const SUBSECTIONS: &'static [Section<Self>] = &[
        <Self as VmState<ClockState>>::SECTION,
        <Self as VmState<UnsentState>>::SECTION,
        <Self as VmState<UnreadState>>::SECTION,
    ];
    const PRE_LOAD: Option<fn(&Self) -> Result<()>> = Some(Pl011::pre_load);
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(Pl011::post_load);
    const PRE_SAVE: Option<fn(&Self) -> Result<()>> = Some(Pl011::pre_save);
}

/// The clock's part of the stream, which QEMU's own PL011 also has.
enum ClockState {}

impl VmState<ClockState> for Pl011 {
    const NAME: &'static CStr = c_str!("pl011/clock");
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { clk } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|uart| uart.conf.migrate_clk.get());
}

/// The output that the host has not accepted. QEMU's own PL011 does not know this part, and refuses the stream.
enum UnsentState {}

impl VmState<UnsentState> for Pl011 {
    const NAME: &'static CStr = c_str!("pl011/unsent");
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { unsent } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|uart| uart.registers.borrow().output_len() > 0);
}

/// The input that had no room in the receive FIFO. QEMU's own PL011 does not know this part, and refuses the stream.
enum UnreadState {}

impl VmState<UnreadState> for Pl011 {
    const NAME: &'static CStr = c_str!("pl011/unread");
    const FIELDS: &'static [Field<Self>] = crate::vmstate_fields! { Self { unread } };
    const NEEDED: Option<fn(&Self) -> bool> = Some(|uart| !uart.line.borrow().is_empty());
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
        self.receive_timeout.init(self, ClockType::Virtual, Pl011::receive_timed_out);
        self.pause.init(self, ClockType::VirtualRealtime, Pl011::pause_ended);
        self.gather.init(self, ClockType::Realtime, Pl011::gathered);
        self.sending.update(Sending::after_a_silence);
    }

    fn realize(&self) -> Result<()> {
        self.clock_changed();
        self.conf.chr.enable_handlers(self, Pl011::can_receive, Pl011::receive, Pl011::event);
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
        // Most reads change nothing, and their path is short. A mutable borrow takes fewer instructions than a shared
        // one.
        let value = match offset & !3 {
            offset::DR => None,
            _ => self.registers.borrow_mut().peek(offset),
        };
        match value {
            Some(value) => value.into(),
            None => self.read_with_effects(offset),
        }
    }

    #[inline(never)]
    fn read_with_effects(&self, offset: u64) -> u64 {
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

    /// It is a separate function so that the path of most accesses, which have no effects, is short.
    #[inline(never)]
    fn act_on_access(&self, effects: Effects, offset: u64) {
        if effects.is_begun_alone() {
            self.begun();
        } else {
            self.log(effects, offset);
            self.act_on(effects);
        }
    }

    fn can_receive(&self) -> usize {
        let room = self.room();
        if room == 0 {
            self.refused.set(true);
        }
        room
    }

    /// Returns how many characters the host may send now.
    ///
    /// A stopped machine accepts no more than fits into the FIFO, so that no other input has to migrate. The same holds
    /// for one that is recorded or replayed, where the guest must get each byte at the same instruction.
    fn room(&self) -> usize {
        let line = self.line.borrow();
        if !self.stopped.get() && !self.conf.chr.is_recorded() {
            line.room()
        } else if line.is_empty() {
            self.registers.borrow().can_receive()
        } else {
            0
        }
    }

    fn receive(&self, bytes: &[u8]) {
        self.sending.update(|sending| Sending { at_once: AT_ONCE.min(sending.at_once + bytes.len()), ..sending });
        // The answer does not wait after earlier output.
        if !self.sending.get().blocked {
            self.flush();
        }
        let all = self.line.borrow_mut().send(bytes);
        self.sent(all);
    }

    fn event(&self, event: Event) {
        if event == Event::Break {
            let all = self.line.borrow_mut().send_break();
            self.sent(all);
        }
    }

    /// Handles input from the host. `all` is false if the host sent more than it was asked for and some was lost.
    fn sent(&self, all: bool) {
        if !all {
            let effects = self.registers.borrow_mut().lose();
            self.act_on(effects);
        }
        self.let_arrive();
    }

    /// Moves characters from the line into the FIFO as far as that has room, and arranges for the rest to arrive later.
    fn let_arrive(&self) {
        let mut bytes = [0; DEPTH];
        loop {
            let room = self.registers.borrow().can_receive();
            let arrival = self.line.borrow_mut().arrive(&mut bytes[..room]);
            let effects = match arrival {
                None => break,
                Some(Arrival::Bytes(count)) => self.registers.borrow_mut().receive(&bytes[..count]),
                Some(Arrival::Break) => self.registers.borrow_mut().receive_break(),
            };
            self.act_on(effects);
        }
        let waits = !self.line.borrow().is_empty() && self.registers.borrow().can_receive() > 0;
        if waits && !self.pause.is_running() {
            self.pause.start_at(ClockType::VirtualRealtime.now() + PAUSE_NS);
        }
        // A host that was refused is asked again only once there is enough room.
        let room = self.room();
        if self.refused.get() && (room >= LINE / 2 || room > 0 && self.line.borrow().is_empty()) {
            self.refused.set(false);
            self.conf.chr.accept_input();
        }
    }

    fn pause_ended(&self) {
        self.line.borrow_mut().next_round();
        self.let_arrive();
    }

    fn clock_changed(&self) {
        self.registers.borrow_mut().set_clock(self.clk.hz());
    }

    fn receive_timed_out(&self) {
        let effects = self.registers.borrow_mut().timeout();
        self.act_on(effects);
    }

    fn run_state_changed(&self, state: RunState) {
        if state == RunState::Stopped {
            // QEMU's own stream has room for the FIFO only, so fill that first.
            self.pause_ended();
        }
        self.stopped.set(state != RunState::Running);
        let effects = match state {
            RunState::Running => self.registers.borrow_mut().resume(),
            RunState::Stopped | RunState::ShutDown => self.registers.borrow_mut().pause(),
        };
        self.act_on(effects);
        match state {
            // The host may have announced room while the machine was stopped.
            RunState::Running => {
                let sending = self.sending.get();
                if sending.handed_over {
                    self.sending.set(Sending { handed_over: false, ..sending });
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
        *self.unread.borrow_mut() = self.line.borrow().save();
        // Another machine may write the unsent output. If this one resumes, it writes it then.
        let handed_over = self.stopped.get();
        self.sending.update(|sending| Sending { handed_over, ..sending });
        Ok(())
    }

    fn pre_load(&self) -> Result<()> {
        // Without the subsections a stream has no unsent output and no unread input.
        self.unsent.borrow_mut().len = 0;
        self.unread.borrow_mut().len = 0;
        Ok(())
    }

    fn post_load(&self, _version: u32) -> Result<()> {
        self.clock_changed();
        let refused = |error: LoadError| Error::from(error.to_string());
        let line = self.line.borrow().behind(&self.unread.borrow());
        let line = line.map_err(refused)?;
        self.registers.borrow_mut().load(&self.snapshot.borrow(), &self.unsent.borrow()).map_err(refused)?;
        *self.line.borrow_mut() = line;
        Ok(())
    }

    fn log(&self, effects: Effects, offset: u64) {
        if let Some(log) = effects.log {
            let mask = if log.is_unimplemented() { Mask::Unimplemented } else { Mask::GuestErrors };
            mask.write(&format_args!("pl011: {} at {:#x}", log.message(), offset));
        }
    }

    /// Carries out the effects. The registers are not borrowed, since all of these can call back.
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
                self.receive_timeout.start_at(ClockType::Virtual.now().saturating_add(length as i64));
            }
        }
        match effects.output {
            Output::Keep => {}
            Output::Begun => self.begun(),
            Output::Now => {
                if !self.sending.get().blocked {
                    self.flush();
                }
            }
        }
        if let Some(on) = effects.break_out {
            // Earlier output is written before the break, as far as the host accepts it now.
            self.flush();
            self.conf.chr.set_break(on);
        }
        if effects.accept_input {
            self.let_arrive();
        }
    }
}
