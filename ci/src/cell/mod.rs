//! A cell: its compiler, the root file system that it lies in, and what is run there.

pub mod apt;
pub mod compiler;
pub mod emulation;
pub mod mirror;
pub mod mmdebstrap;
pub mod rootfs;
pub mod sandbox;
pub mod workbench;
