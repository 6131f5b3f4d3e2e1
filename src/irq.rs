//! Interrupt lines, as the device sees them that drives them.

use crate::bql::BqlCell;
use crate::sys;

/// An output line of a device. It goes where the board has connected it, or nowhere.
#[repr(transparent)]
pub struct InterruptSource(BqlCell<*mut sys::IrqState>);

impl Default for InterruptSource {
    fn default() -> Self {
        InterruptSource(BqlCell::new(std::ptr::null_mut()))
    }
}

impl InterruptSource {
    /// Sets the line high or low. What is at its other end runs before this returns, and can call back.
    pub fn set(&self, level: bool) {
        // SAFETY: QEMU keeps the pointer at NULL or at a live line. It takes NULL.
        unsafe { sys::qemu_set_irq(self.0.get(), level as _) }
    }

    /// Sets the line high.
    pub fn raise(&self) {
        self.set(true)
    }

    /// Sets the line low.
    pub fn lower(&self) {
        self.set(false)
    }

    /// Sets the line high and then low.
    pub fn pulse(&self) {
        self.raise();
        self.lower();
    }

    /// Where QEMU writes the line to that the board connects.
    pub(crate) fn as_slot(&self) -> *mut *mut sys::IrqState {
        self.0.as_ptr()
    }
}
