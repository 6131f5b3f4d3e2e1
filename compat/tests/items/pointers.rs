// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of raw pointers and `NonNull` from Rust 1.63 on.
use std::num::NonZeroUsize;
use std::ptr::{self, NonNull};

oldstable_compat::prelude!();

#[test]
fn slices_know_their_length_without_their_elements() {
    let (none, some) =
        (ptr::slice_from_raw_parts(ptr::null::<u32>(), 3), ptr::slice_from_raw_parts_mut(ptr::null_mut::<u8>(), 0));
    assert_eq!((none.len(), none.is_empty(), some.len(), some.is_empty()), (3, false, 0, true));
    let slice = NonNull::<[u16]>::slice_from_raw_parts(NonNull::dangling(), 4);
    assert_eq!((slice.len(), slice.is_empty(), NonNull::<u32>::dangling().is_aligned()), (4, false, true));
}

#[test]
fn distances_are_unsigned() {
    let mut n = [1_u32, 2, 3];
    let start = n.as_mut_ptr();
    // SAFETY: all stays inside the array.
    unsafe {
        let (end, first) = (start.add(2), NonNull::new_unchecked(start));
        assert_eq!((end.offset_from_unsigned(start), end.byte_offset_from_unsigned(start)), (2, 8));
        let last = first.add(2);
        assert_eq!((last.offset_from_unsigned(first), last.byte_offset_from_unsigned(first)), (2, 8));
        assert_eq!((last.offset_from(first), last.byte_offset_from(first)), (2, 8));
        assert_eq!((first.byte_add(8), last.byte_sub(4), first.byte_offset(4)), (last, first.add(1), first.offset(1)));
        *end.as_mut_unchecked() = 9;
        assert_eq!((*start.as_ref_unchecked(), *(end as *const u32).as_ref_unchecked(), last.sub(2)), (1, 9, first));
    }
}

/// The methods that take no size have pointers to slices, too.
#[test]
fn what_has_no_size_has_the_methods() {
    let mut n = [1_u32, 2, 3];
    let whole: *mut [u32] = &mut n;
    // SAFETY: all stays inside the array.
    unsafe {
        let rest = NonNull::new_unchecked(whole);
        (*whole.as_mut_unchecked())[0] = 7;
        assert_eq!((whole.as_ref_unchecked(), (whole as *const [u32]).as_ref_unchecked().len()), (&[7, 2, 3][..], 3));
        assert_eq!((whole.byte_offset_from_unsigned(whole), rest.byte_offset_from_unsigned(rest)), (0, 0));
        let next = rest.byte_add(4);
        assert_eq!((next.byte_offset_from(rest), next.byte_sub(4), rest.byte_offset(4)), (4, rest, next));
        rest.drop_in_place();
    }
}

#[test]
fn values_are_read_and_written() {
    let mut n = [1_u32, 2, 3, 4];
    // SAFETY: all stays inside the array, whose elements are numbers.
    unsafe {
        let first = NonNull::new_unchecked(n.as_mut_ptr());
        assert_eq!((first.read_volatile(), first.read_unaligned(), first.replace(5), first.read()), (1, 1, 1, 5));
        first.write_volatile(6);
        first.swap(first.add(1));
        first.add(2).write_unaligned(7);
        first.add(3).write_bytes(1, 1);
        assert_eq!(n, [2, 6, 7, 0x0101_0101]);
        let first = NonNull::new_unchecked(n.as_mut_ptr());
        first.copy_to(first.add(1), 2);
        first.copy_to_nonoverlapping(first.add(3), 1);
        assert_eq!(n, [2, 2, 6, 2]);
        let first = NonNull::new_unchecked(n.as_mut_ptr());
        first.add(1).copy_from(first.add(2), 1);
        first.copy_from_nonoverlapping(first.add(2), 1);
        assert_eq!(n, [6, 6, 6, 2]);
        let boxed = NonNull::new_unchecked(Box::into_raw(Box::new("a".to_string())));
        boxed.drop_in_place();
        boxed.write(String::new());
        drop(Box::from_raw(boxed.as_ptr()));
        assert_eq!(NonNull::<u32>::dangling().align_offset(1), 0);
    }
}

#[test]
fn addresses_are_not_0() {
    let n = 5_u32;
    let pointer = NonNull::from_ref(&n);
    let addr: NonZeroUsize = pointer.addr();
    assert_eq!((addr.get(), pointer.expose_provenance()), (&n as *const u32 as usize, addr));
    assert_eq!(
        // SAFETY: it is the address of the number, with the right to read it.
        unsafe { *pointer.map_addr(|addr| addr).with_addr(addr).as_ptr() },
        5
    );
    assert_eq!(NonNull::<u32>::without_provenance(addr).addr(), addr);
    assert_eq!(NonNull::<u32>::with_exposed_provenance(addr), pointer);
}

#[test]
fn a_changed_address_keeps_the_right_to_access() {
    let mut n = [1_u8, 2];
    let first = n.as_mut_ptr();
    let second = first.with_addr(first.addr() + 1);
    // SAFETY: it points to the second element.
    unsafe { *second = 9 };
    assert_eq!(n, [1, 9]);
}

#[test]
fn pointers_to_all_elements() {
    let mut numbers = [1, 2, 3];
    let all: Option<*mut [i32; 3]> = (&mut numbers[..] as *mut [i32]).as_mut_array();
    // SAFETY: it points to all three, which nothing else uses.
    unsafe { (*all.expect("three"))[0] = 4 };
    let (all, less): (Option<*const [i32; 3]>, Option<*const [i32; 2]>) =
        ((&numbers[..] as *const [i32]).as_array(), (&numbers[..] as *const [i32]).as_array());
    // SAFETY: it points to all three.
    assert_eq!((unsafe { *all.expect("three") }, less), ([4, 2, 3], None));
}
