//! [`core::ops`].

pub use base::ops::*;

#[cfg(before_1_55)]
mod control_flow;
#[cfg(before_1_55)]
pub use control_flow::ControlFlow;
