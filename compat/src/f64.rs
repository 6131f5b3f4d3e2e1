// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::f64`].

pub use base::f64::*;

pub mod consts {
    //! [`core::f64::consts`].

    pub use core::f64::consts::*;

    /// Euler's γ: `core::f64::consts::EULER_GAMMA` from Rust 1.94.
    #[cfg(before_1_94)]
    pub const EULER_GAMMA: f64 = 0.577_215_664_901_532_860_606_512_090_082_402_431_f64;
    /// The golden ratio: `core::f64::consts::GOLDEN_RATIO` from Rust 1.94.
    #[cfg(before_1_94)]
    pub const GOLDEN_RATIO: f64 = 1.618_033_988_749_894_848_204_586_834_365_638_118_f64;
}
