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
//!
//! With `drive=` the contents are those of a drive, and what is written goes there at the end of each transfer.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::drive::{Access, Drive, DriveRequest};
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState, ResetKind};
use oldstable::qom::{Object, ObjectImpl};
use oldstable::runstate::{RunState, RunStateHandler};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;
use std::io::{self, ErrorKind};

const SIZE: usize = 256;

oldstable::qdev_define_conf! {
    pub struct MemoryConf {
        /// A drive with the contents of the memory.
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
        /// Whether the drive is to get the contents.
        changed: BqlCell<bool>,
        save: DriveRequest,
        run_state: RunStateHandler,
    }
}

impl ObjectImpl for I2cMemory {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.save.init(this, &this.conf.drive, I2cMemory::saved);
        // What could not be saved while the machine was stopped, or was about to migrate.
        this.run_state.enable(this, |this: &I2cMemory, _: RunState| this.save());
    });
}

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
            this.save.open(if this.conf.read_only.get() { Access::Read } else { Access::ReadWrite })?;
        }
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        this.contents.borrow_mut().bytes = bytes;
        Ok(())
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        // It has power while the machine is suspended, and is not reset when that wakes up.
        if this.reset_kind() != Some(ResetKind::Wakeup) {
            this.place.set(0);
        }
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for I2cMemory {
    const NAME: &'static CStr = c_str!("i2c-memory");
    const FIELDS: &'static [Field<Self>] =
        oldstable::vmstate_fields! { Self { parent, contents, place, begins, changed } };
}

impl I2cSlaveImpl for I2cMemory {
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|this, event| {
        this.begins.set(event == I2cEvent::StartSend);
        if event == I2cEvent::Finish {
            this.save();
        }
        Acknowledge::Yes
    });
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|this, byte| {
        if this.begins.replace(false) {
            this.place.set(byte);
        } else if this.conf.read_only.get() {
            return Acknowledge::No;
        } else {
            this.contents.borrow_mut().bytes[usize::from(this.next())] = byte;
            this.changed.set(true);
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

    /// Begins to write the contents to the drive, if they have changed. Only the last of several changes matters.
    fn save(&self) {
        if !self.changed.get() || !self.conf.drive.is_connected() {
            return;
        }
        let bytes = self.contents.borrow().bytes;
        let begun = self
            .conf
            .drive
            .length()
            .and_then(|length| self.save.write(0, bytes[..length.min(SIZE as u64) as usize].to_vec()));
        match begun {
            // The callback goes on, or the machine when it runs.
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => {
                self.changed.set(false);
                result.unwrap_or_else(complain)
            }
        }
    }

    fn saved(&self, result: io::Result<Vec<u8>>) {
        result.map(drop).unwrap_or_else(complain);
        self.save()
    }
}

fn complain(error: io::Error) {
    eprintln!("i2c-memory: the drive has not got what was written: {}", error)
}

oldstable::plugin!(I2cMemory);
