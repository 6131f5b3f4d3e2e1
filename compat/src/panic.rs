//! [`core::panic`](mod@core::panic): which values may cross a caught panic.

#[cfg(not(no_core_unwind_safe))]
pub use core::panic::{RefUnwindSafe, UnwindSafe};
#[cfg(all(no_core_unwind_safe, feature = "std"))]
pub use std::panic::{RefUnwindSafe, UnwindSafe};
