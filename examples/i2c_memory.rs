// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A small memory on an I²C bus, such as one with a board's serial number.
//!
//! ```console
//! $ qemu-system-aarch64 -M realview-eb -plugin ./libi2c_memory.so -device i2c-memory,address=0x50,text=hello …
//! ```
//!
//! The first byte of a write is the address; the others are stored from there on. A read continues where the last
//! transfer ended. Both wrap around at the end.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::drive::Drive;
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const SIZE: usize = 256;

oldstable::qdev_define_conf! {
    pub struct MemoryConf {
        /// A drive with the contents at the start of the memory.
        "drive" => drive: Drive,
        /// The contents at the start of the memory, in place of the drive's.
        "text" => text: Option<String>,
        /// Whether the memory is read-only.
        "read-only" => read_only: bool,
    }
}

#[derive(Clone, Copy)]
struct Contents {
    bytes: [u8; SIZE],
}

impl Default for Contents {
    fn default() -> Self {
        Contents { bytes: [0xff; SIZE] }
    }
}

oldstable::vmstate_struct! { Contents { bytes } }

oldstable::qom_define_type! {
    /// The device.
    pub struct I2cMemory("i2c-memory"): I2cSlave, DeviceState, Object {
        conf: MemoryConf,
        contents: BqlRefCell<Contents>,
        place: BqlCell<u8>,
        /// Whether the next byte from the master is an address.
        begins: BqlCell<bool>,
    }
}

impl ObjectImpl for I2cMemory {}

impl DeviceImpl for I2cMemory {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        let text = this.conf.text.get().unwrap_or_default();
        if text.len() > SIZE {
            return Err(format!("text= is {} bytes long, but the memory has {}", text.len(), SIZE).into());
        }
        let mut bytes = this.contents.borrow().bytes;
        if this.conf.drive.is_connected() {
            let length = this.conf.drive.length()?.min(SIZE as u64);
            this.conf.drive.read(0, &mut bytes[..length as usize])?;
        }
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        this.contents.borrow_mut().bytes = bytes;
        Ok(())
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| this.place.set(0));
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for I2cMemory {
    const NAME: &'static CStr = c_str!("i2c-memory");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, contents, place, begins } };
}

impl I2cSlaveImpl for I2cMemory {
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|this, event| {
        this.begins.set(event == I2cEvent::StartSend);
        Acknowledge::Yes
    });
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|this, byte| {
        if this.begins.replace(false) {
            this.place.set(byte);
        } else if this.conf.read_only.get() {
            return Acknowledge::No;
        } else {
            this.contents.borrow_mut().bytes[usize::from(this.next())] = byte;
        }
        Acknowledge::Yes
    });
    const RECEIVE: Option<fn(&Self) -> u8> = Some(|this| this.contents.borrow().bytes[usize::from(this.next())]);
}

impl I2cMemory {
    fn next(&self) -> u8 {
        let place = self.place.get();
        self.place.set(place.wrapping_add(1));
        place
    }
}

oldstable::plugin!(I2cMemory);
