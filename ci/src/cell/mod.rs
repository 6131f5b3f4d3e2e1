// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A cell: its compiler, its root file system, and the programs run there.

pub mod apt;
pub mod compiler;
pub mod cross;
pub mod emulation;
pub mod mirror;
pub mod mmdebstrap;
pub mod rootfs;
pub mod sandbox;
pub mod workbench;
