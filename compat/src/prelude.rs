//! The extension traits, which exist only on compilers that lack their methods.

#[cfg(no_maybe_uninit_write)]
pub use crate::mem::MaybeUninitExt;
#[cfg(no_ptr_cast_mut)]
pub use crate::ptr::{ConstPtrExt, MutPtrExt};

/// Imports the extension traits of [`prelude`](crate::prelude), without a warning where there is
/// nothing to import or nothing of it is used.
#[macro_export]
macro_rules! prelude {
    () => {
        #[allow(unused_imports)]
        use $crate::prelude::*;
    };
}
