//! The big QEMU lock, which changed its name.

use super::release;

imports! {
    in UP_TO_7_2 {
        fn qemu_mutex_iothread_locked() -> bool;
    }
    in SINCE_10_0 {
        fn bql_locked() -> bool;
    }
}

/// Whether the calling thread holds the big lock.
#[inline]
pub fn is_locked() -> bool {
    // SAFETY: both only read a variable of the calling thread, and each is there in the releases on its
    // side of the comparison.
    unsafe {
        if release().major < 10 {
            qemu_mutex_iothread_locked()
        } else {
            bql_locked()
        }
    }
}
