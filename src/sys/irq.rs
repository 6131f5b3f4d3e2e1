//! Interrupt lines.

use oldstable_compat::ffi::c_int;

/// One end of a line; only QEMU looks inside.
#[repr(C)]
pub struct IrqState {
    _opaque: [u8; 0],
}

imports! {
    in ALL {
        fn qemu_set_irq(irq: *mut IrqState, level: c_int);
    }
}
