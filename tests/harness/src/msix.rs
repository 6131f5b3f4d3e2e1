// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Interrupts of PCI devices that are messages with addresses of their own.

use crate::pci::{ANY, RAM};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::dma::AddressSpace;
use oldstable::pci::{PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::pci::{capability, config, guest_writes, plug};
use oldstable::testing::{load, message_of_panic, read_u32, references, save};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

oldstable::qdev_define_conf! {
    struct MessengerConf {
        "fail" => fail: bool,
    }
}

oldstable::qom_define_type! {
    /// Has messages of MSI-X.
    struct Messenger("harness-msix"): PciDevice, DeviceState, Object {
        conf: MessengerConf,
        value: BqlCell<u32>,
        refusals: BqlRefCell<Vec<String>>,
    }
}

impl ObjectImpl for Messenger {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
}

impl DeviceImpl for Messenger {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        let mut refusals = vec![
            message_of_panic(|| drop(this.msix_init(0, 1))),
            message_of_panic(|| drop(this.msix_init(2049, 1))),
            message_of_panic(|| drop(this.msix_init(1, 6))),
        ];
        this.msix_init(200, 1)?;
        refusals.push(message_of_panic(|| drop(this.msix_init(1, 2))));
        *this.refusals.borrow_mut() = refusals;
        if this.conf.fail.get() {
            return Err("it was asked to fail".into());
        }
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|this| {
        this.value.set(u32::from(this.msix_notify(0)) + 100);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl PciDeviceImpl for Messenger {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0xdef0;
}

impl VmState for Messenger {
    const NAME: &'static CStr = c_str!("harness-msix");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, value } };
}

const MSIX: u8 = 0x11;

/// One whose table is at `address`, with messages switched on.
fn messenger(address: u32) -> Owned<Messenger> {
    let messenger = Messenger::new();
    plug(&*messenger).unwrap();
    guest_writes(&*messenger, 0x14, address);
    guest_writes(&*messenger, 0x04, 0b110);
    let place = u32::from(capability(&*messenger, MSIX).unwrap());
    guest_writes(&*messenger, place, 1 << 31);
    messenger
}

/// Says where a message goes, and whether the guest lets it.
fn set_message(table: u64, vector: u64, address: u64, data: u32, masked: bool) {
    let memory = AddressSpace::system_memory();
    let entry = table + 16 * vector;
    memory.store_le(entry, address as u32, ANY).unwrap();
    memory.store_le(entry + 4, (address >> 32) as u32, ANY).unwrap();
    memory.store_le(entry + 8, data, ANY).unwrap();
    memory.store_le(entry + 12, u32::from(masked), ANY).unwrap();
}

oldstable::tests! {
    classes [Messenger];
    on "virt";

    fn msix_messages_go_to_their_address_and_wait_while_masked() {
        let messenger = messenger(0x100c_0000);
        // Behind 128 messages the table is more than half a page.
        assert_eq!(config(&*messenger, capability(&*messenger, MSIX).unwrap()) >> 16 & 0x7ff, 199);
        set_message(0x100c_0000, 0, RAM + 0x10, 0x1111, false);
        set_message(0x100c_0000, 199, RAM + 0x14, 0x2222, true);
        AddressSpace::system_memory().store_le(RAM + 0x14, 0_u32, ANY).unwrap();
        assert!(messenger.msix_notify(0));
        assert_eq!(read_u32(RAM + 0x10), 0x1111);
        assert!(messenger.msix_notify(199));
        assert_eq!(read_u32(RAM + 0x14), 0);
        set_message(0x100c_0000, 199, RAM + 0x14, 0x2222, false);
        assert_eq!(read_u32(RAM + 0x14), 0x2222);
        let said = message_of_panic(|| {
            messenger.msix_notify(200);
        });
        assert!(said.contains("200 MSI-X vectors, and no vector 200"), "{}", said);
        let place = u32::from(capability(&*messenger, MSIX).unwrap());
        guest_writes(&*messenger, place, 0);
        assert!(!messenger.msix_notify(0));
        messenger.unparent();
        assert_eq!(messenger.value.get(), 100);
        let said = message_of_panic(|| {
            messenger.msix_notify(0);
        });
        assert!(said.contains("from its realize to its unrealize"), "{}", said);
    }

    fn what_cannot_be_a_table_of_messages_is_refused() {
        let messenger = messenger(0x100d_0000);
        let expected = ["1 to 2048 vectors", "1 to 2048 vectors", "registers 0 to 5", "added to a device once"];
        let refusals = messenger.refusals.borrow().clone();
        assert_eq!(refusals.len(), expected.len());
        for (said, expected) in refusals.iter().zip(&expected) {
            assert!(said.contains(expected), "{}", said);
        }
        let said = message_of_panic(|| drop(messenger.msix_init(1, 2)));
        assert!(said.contains("is realized already"), "{}", said);
        messenger.unparent();
    }

    fn a_realize_that_fails_leaves_no_table() {
        let messenger = Messenger::new();
        messenger.property_set_bool("fail", true).unwrap();
        let error = plug(&*messenger).unwrap_err().to_string();
        assert!(error.contains("asked to fail"), "{}", error);
        let other = DeviceState::new_by_name("harness-pci").unwrap();
        other.property_set_bool("fail", true).unwrap();
        plug(&*other).unwrap_err();
        // Each region of a table that is still where it was holds a reference.
        assert_eq!(references(&*messenger), references(&*other));
    }

    fn messages_of_msix_migrate_with_the_device() {
        let from = messenger(0x100e_0000);
        set_message(0x100e_0000, 3, RAM + 0x18, 0x3333, false);
        from.value.set(5);
        let bytes = save(&*from).unwrap();
        from.unparent();
        let to = Messenger::new();
        plug(&*to).unwrap();
        load(&*to, &bytes, 1).unwrap();
        assert_eq!(to.value.get(), 5);
        assert!(to.msix_notify(3));
        assert_eq!(read_u32(RAM + 0x18), 0x3333);
        to.unparent();
    }
}
