// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The prelude of the newest edition, and the methods that this compiler lacks.
#![allow(unused_imports)]

pub use base::prelude::v1;

/// The extension traits. Each exists only on compilers that lack its methods.
pub mod methods {
    pub use crate::methods::array::*;
    pub use crate::methods::atomic::*;
    pub use crate::methods::bool::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::borrow::*;
    pub use crate::methods::bound::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::btree::*;
    #[cfg(any(feature = "std", not(before_1_64)))]
    pub use crate::methods::c_str::*;
    pub use crate::methods::cell::*;
    pub use crate::methods::char::*;
    pub use crate::methods::cmp::*;
    pub use crate::methods::control_flow::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::deque::*;
    pub use crate::methods::duration::*;
    pub use crate::methods::float::*;
    pub use crate::methods::fmt::*;
    #[cfg(feature = "std")]
    pub use crate::methods::fs::*;
    pub use crate::methods::hash::*;
    #[cfg(feature = "std")]
    pub use crate::methods::hash_map::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::heap::*;
    pub use crate::methods::integer::*;
    pub use crate::methods::integer_strict::*;
    pub use crate::methods::integer_wide::*;
    #[cfg(feature = "std")]
    pub use crate::methods::io::*;
    pub use crate::methods::iter::*;
    pub use crate::methods::layout::*;
    pub use crate::methods::maybe_uninit::*;
    #[cfg(feature = "std")]
    pub use crate::methods::net::*;
    pub use crate::methods::non_null::*;
    pub use crate::methods::non_zero::*;
    pub use crate::methods::option::*;
    #[cfg(feature = "std")]
    pub use crate::methods::os_str::*;
    #[cfg(feature = "std")]
    pub use crate::methods::panic::*;
    pub use crate::methods::parse_error::*;
    pub use crate::methods::peekable::*;
    pub use crate::methods::pin::*;
    pub use crate::methods::pointer::*;
    pub use crate::methods::pointer_address::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::rc::*;
    pub use crate::methods::result::*;
    pub use crate::methods::slice::*;
    pub use crate::methods::slice_arrays::*;
    pub use crate::methods::str::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::string::*;
    pub use crate::methods::task::*;
    #[cfg(feature = "std")]
    pub use crate::methods::thread::*;
    #[cfg(feature = "alloc")]
    pub use crate::methods::vec::*;
}

/// The prelude of edition 2018 on the newest compiler.
pub mod rust_2018 {
    pub use super::methods::*;
    pub use core::mem::{align_of, align_of_val, size_of, size_of_val};
}

/// The prelude of edition 2021 on the newest compiler.
pub mod rust_2021 {
    pub use super::rust_2018::*;
    pub use core::convert::{TryFrom, TryInto};
    pub use core::iter::FromIterator;
}

/// The prelude of edition 2024 on the newest compiler.
pub mod rust_2024 {
    pub use super::rust_2021::*;
    pub use crate::future::{Future, IntoFuture};
}

pub use rust_2024::*;

/// Imports the newest edition's prelude and the methods that this compiler lacks, without a warning if there are none
/// or none of them is used. `prelude!(2018)` and `prelude!(2021)` import that edition's prelude instead.
///
/// Some compilers already have a method of the same name, but not a stable one, and warn (`unstable_name_collisions`)
/// at each call. There the call means our method, since it would not build without this crate. So put
/// `#![allow(unstable_name_collisions)]` at the crate's root; a macro cannot do that.
#[macro_export]
macro_rules! prelude {
    () => {
        $crate::prelude! { 2024 }
    };
    (2018) => {
        #[allow(unused_imports)]
        use $crate::prelude::rust_2018::*;
    };
    (2021) => {
        #[allow(unused_imports)]
        use $crate::prelude::rust_2021::*;
    };
    (2024) => {
        #[allow(unused_imports)]
        use $crate::prelude::rust_2024::*;
    };
}
