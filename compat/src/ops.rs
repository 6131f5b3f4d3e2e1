// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::ops`].

pub use base::ops::*;

#[cfg(before_1_55)]
mod control_flow;
#[cfg(before_1_55)]
pub use control_flow::ControlFlow;
