// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::f32`].

pub use base::f32::*;

pub mod consts {
    //! [`core::f32::consts`].

    pub use core::f32::consts::*;

    /// Euler's γ: `core::f32::consts::EULER_GAMMA` from Rust 1.94.
    #[cfg(before_1_94)]
    pub const EULER_GAMMA: f32 = 0.577_215_664_901_532_860_606_512_090_082_402_431_f32;
    /// The golden ratio: `core::f32::consts::GOLDEN_RATIO` from Rust 1.94.
    #[cfg(before_1_94)]
    pub const GOLDEN_RATIO: f32 = 1.618_033_988_749_894_848_204_586_834_365_638_118_f32;
}
