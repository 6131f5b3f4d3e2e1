//! Prints the largest page size that a number of bytes fills, in today's Rust.
#![allow(unstable_name_collisions)]

use oldstable_compat::ffi::{c_str, CStr};
use oldstable_compat::sync::OnceLock;
use oldstable_compat::{const_offset_of, thread, with_offsets};

oldstable_compat::prelude!();

with_offsets! {
    /// A page table entry.
    #[repr(C)]
    struct Entry {
        present: bool,
        address: u64,
    }
}

const GREETING: &CStr = c_str!("page");
const ADDRESS: usize = const_offset_of!(Entry, address);
static PAGE: OnceLock<usize> = OnceLock::new();

fn main() {
    let page = thread::scope(|scope| {
        let largest = scope.spawn(|| 5000_usize.div_ceil(4096) * 4096);
        *PAGE.get_or_init(|| largest.join().expect("a division does not panic"))
    });
    assert_eq!(page.ilog2(), 13);
    assert_eq!(ADDRESS, std::mem::align_of::<u64>());
    println!("{}: {}", GREETING.to_string_lossy(), page);
}
