//! [`std::os`].

pub use std::os::*;

#[cfg(unix)]
pub mod fd;
#[cfg(unix)]
pub mod unix {
    //! [`std::os::unix`].

    pub use std::os::unix::*;

    pub mod io {
        //! [`std::os::unix::io`]: what is in `os::fd` as well.
        pub use crate::os::fd::*;
    }
}
