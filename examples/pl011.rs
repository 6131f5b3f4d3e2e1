//! The PL011 as an object that a stock QEMU loads.
