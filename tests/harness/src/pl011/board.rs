// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A PL011, in C or in Rust, on a board of our own: its lines, its clock and its character device are
//! the test's.

use oldstable::compat::c_str;
use oldstable::compat::ffi::{c_char, c_int, c_uint, c_void, CStr};
use oldstable::qdev::DeviceState;
use oldstable::sys;
use std::cell::RefCell;
use std::ptr;
use std::time::{Duration, Instant};

/// What an access came to.
pub const DECODE_ERROR: u32 = 2;

extern "C" {
    fn qio_channel_file_new_path(
        path: *const c_char,
        flags: c_int,
        mode: u32,
        errp: *mut *mut sys::Error,
    ) -> *mut c_void;
    fn memory_region_dispatch_read(
        region: *mut sys::MemoryRegion,
        address: u64,
        value: *mut u64,
        op: c_uint,
        attributes: u64,
    ) -> u32;
    fn memory_region_dispatch_write(
        region: *mut sys::MemoryRegion,
        address: u64,
        value: u64,
        op: c_uint,
        attributes: u64,
    ) -> u32;
    fn qemu_allocate_irq(
        handler: unsafe extern "C" fn(*mut c_void, c_int, c_int),
        opaque: *mut c_void,
        number: c_int,
    ) -> *mut sys::IrqState;
    fn qemu_chr_new(label: *const c_char, filename: *const c_char, context: *mut c_void) -> *mut c_void;
    fn qdev_prop_set_chr(device: *mut sys::DeviceState, name: *const c_char, chardev: *mut sys::Chardev);
    fn qemu_chr_be_can_write(chardev: *mut sys::Chardev) -> c_int;
    fn qemu_chr_be_write(chardev: *mut sys::Chardev, bytes: *const u8, length: c_int);
    fn qemu_chr_be_event(chardev: *mut sys::Chardev, event: c_int);
    fn qemu_chr_set_feature(chardev: *mut sys::Chardev, feature: c_int);
    fn clock_new(parent: *mut sys::Object, name: *const c_char) -> *mut sys::Clock;
    fn clock_set(clock: *mut sys::Clock, period: u64) -> bool;
    fn clock_propagate(clock: *mut sys::Clock);
    fn qdev_connect_clock_in(device: *mut sys::DeviceState, name: *const c_char, source: *mut sys::Clock);
    fn qio_channel_create_watch(channel: *mut c_void, condition: c_uint) -> *mut c_void;
    fn qemu_clock_run_timers(clock: c_int) -> bool;
    fn __errno_location() -> *mut c_int;
}

/// What the newest board's side of its device has seen.
#[derive(Default)]
struct Seen {
    /// Which board it is. The devices of those before it live on, and their timers run out.
    board: usize,
    lines: u8,
    sent: Vec<u8>,
    breaks: Vec<bool>,
    /// How many more bytes the host takes.
    room: usize,
    /// How often it was asked to take some.
    writes: usize,
    /// If not 0, it takes one byte each time that it was asked so often, and otherwise nothing.
    reluctance: usize,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

extern "C" fn line_changed(board: *mut c_void, number: c_int, level: c_int) {
    // While the process ends there is nothing to note it in.
    let _ = SEEN.try_with(|seen| {
        let mut seen = seen.borrow_mut();
        if seen.board != board as usize {
            return;
        }
        if level != 0 {
            seen.lines |= 1 << number;
        } else {
            seen.lines &= !(1 << number);
        }
    });
}

/// # Safety
/// QEMU calls it with as many bytes as `length` says.
unsafe extern "C" fn chr_write(_: *mut c_void, bytes: *const u8, length: c_int) -> c_int {
    // SAFETY: the caller guarantees the bytes.
    let bytes = unsafe { std::slice::from_raw_parts(bytes, length as usize) };
    let taken = SEEN.try_with(|seen| {
        let mut seen = seen.borrow_mut();
        seen.writes += 1;
        let willing = match seen.writes.checked_rem(seen.reluctance) {
            None => seen.room,
            Some(0) => seen.room.min(1),
            Some(_) => 0,
        };
        let taken = willing.min(bytes.len());
        seen.room -= taken;
        seen.sent.extend_from_slice(&bytes[..taken]);
        taken
    });
    match taken {
        Ok(0) => {
            const EAGAIN: c_int = 11;
            // SAFETY: a thread has its errno.
            unsafe { *__errno_location() = EAGAIN };
            -1
        }
        Ok(taken) => taken as c_int,
        // The process ends, and devices write what they have left.
        Err(_) => length,
    }
}

/// A wait for what is there already.
///
/// # Safety
/// QEMU calls it with a condition of GLib's.
unsafe extern "C" fn chr_add_watch(_: *mut c_void, condition: c_uint) -> *mut c_void {
    const WRITE_ONLY: c_int = 1;
    let none = ptr::null_mut();
    // SAFETY: the path is a string, and there is such a file. The source has a reference of its own.
    unsafe {
        let channel = qio_channel_file_new_path(c_str!("/dev/null").as_ptr(), WRITE_ONLY, 0, none);
        let source = qio_channel_create_watch(channel, condition);
        sys::object_unref(channel);
        source
    }
}

/// What [`Board::lie_about_room`] has put in the place of something else.
pub struct Lie {
    method: *mut usize,
    truth: usize,
}

impl Drop for Lie {
    fn drop(&mut self) {
        // SAFETY: the class is never freed.
        unsafe { *self.method = self.truth }
    }
}

/// # Safety
/// QEMU calls it with the place of a number, which is what the command takes.
unsafe extern "C" fn chr_ioctl(_: *mut c_void, command: c_int, argument: *mut c_void) -> c_int {
    const SET_BREAK: c_int = 2;
    assert_eq!(command, SET_BREAK);
    // SAFETY: the caller guarantees the number.
    let number = unsafe { *(argument as *const c_int) };
    SEEN.with(|seen| seen.borrow_mut().breaks.push(number != 0));
    0
}

/// A device and what is around it.
pub struct Board {
    region: *mut sys::MemoryRegion,
    device: *mut sys::DeviceState,
    chardev: *mut sys::Chardev,
    clock: *mut sys::Clock,
}

impl Board {
    /// Makes a device of this type and resets it.
    pub fn new(type_name: &CStr) -> Board {
        Self::make(type_name, true)
    }

    /// Makes a device without a character device, and resets it. There is nobody to input from then.
    pub fn unplugged(type_name: &CStr) -> Board {
        Self::make(type_name, false)
    }

    fn make(type_name: &CStr, plugged: bool) -> Board {
        let number = SEEN.with(|seen| {
            let board = seen.borrow().board + 1;
            *seen.borrow_mut() = Seen { board, ..Seen::default() };
            board
        });
        let label = format!("board{}\0", number);
        // SAFETY: each call is what the same call in C would be, with the big lock held and objects that
        // nobody frees.
        unsafe {
            let object = sys::object_new(type_name.as_ptr());
            let device = object as *mut sys::DeviceState;
            let bus_device = object as *mut sys::SysBusDevice;
            let mut chardev = ptr::null_mut();
            if plugged {
                let null = c_str!("null").as_ptr();
                let label = label.as_ptr() as *const c_char;
                chardev = qemu_chr_new(label, null, ptr::null_mut()) as *mut sys::Chardev;
                // Methods of the class of null character devices, at the same places in every release.
                let class = *(chardev as *const *mut usize);
                *class.add(120 / 8) = chr_write as *const () as usize;
                *class.add(152 / 8) = chr_ioctl as *const () as usize;
                qdev_prop_set_chr(device, c_str!("chardev").as_ptr(), chardev);
            }
            let clock = clock_new(object, c_str!("board-clock").as_ptr());
            qdev_connect_clock_in(device, c_str!("clk").as_ptr(), clock);
            let mut err = ptr::null_mut();
            assert!(sys::sysbus_realize(bus_device, &mut err));
            for line in 0..6 {
                let irq = qemu_allocate_irq(line_changed, number as *mut c_void, line);
                sys::sysbus_connect_irq(bus_device, line, irq);
            }
            sys::device_cold_reset(device);
            Board { region: sys::sysbus_mmio_get_region(bus_device, 0), device, chardev, clock }
        }
    }

    pub fn device(&self) -> &DeviceState {
        // SAFETY: the device is live, and nobody takes it off the board.
        unsafe { &*(self.device as *const DeviceState) }
    }

    /// Ends the device's part in what happens to the machine.
    pub fn leave(self) {
        // Safe code cannot do it to a device of QEMU's.
        // SAFETY: the device is live, and nothing but this board uses it.
        unsafe {
            let name = c_str!("realized").as_ptr();
            assert!(sys::object_property_set_bool(self.device as *mut sys::Object, name, false, ptr::null_mut()));
        }
    }

    fn attributes() -> u64 {
        // MemTxAttrs with "unspecified" set.
        if sys::release().major < 10 {
            1
        } else {
            1 << 32
        }
    }

    /// Reads 2 to the power of `size` bytes: how it went, and what was read.
    pub fn read(&self, offset: u64, size: u32) -> (u32, u64) {
        let mut value = 0;
        // SAFETY: the region is live, and the big lock is held.
        let result = unsafe { memory_region_dispatch_read(self.region, offset, &mut value, size, Self::attributes()) };
        (result, value & !0 >> (64 - (8 << size)))
    }

    /// Writes 2 to the power of `size` bytes.
    pub fn write(&self, offset: u64, value: u64, size: u32) -> u32 {
        let value = value & !0 >> (64 - (8 << size));
        // SAFETY: as in `read`.
        unsafe { memory_region_dispatch_write(self.region, offset, value, size, Self::attributes()) }
    }

    pub fn can_receive(&self) -> i64 {
        // SAFETY: the character device is live.
        unsafe { qemu_chr_be_can_write(self.chardev).into() }
    }

    pub fn input(&self, bytes: &[u8]) {
        // SAFETY: the character device is live, and the bytes are readable for that length.
        unsafe { qemu_chr_be_write(self.chardev, bytes.as_ptr(), bytes.len() as c_int) }
    }

    pub fn host_break(&self) {
        // SAFETY: the character device is live.
        unsafe { qemu_chr_be_event(self.chardev, 0) }
    }

    pub fn reset(&self) {
        // SAFETY: the device is live.
        unsafe { sys::device_cold_reset(self.device) }
    }

    pub fn set_clock(&self, hz: u64) {
        const ONE_SECOND: u64 = 1_000_000_000 << 32;
        // SAFETY: the clock is live.
        unsafe {
            clock_set(self.clock, ONE_SECOND.checked_div(hz).unwrap_or(0));
            clock_propagate(self.clock);
        }
    }

    /// Lets timers run out whose time has come.
    pub fn run_timers(&self) {
        const VIRTUAL: c_int = 1;
        // SAFETY: this is the thread that runs the main loop.
        unsafe {
            qemu_clock_run_timers(VIRTUAL);
        }
    }

    /// Waits until what the host has sent goes on arriving.
    pub fn end_pause(&self) {
        let start = Instant::now();
        while start.elapsed() <= Duration::from_micros(21) {}
        const VIRTUAL_REALTIME: c_int = 3;
        // SAFETY: as in `run_timers`.
        unsafe {
            qemu_clock_run_timers(VIRTUAL_REALTIME);
        }
    }

    /// Lets the host take this many bytes more.
    pub fn make_room(&self, bytes: usize) {
        SEEN.with(|seen| seen.borrow_mut().room = bytes);
    }

    /// Lets the host take one byte each time that it was asked so often; 0 lets it take what it has room
    /// for.
    pub fn make_reluctant(&self, reluctance: usize) {
        SEEN.with(|seen| seen.borrow_mut().reluctance = reluctance);
    }

    /// Lets the host seem to have room at once, whenever it is waited for, until this is dropped.
    pub fn lie_about_room(&self) -> Lie {
        // SAFETY: as in `new`.
        let method = unsafe { (*(self.chardev as *const *mut usize)).add(136 / 8) };
        // SAFETY: nobody else has a reference to the class.
        let truth = unsafe { std::mem::replace(&mut *method, chr_add_watch as *const () as usize) };
        Lie { method, truth }
    }

    /// Makes the character device one that is recorded or replayed.
    pub fn record(&self) {
        const REPLAY: c_int = 2;
        // SAFETY: the character device is live.
        unsafe { qemu_chr_set_feature(self.chardev, REPLAY) }
    }

    /// How often the host was asked to take bytes.
    pub fn writes(&self) -> usize {
        SEEN.with(|seen| seen.borrow().writes)
    }

    pub fn lines(&self) -> u8 {
        SEEN.with(|seen| seen.borrow().lines)
    }

    /// What the host has got since it was asked last.
    pub fn take_sent(&self) -> Vec<u8> {
        SEEN.with(|seen| std::mem::take(&mut seen.borrow_mut().sent))
    }

    pub fn take_breaks(&self) -> Vec<bool> {
        SEEN.with(|seen| std::mem::take(&mut seen.borrow_mut().breaks))
    }
}
