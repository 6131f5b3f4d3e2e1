//! Orderings of atomic operations that can fail: a stronger one for failure, by path and by name, in macros.

use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use std::sync::atomic::{self, AtomicBool, AtomicPtr, AtomicUsize};

macro_rules! swap {
    ($a:expr, $from:expr => $to:expr) => {
        $a.compare_exchange($from, $to, Release, Acquire)
    };
}

/// The ordering is not known here.
fn swap(a: &AtomicUsize, success: Ordering) -> Result<usize, usize> {
    a.compare_exchange(4, 5, success, /* as strong */ Relaxed)
}

fn main() {
    let a = AtomicUsize::new(0);
    println!("{:?}", a.compare_exchange(0, 1, Ordering::Release, Ordering::Acquire));
    println!("{:?}", a.compare_exchange(0, 2, Ordering::Relaxed, Ordering::SeqCst));
    println!("{:?} {:?}", swap!(a, 1 => 2), swap!(a, 1 => 3));
    println!("{:?}", a.fetch_update(Relaxed, Acquire, |n| if n < 3 { Some(n + 2) } else { None }));
    println!("{:?} {:?}", swap(&a, Release), swap(&a, atomic::Ordering::AcqRel));
    println!("{:?}", AtomicUsize::compare_exchange(&a, 5, 6, atomic::Ordering::Acquire, atomic::Ordering::SeqCst));
    let flag = AtomicBool::new(false);
    while flag.compare_exchange_weak(false, true, Release, Acquire).is_err() {}
    let (mut x, p) = (7, AtomicPtr::new(std::ptr::null_mut()));
    let nested = p.compare_exchange(
        std::ptr::null_mut(),
        &mut x,
        Release, // published
        Acquire,
    );
    println!("{} {} {}", flag.into_inner(), nested.is_ok(), unsafe { *p.load(Acquire) });
}
