// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The other end of a device's lines.

use crate::bql::{BqlCell, BqlRefCell};
use crate::irq::{GpioMethods, IrqLine};
use crate::qdev::{DeviceImpl, DeviceState};
use crate::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};

crate::qom_define_type! {
    /// Watches up to 64 lines, and records their changes.
    ///
    /// ```no_run
    /// # use oldstable::irq::InterruptSource;
    /// # use oldstable::sysbus::{SysBusDevice, SysBusDeviceMethods};
    /// use oldstable::testing::Lines;
    ///
    /// # fn test(device: &SysBusDevice) {
    /// let lines = Lines::watch();
    /// device.connect_irq(0, lines.input(0)).unwrap();
    /// // Make the device interrupt.
    /// assert_eq!(lines.changes(), [(0, true)]);
    /// assert_eq!(lines.levels(), 1);
    /// # }
    /// ```
    pub struct Lines("oldstable-testing-lines"): DeviceState, Object {
        log: BqlRefCell<Vec<(u32, bool)>>,
        levels: BqlCell<u64>,
    }
}

impl ObjectImpl for Lines {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|lines| {
        lines.init_gpio_in(None, Lines::COUNT, |lines: &Lines, line, level| {
            lines.log.borrow_mut().push((line, level));
            lines.levels.update(|levels| levels & !(1 << line) | u64::from(level) << line);
        })
    });
}

impl DeviceImpl for Lines {}

impl Lines {
    const COUNT: u16 = 64;

    /// Makes one, in the tree of objects. It stays there, since connected lines may be set at any time.
    pub fn watch() -> Owned<Lines> {
        let lines = Lines::new();
        Object::root().property_add_child("testing-lines[*]", lines.clone()).expect("a name of its own");
        lines
    }

    /// Returns the input to connect a device's line to.
    ///
    /// # Panics
    /// If there is no input with this number.
    #[track_caller]
    pub fn input(&self, line: u16) -> IrqLine {
        self.gpio_in(None, line).expect("lines are numbered from 0 to 63")
    }

    /// Returns the changes since the last call: the number of the line, and its level. A line that is set to its
    /// current level is included.
    pub fn changes(&self) -> Vec<(u32, bool)> {
        std::mem::take(&mut *self.log.borrow_mut())
    }

    /// Returns the present levels, line 0 in the lowest bit. A line that has not been set is low.
    pub fn levels(&self) -> u64 {
        self.levels.get()
    }
}
