// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::os`].

pub use std::os::*;

#[cfg(unix)]
pub mod fd;
#[cfg(unix)]
pub mod unix {
    //! [`std::os::unix`].

    pub use std::os::unix::*;

    pub mod io {
        //! [`std::os::unix::io`]: the same items as `os::fd`.
        pub use crate::os::fd::*;
    }
}
