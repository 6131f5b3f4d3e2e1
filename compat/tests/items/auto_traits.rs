// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The crate's own types are sent, shared and kept over a panic where std's are.

#![cfg(feature = "std")]

use oldstable_compat::cell::{LazyCell, OnceCell};
use oldstable_compat::sync::{LazyLock, OnceLock};
use oldstable_compat::thread::{Scope, ScopedJoinHandle};
use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;

struct Of<T>(PhantomData<T>);

/// Declares methods that say whether a type has a trait: that of the type itself comes before that of its reference.
macro_rules! asked {
    ($($module:ident $has:ident $Trait:ident)+) => {$(
        mod $module {
            pub trait No {
                fn $has(&self) -> bool {
                    false
                }
            }
            impl<T> No for &super::Of<T> {}
        }
        impl<T: $Trait> Of<T> {
            fn $has(&self) -> bool {
                true
            }
        }
        use $module::No as _;
    )+};
}
asked! { a is_send Send  b is_sync Sync  c is_unwind_safe UnwindSafe  d is_ref_unwind_safe RefUnwindSafe }

macro_rules! traits {
    ($Type:ty) => {{
        let of = Of::<$Type>(PhantomData);
        let all = [(&of).is_send(), (&of).is_sync(), (&of).is_unwind_safe(), (&of).is_ref_unwind_safe()];
        all.iter().map(|&has| if has { '1' } else { '0' }).collect::<String>()
    }};
}

#[test]
fn own_types_have_std_s_auto_traits() {
    let found = [
        traits!(Scope<'static, 'static>),
        traits!(ScopedJoinHandle<'static, u8>),
        traits!(ScopedJoinHandle<'static, Rc<u8>>),
        traits!(OnceCell<u8>),
        traits!(OnceLock<u8>),
        traits!(OnceLock<Cell<u8>>),
        traits!(LazyCell<u8>),
        traits!(LazyCell<u8, Cell<u8>>),
        traits!(LazyLock<u8>),
        traits!(LazyLock<u8, Cell<u8>>),
        traits!(LazyLock<Cell<u8>>),
    ];
    let std = ["1101", "1100", "0000", "1010", "1111", "1010", "1010", "1010", "1111", "1111", "1010"];
    assert_eq!(found, std);
    // The handle in the std of 1.63 to 1.77 cannot be sent if its result cannot be shared.
    let handle = traits!(ScopedJoinHandle<'static, Cell<u8>>);
    assert!(handle == "1100" || handle == "0000", "{}", handle);
}
