// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Structs of parts, and arrays of them.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::testing::{load, save};
use oldstable::testing::{message_of_panic, wait_until};
use oldstable::timer::{ClockType, Timer};
use oldstable::vmstate::{Field, Section, VmState};

const LINES: usize = 64;

oldstable::qom_define_part! {
    /// The state of each channel.
    struct Channel {
        timer: Timer,
        line: InterruptSource,
        more_lines: [InterruptSource; 40],
        reached: BqlCell<u32>,
        pair: BqlRefCell<[u16; 2]>,
    }
}

oldstable::vmstate_part! { Channel { timer, reached, pair } }

oldstable::qom_define_type! {
    struct Channels("harness-channels"): DeviceState, Object {
        channels: [Channel; 3],
        lines: [InterruptSource; LINES],
        levels: BqlCell<u64>,
        cells: [BqlCell<u8>; 64],
    }
}

impl ObjectImpl for Channels {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        for channel in this.channels.iter() {
            channel.timer.init_in(this, channel, ClockType::Realtime, Channels::reached);
            this.init_gpio_out(Some("channel"), std::slice::from_ref(&channel.line));
            this.init_gpio_out(Some("more"), &channel.more_lines);
        }
        this.init_gpio_out(None, &this.lines);
        this.init_gpio_in(None, LINES as u16, |this: &Channels, n: u32, level: bool| {
            let bit = 1_u64 << n;
            this.levels.set(this.levels.get() & !bit | if level { bit } else { 0 });
        });
    });
}

impl DeviceImpl for Channels {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Channels {
    const NAME: &'static CStr = c_str!("harness-channels");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { channels, cells } };
}

impl Channels {
    fn reached(&self, channel: &Channel) {
        channel.reached.set(channel.reached.get() + 1);
        channel.line.raise();
    }
}

oldstable::qom_define_type! {
    struct Strange("harness-strange-channel"): DeviceState, Object {
        timer: Timer,
        channel: Channel,
    }
}

impl ObjectImpl for Strange {}
impl DeviceImpl for Strange {}

oldstable::tests! {
    classes [Channels, Strange];

    fn each_timer_calls_with_its_own_channel() {
        let device = Channels::new();
        Object::root().property_add_child("channels", device.clone()).unwrap();
        for (n, _) in device.channels.iter().enumerate() {
            device.connect_gpio_out(Some("channel"), n as u16, device.gpio_in(None, n as u16 + 60).unwrap()).unwrap();
        }
        device.channels[2].timer.start_at(ClockType::Realtime.now());
        wait_until(|| device.channels[2].reached.get() == 1);
        assert_eq!(device.levels.get(), 1 << 62);
        device.channels[0].timer.start_at(ClockType::Realtime.now());
        wait_until(|| device.channels[0].reached.get() == 1);
        assert_eq!((device.levels.get(), device.channels[1].reached.get()), (1 << 62 | 1 << 60, 0));
        device.unparent();
    }

    fn a_device_has_sixty_four_lines() {
        let device = Channels::new();
        Object::root().property_add_child("channels", device.clone()).unwrap();
        for n in 0..LINES as u16 {
            device.connect_gpio_out(None, n, device.gpio_in(None, n).unwrap()).unwrap();
        }
        device.lines[63].raise();
        device.lines[0].raise();
        assert_eq!(device.levels.get(), 1 << 63 | 1);
        assert!(device.gpio_in(None, LINES as u16).is_none());
        device.unparent();
    }

    fn parts_migrate_one_behind_the_other() {
        let (from, to) = (Channels::new(), Channels::new());
        from.channels[1].reached.set(0x0102_0304);
        *from.channels[2].pair.borrow_mut() = [5, 6];
        from.channels[0].timer.start_at(i64::MAX / 2);
        from.cells[63].set(7);
        let bytes = save(&*from).unwrap();
        assert_eq!(bytes.len(), 3 * (8 + 4 + 4) + 64);
        assert_eq!(bytes[16 + 8..][..4], [1, 2, 3, 4]);
        load(&*to, &bytes, 1).unwrap();
        assert_eq!(to.channels[1].reached.get(), 0x0102_0304);
        assert_eq!(*to.channels[2].pair.borrow(), [5, 6]);
        assert_eq!(to.channels[0].timer.expires(), Some(i64::MAX / 2));
        assert!(!to.channels[1].timer.is_running());
        assert_eq!(to.cells[63].get(), 7);
    }

    fn a_borrow_in_any_of_the_parts_is_seen() {
        let device = Channels::new();
        let borrow = device.channels[2].pair.borrow_mut();
        assert!(save(&*device).is_err());
        drop(borrow);
        assert!(save(&*device).is_ok());
    }

    fn a_part_of_another_object_is_refused() {
        let (one, other) = (Strange::new(), Strange::new());
        fn nothing(_: &Strange, _: &Channel) {}
        let message = message_of_panic(|| one.timer.init_in(&*one, &other.channel, ClockType::Realtime, nothing));
        assert!(message.contains("must be a field of the object"), "{}", message);
        let message = message_of_panic(|| {
            let elsewhere = Box::new(Channel::default());
            elsewhere.timer.init_in(&*one, &one.channel, ClockType::Realtime, nothing)
        });
        assert!(message.contains("must be a field of the object"), "{}", message);
        one.timer.init_in(&*one, &one.channel, ClockType::Realtime, nothing);
    }
}
