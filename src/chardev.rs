// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Character devices, from the point of view of the device that uses them.

use crate::bql::{self, BqlCell};
use crate::callback::{guard, FnCall};
use crate::qdev::{PropertyKind, PropertyType};
use crate::qom::{expect_field_of, ObjectType, Part};
use crate::sys::{self, Opaque};
use oldstable_compat::ffi::{c_int, c_uint, c_void};
use std::convert::TryFrom;
use std::io;

/// Events at the other end, besides characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A break.
    Break,
    /// The other end is connected.
    Opened,
    /// The user has switched the terminal to this device.
    MuxIn,
    /// The user has switched the terminal away from this device.
    MuxOut,
    /// The other end is disconnected.
    Closed,
}

impl Event {
    fn from_number(number: c_int) -> Option<Event> {
        match number {
            0 => Some(Event::Break),
            1 => Some(Event::Opened),
            2 => Some(Event::MuxIn),
            3 => Some(Event::MuxOut),
            4 => Some(Event::Closed),
            _ => None,
        }
    }
}

/// The parity bit of each character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// There is none.
    None = b'N' as isize,
    /// The number of ones is even.
    Even = b'E' as isize,
    /// The number of ones is odd.
    Odd = b'O' as isize,
}

/// The parameters of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialParameters {
    /// Bits in a second.
    pub speed: u32,
    /// The parity bit.
    pub parity: Parity,
    /// How many bits a character has, 5 to 8.
    pub data_bits: u8,
    /// How many bits end it, 1 or 2.
    pub stop_bits: u8,
}

/// The modem lines of a serial port. True is what software reads as 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModemLines {
    /// Clear to send, from the modem.
    pub cts: bool,
    /// Data set ready, from the modem.
    pub dsr: bool,
    /// Ring indicator, from the modem.
    pub ri: bool,
    /// Data carrier detect, from the modem.
    pub dcd: bool,
    /// Data terminal ready, to the modem.
    pub dtr: bool,
    /// Request to send, to the modem.
    pub rts: bool,
}

impl ModemLines {
    const DTR: c_int = 0x002;
    const RTS: c_int = 0x004;
    const CTS: c_int = 0x020;
    const DCD: c_int = 0x040;
    const RI: c_int = 0x080;
    const DSR: c_int = 0x100;

    fn from_number(number: c_int) -> ModemLines {
        let is = |line: c_int| number & line != 0;
        ModemLines {
            cts: is(Self::CTS),
            dsr: is(Self::DSR),
            ri: is(Self::RI),
            dcd: is(Self::DCD),
            dtr: is(Self::DTR),
            rts: is(Self::RTS),
        }
    }

    fn to_number(self) -> c_int {
        let bit = |line: c_int, is: bool| if is { line } else { 0 };
        bit(Self::CTS, self.cts)
            | bit(Self::DSR, self.dsr)
            | bit(Self::RI, self.ri)
            | bit(Self::DCD, self.dcd)
            | bit(Self::DTR, self.dtr)
            | bit(Self::RTS, self.rts)
    }
}

/// A device's end of a character device: a field of its configuration, set by a property.
///
/// Without a character device behind it, output is discarded, and nothing is received.
#[repr(transparent)]
pub struct CharFrontend(Opaque<sys::CharFrontend>);

// SAFETY: zeros are a front end without a character device, and QEMU's property initialises and releases one.
unsafe impl PropertyType for CharFrontend {
    type Field = Self;
    const KIND: PropertyKind = PropertyKind::Chardev;
}

impl CharFrontend {
    /// Starts to receive.
    ///
    /// `can_receive` returns how many bytes the device accepts now; `receive` gets at most that many; `event` gets all
    /// other events. Each may be called as long as the device lives.
    ///
    /// # Panics
    /// If the front end is not a field of `owner`.
    #[track_caller]
    pub fn enable_handlers<T, C, R, E>(&self, owner: &T, _can_receive: C, _receive: R, _event: E)
    where
        T: ObjectType,
        C: for<'a> FnCall<(&'a T,), usize>,
        R: for<'a> FnCall<(&'a T, &'a [u8])>,
        E: for<'a> FnCall<(&'a T, Event)>,
    {
        expect_field_of(owner, self);
        // SAFETY: the front end is a field of the owner, and QEMU removes the handlers with the property, before the
        // owner is freed.
        unsafe {
            sys::qemu_chr_fe_set_handlers(
                self.as_mut_ptr(),
                Some(can_receive::<T, C>),
                Some(receive::<T, R>),
                Some(event::<T, E>),
                None,
                owner as *const T as *mut c_void,
                std::ptr::null_mut(),
                true,
            )
        }
    }

    /// Stops receiving. [`UNREALIZE`](crate::qdev::DeviceImpl::UNREALIZE) of a device that can be unplugged must call this.
    #[track_caller]
    pub fn disable_handlers(&self) {
        // SAFETY: without functions QEMU calls none.
        unsafe {
            sys::qemu_chr_fe_set_handlers(
                self.as_mut_ptr(),
                None,
                None,
                None,
                None,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
                true,
            )
        }
    }

    /// Writes as many of the bytes as the other end accepts at once, and returns how many. If execution [is
    /// recorded](Self::is_recorded), it writes all of them, however long that takes.
    ///
    /// # Errors
    /// `WouldBlock` if it accepts none now; [`OutputWatch`] reports when it does again. Any other error means that it
    /// never will.
    #[track_caller]
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let front_end = self.as_mut_ptr();
        // SAFETY: it is the front end.
        if unsafe { is_recorded(front_end) } {
            self.write_all(bytes);
            return Ok(bytes.len());
        }
        let length = c_int::try_from(bytes.len()).unwrap_or(c_int::MAX);
        // SAFETY: the bytes are readable for that length.
        let written = unsafe { sys::qemu_chr_fe_write(front_end, bytes.as_ptr(), length) };
        match usize::try_from(written) {
            Ok(0) if length > 0 && self.is_connected() => Err(io::ErrorKind::WouldBlock.into()),
            // Without a character device QEMU returns 0, and the output is discarded.
            Ok(0) => Ok(bytes.len()),
            Ok(written) => Ok(written),
            Err(_) => Err(io::Error::last_os_error()),
        }
    }

    /// Writes all of the bytes, however long that takes: the whole machine waits.
    #[track_caller]
    pub fn write_all(&self, bytes: &[u8]) {
        for chunk in bytes.chunks(c_int::MAX as usize) {
            // SAFETY: the bytes are readable for that length.
            unsafe {
                sys::qemu_chr_fe_write_all(self.as_mut_ptr(), chunk.as_ptr(), chunk.len() as c_int);
            }
        }
    }

    /// Tells the other end that the device accepts bytes again. It may send some before this returns.
    #[track_caller]
    pub fn accept_input(&self) {
        // SAFETY: a front end without a character device is accepted as well.
        unsafe { sys::qemu_chr_fe_accept_input(self.as_mut_ptr()) }
    }

    /// Starts or ends a break at the other end, if that supports breaks.
    #[track_caller]
    pub fn set_break(&self, on: bool) {
        const SET_BREAK: c_int = 2;
        let mut on = on as c_int;
        // SAFETY: the request takes the address of an int.
        unsafe {
            sys::qemu_chr_fe_ioctl(self.as_mut_ptr(), SET_BREAK, &mut on as *mut c_int as *mut c_void);
        }
    }

    /// Sets speed, parity, data and stop bits, if the back end is a serial port.
    #[track_caller]
    pub fn set_parameters(&self, parameters: SerialParameters) {
        const SET_PARAMETERS: c_int = 1;
        let SerialParameters { speed, parity, data_bits, stop_bits } = parameters;
        let number = |number: u32| c_int::try_from(number).unwrap_or(c_int::MAX);
        let mut numbers = [number(speed), parity as c_int, data_bits.into(), stop_bits.into()];
        // SAFETY: the request takes the address of four ints in this order.
        unsafe {
            sys::qemu_chr_fe_ioctl(self.as_mut_ptr(), SET_PARAMETERS, numbers.as_mut_ptr() as *mut c_void);
        }
    }

    /// Returns the modem lines, or None if the back end has none, as most have not.
    #[track_caller]
    pub fn modem_lines(&self) -> Option<ModemLines> {
        const GET_LINES: c_int = 14;
        let mut lines: c_int = 0;
        let place = &mut lines as *mut c_int as *mut c_void;
        // SAFETY: the request takes the address of an int.
        match unsafe { sys::qemu_chr_fe_ioctl(self.as_mut_ptr(), GET_LINES, place) } {
            status if status < 0 => None,
            _ => Some(ModemLines::from_number(lines)),
        }
    }

    /// Sets [`dtr`](ModemLines::dtr) and [`rts`](ModemLines::rts), if the back end has them. The other lines are inputs.
    #[track_caller]
    pub fn set_modem_lines(&self, lines: ModemLines) {
        const SET_LINES: c_int = 13;
        let mut lines = lines.to_number();
        // SAFETY: the request takes the address of an int.
        unsafe {
            sys::qemu_chr_fe_ioctl(self.as_mut_ptr(), SET_LINES, &mut lines as *mut c_int as *mut c_void);
        }
    }

    /// Returns whether QEMU records execution or replays it (`-icount rr=…`). A device must then write while the guest
    /// sends, not from a timer or when the other end is ready: QEMU exits if a replay writes at a different guest
    /// instruction than the recording.
    #[track_caller]
    pub fn is_recorded(&self) -> bool {
        // SAFETY: it is the front end.
        unsafe { is_recorded(self.as_mut_ptr()) }
    }

    /// Where the front end lies, for QEMU. A thread can use one at its end, when it has let go of the lock.
    #[track_caller]
    pub(crate) fn as_mut_ptr(&self) -> *mut sys::CharFrontend {
        bql::expect_locked();
        self.0.as_mut_ptr()
    }

    /// Returns whether there is a character device behind it.
    #[track_caller]
    pub fn is_connected(&self) -> bool {
        // SAFETY: it only reads the front end.
        unsafe { !sys::qemu_chr_fe_get_driver(self.as_mut_ptr()).is_null() }
    }
}

/// Whether what passes a front end is recorded or replayed.
///
/// # Safety
/// The front end is live.
unsafe fn is_recorded(front_end: *mut sys::CharFrontend) -> bool {
    const REPLAY: c_int = 2;
    // SAFETY: it only reads the front end, and a character device that is live.
    unsafe {
        let chardev = sys::qemu_chr_fe_get_driver(front_end);
        !chardev.is_null() && sys::qemu_chr_has_feature(chardev, REPLAY)
    }
}

/// Waits for the other end to accept bytes again: a field of the device.
pub struct OutputWatch {
    /// GLib's source number, 0 if it does not wait.
    tag: BqlCell<c_uint>,
    owner: BqlCell<*const c_void>,
}

// SAFETY: every access to the cells checks the big lock.
unsafe impl Sync for OutputWatch {}

// SAFETY: GLib removes a source on any thread.
unsafe impl Part for OutputWatch {}

impl Default for OutputWatch {
    fn default() -> Self {
        OutputWatch { tag: BqlCell::new(0), owner: BqlCell::new(std::ptr::null()) }
    }
}

impl OutputWatch {
    /// Calls `callback` once with the device, when the other end accepts bytes again or has disconnected.
    ///
    /// Returns false, and never calls it, if the other end does not support this. A wait that has already started
    /// continues. A closed terminal calls back at once each time and accepts nothing: a callback that could write
    /// nothing should try again from a timer.
    ///
    /// # Panics
    /// If the watch is not a field of `owner`.
    #[track_caller]
    pub fn start<T, F>(&self, front_end: &CharFrontend, owner: &T, _callback: F) -> bool
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T,)>,
    {
        const WRITABLE: c_uint = 4;
        const HUNG_UP: c_uint = 16;
        expect_field_of(owner, self);
        if !self.is_waiting() {
            self.owner.set(owner as *const T as *const c_void);
            // SAFETY: the watch is a field of the owner, and is removed when it is dropped.
            self.tag.set(unsafe {
                sys::qemu_chr_fe_add_watch(
                    front_end.as_mut_ptr(),
                    WRITABLE | HUNG_UP,
                    Some(writable::<T, F>),
                    self as *const OutputWatch as *mut c_void,
                )
            });
        }
        self.is_waiting()
    }

    /// Returns whether the callback is still pending.
    pub fn is_waiting(&self) -> bool {
        self.tag.get() != 0
    }

    /// Ends the wait, if there is one.
    pub fn stop(&self) {
        let tag = self.tag.replace(0);
        if tag != 0 {
            // SAFETY: the number stands for a source that has not been removed.
            unsafe {
                sys::g_source_remove(tag);
            }
        }
    }
}

impl Drop for OutputWatch {
    fn drop(&mut self) {
        if *self.tag.get_mut() != 0 {
            self.stop();
        }
    }
}

/// # Safety
/// GLib calls it with the live [`OutputWatch`] of a `T`.
unsafe extern "C" fn writable<T, F: for<'a> FnCall<(&'a T,)>>(
    _source: *mut c_void,
    _condition: c_uint,
    opaque: *mut c_void,
) -> c_int {
    /// GLib is to remove the source.
    const ONCE: c_int = 0;
    guard("a character front end's watch", || {
        // SAFETY: `start` gave QEMU the watch, a part of its owner, which outlives the wait.
        let watch = unsafe { &*(opaque as *const OutputWatch) };
        watch.tag.set(0);
        // SAFETY: `start` stored the owner there, and the watch is a part of it.
        unsafe { F::call((&*(watch.owner.get() as *const T),)) }
    });
    ONCE
}

/// # Safety
/// QEMU calls it with the live `T` that `enable_handlers` gave it.
unsafe extern "C" fn can_receive<T, C>(opaque: *mut c_void) -> c_int
where
    C: for<'a> FnCall<(&'a T,), usize>,
{
    guard("a character front end's can_receive", || {
        // SAFETY: `enable_handlers` gave QEMU its owner, which outlives the handlers.
        let count = unsafe { C::call((&*(opaque as *const T),)) };
        c_int::try_from(count).unwrap_or(c_int::MAX)
    })
}

/// # Safety
/// As for [`can_receive`], and `bytes` are as many as `length` says.
unsafe extern "C" fn receive<T, R>(opaque: *mut c_void, bytes: *const u8, length: c_int)
where
    R: for<'a> FnCall<(&'a T, &'a [u8])>,
{
    guard("a character front end's receive", || {
        let length = usize::try_from(length).unwrap_or(0);
        if length == 0 {
            return;
        }
        // SAFETY: as in `can_receive`; QEMU passes that many readable bytes.
        unsafe { R::call((&*(opaque as *const T), std::slice::from_raw_parts(bytes, length))) }
    })
}

/// # Safety
/// As for [`can_receive`].
unsafe extern "C" fn event<T, E>(opaque: *mut c_void, number: c_int)
where
    E: for<'a> FnCall<(&'a T, Event)>,
{
    guard("a character front end's event", || {
        if let Some(event) = Event::from_number(number) {
            // SAFETY: as in `can_receive`.
            unsafe { E::call((&*(opaque as *const T), event)) }
        }
    })
}
