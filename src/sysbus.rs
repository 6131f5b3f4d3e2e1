// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices that the board itself places: regions at addresses, lines to the interrupt controller.

use crate::bql;
use crate::irq::{expect_new_wires, GpioMethods, InterruptSource, IrqLine};
use crate::memory::MemoryRegion;
use crate::qdev::{DeviceConf, DeviceImpl, DeviceState};
use crate::qom::{check_can_be_realized, check_is_realized, expect_new_part_of};
use crate::qom::{ClassInit, IsA, Object, ObjectCast, ObjectMethods, ObjectType, TypeImpl};
use crate::sys::{self, Opaque};
use crate::{Error, Result};
use oldstable_compat::ffi::CStr;

/// A device of the system bus.
#[repr(transparent)]
pub struct SysBusDevice(Opaque<sys::SysBusDevice>);

// SAFETY: the bytes are QEMU's; those that a class has in its release are at the front of ours.
unsafe impl ObjectType for SysBusDevice {
    const TYPE: &'static CStr = oldstable_compat::c_str!("sys-bus-device");
}

crate::qom_isa!(unsafe SysBusDevice: DeviceState, Object);

/// What every device of the system bus can do.
pub trait SysBusDeviceMethods: IsA<SysBusDevice> {
    /// Adds a region to those that a board can map, behind those that have been added.
    ///
    /// # Panics
    /// If the region is not a field of the device, has not been made, is inside another one or on the bus
    /// already, or there are 32.
    #[track_caller]
    fn init_mmio(&self, region: &MemoryRegion) {
        /// As many as QEMU has room for.
        const MOST_REGIONS: u32 = 32;
        expect_new_part_of(self, region);
        region.give_to_bus();
        // SAFETY: the device is live.
        let is_full = unsafe { sys::sysbus_has_mmio(self.as_sysbus_ptr(), MOST_REGIONS - 1) };
        assert!(!is_full, "a device of the system bus has at most {} regions", MOST_REGIONS);
        // SAFETY: the device is live, and the region lives as long.
        unsafe { sys::sysbus_init_mmio(self.as_sysbus_ptr(), region.as_mut_ptr()) }
    }

    /// Adds a line to those that a board can connect, behind those that have been added.
    ///
    /// # Panics
    /// If the line is not a field of the device, or is a line of it already, if a property of the device has the
    /// name of the line, `sysbus-irq[0]` and so on, or the device is realized.
    #[track_caller]
    fn init_irq(&self, irq: &InterruptSource) {
        irq.make_line_of(self);
        expect_new_wires(self.upcast::<SysBusDevice>(), "sysbus-irq", 1, "link<irq>");
        // SAFETY: the device is live, and the line lives as long.
        unsafe { sys::sysbus_init_irq(self.as_sysbus_ptr(), irq.as_slot()) }
    }

    /// Realizes the device on the main system bus.
    ///
    /// # Errors
    /// What the device, or QEMU, has against its configuration; or if it is realized already or is being
    /// realized.
    #[track_caller]
    fn sysbus_realize(&self) -> Result<()> {
        check_can_be_realized(self.upcast::<SysBusDevice>().upcast(), true)?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the device is live.
        unsafe {
            sys::sysbus_realize(self.as_sysbus_ptr(), &mut err);
            Error::err_or_unit(err)
        }
    }

    /// Maps one of the device's regions into the address space of the board's processors.
    ///
    /// # Errors
    /// If the device has no such region, or is one in C and not realized.
    fn mmio_map(&self, index: u16, address: u64) -> Result<()> {
        self.mmio_map_overlap(index, address, 0)
    }

    /// As [`mmio_map`](Self::mmio_map), over what has a lower priority and under what has a higher one.
    /// What a board maps has the priority 0.
    ///
    /// # Errors
    /// If the device has no such region, or is one in C and not realized.
    #[track_caller]
    fn mmio_map_overlap(&self, index: u16, address: u64, priority: i32) -> Result<()> {
        bql::expect_locked();
        check_is_realized(self.upcast::<SysBusDevice>().upcast())?;
        // SAFETY: the device is live, and has the region, which has been made.
        unsafe {
            if !sys::sysbus_has_mmio(self.as_sysbus_ptr(), index.into()) {
                let name = self.upcast::<SysBusDevice>().typename();
                return Err(format!("{} has no region {}", name, index).into());
            }
            // The board may have put it somewhere by itself when the device was realized: virt of QEMU 5.2
            // does. Mapping only takes it from where mapping has put it.
            let region = sys::sysbus_mmio_get_region(self.as_sysbus_ptr(), index.into());
            let container = sys::memory_region_container(region);
            if !container.is_null() && container != sys::get_system_memory() {
                sys::memory_region_del_subregion(container, region);
            }
            sys::sysbus_mmio_map_overlap(self.as_sysbus_ptr(), index.into(), address, priority);
        }
        Ok(())
    }

    /// Connects one of the device's lines to an input of another device, which then lives as long as
    /// QEMU.
    ///
    /// # Errors
    /// If the device has no such line, or the other one is not in the tree of objects.
    fn connect_irq(&self, index: u16, to: IrqLine) -> Result<()> {
        self.upcast::<SysBusDevice>().connect_gpio_out(Some("sysbus-irq"), index, to)
    }

    /// The device's address, as C wants it.
    fn as_sysbus_ptr(&self) -> *mut sys::SysBusDevice {
        self.as_object_ptr() as *mut sys::SysBusDevice
    }
}

impl<T: IsA<SysBusDevice>> SysBusDeviceMethods for T {}

/// The virtual methods of [`SysBusDevice`]: it adds none of its own to those of [`DeviceImpl`].
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is a device of the system bus and has no `SysBusDeviceImpl`",
        note = "write `impl SysBusDeviceImpl for {Self} {{}}`"
    )
)]
pub trait SysBusDeviceImpl: DeviceImpl + IsA<SysBusDevice> {}

// SAFETY: the size is that of the running release.
unsafe impl<T> ClassInit<T> for SysBusDevice
where
    T: SysBusDeviceImpl + TypeImpl,
    T::Conf: DeviceConf,
{
    fn class_size() -> usize {
        sys::release().sysbus_class_size
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        // SAFETY: the caller guarantees the class, which is that of a device.
        unsafe { <DeviceState as ClassInit<T>>::class_init(class) };
    }
}
