// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use oldstable_compat::ptr::{self, NonNull};

oldstable_compat::prelude!();

#[repr(C)]
struct Pair {
    first: u8,
    second: u32,
}

#[test]
fn addr_of_points_to_the_place() {
    let mut pair = Pair { first: 1, second: 2 };
    let start = &pair as *const Pair as usize;
    let second: *const u32 = ptr::addr_of!(pair.second);
    assert_eq!(second as usize - start, 4);
    let second = oldstable_compat::addr_of_mut!(pair.second);
    // SAFETY: the place is alive, and nobody else uses it.
    unsafe { second.write(second.read() + 1) };
    assert_eq!((pair.first, pair.second), (1, 3));
    assert_eq!(ptr::addr_of_mut!(pair).cast_const(), oldstable_compat::addr_of!(pair));
}

#[test]
fn from_ref_and_from_mut_are_the_references_own_pointers() {
    const FROM_REF: *const u8 = ptr::from_ref(&7);
    // SAFETY: the constant lives for ever.
    assert_eq!(unsafe { *FROM_REF }, 7);
    let from_ref: fn(&str) -> *const str = ptr::from_ref;
    let from_mut: fn(&mut str) -> *mut str = ptr::from_mut;
    let mut text = "text".to_string();
    assert_eq!(from_ref(&text) as *const u8, text.as_ptr());
    assert_eq!(from_mut(&mut text) as *const u8, text.as_ptr());
}

#[test]
fn addr_eq_compares_addresses_alone() {
    let addr_eq: fn(*const [u8], *const u16) -> bool = ptr::addr_eq;
    let bytes = [1_u8, 2, 3];
    let start = bytes.as_ptr() as *const u16;
    assert!(addr_eq(&bytes[..], start) && addr_eq(&bytes[..1], start));
    assert!(!addr_eq(&bytes[1..], start));
}

#[test]
fn fn_addr_eq_compares_functions_of_any_kind() {
    extern "C" fn c(n: u8) -> u8 {
        n.wrapping_add(1)
    }
    fn rust() -> u16 {
        2
    }
    // One pointer, since a function may have several addresses.
    let safe_c: extern "C" fn(u8) -> u8 = c;
    let unsafe_c: unsafe extern "C" fn(u8) -> u8 = safe_c;
    assert!(ptr::fn_addr_eq(safe_c, unsafe_c));
    assert!(!ptr::fn_addr_eq(safe_c, rust as fn() -> u16));
    extern "system" fn system() {}
    let system: extern "system" fn() = system;
    assert!(ptr::fn_addr_eq(system, system) && !ptr::fn_addr_eq(system, safe_c));
    extern "C" {
        fn snprintf(text: *mut u8, size: usize, format: *const u8, ...) -> i32;
    }
    let variadic: unsafe extern "C" fn(*mut u8, usize, *const u8, ...) -> i32 = snprintf;
    assert!(ptr::fn_addr_eq(variadic, variadic) && !ptr::fn_addr_eq(variadic, safe_c));
    #[cfg(target_arch = "x86_64")]
    {
        extern "win64" fn win64(_: u8) {}
        let win64: extern "win64" fn(u8) = win64;
        assert!(ptr::fn_addr_eq(win64, win64) && !ptr::fn_addr_eq(win64, safe_c));
    }
    fn borrows(numbers: &mut [u8], _: u8) -> &u8 {
        &numbers[0]
    }
    let borrows: fn(&mut [u8], u8) -> &u8 = borrows;
    let cast = borrows as fn(_, _) -> _;
    assert!(ptr::fn_addr_eq(cast, cast) && !ptr::fn_addr_eq(cast, safe_c));
    assert_eq!((c(1), rust()), (2, 2));
}

#[test]
fn casts_change_nothing_but_mutability() {
    fn check(cast_mut: fn(*const [u8]) -> *mut [u8], cast_const: fn(*mut [u8]) -> *const [u8]) {
        let bytes: *const [u8] = &[1, 2, 3];
        assert_eq!(cast_mut(bytes) as *const [u8], bytes);
        assert_eq!(cast_const(cast_mut(bytes)), bytes);
    }
    check(<*const [u8]>::cast_mut, <*mut [u8]>::cast_const);
    #[cfg(before_1_65)]
    check(ConstCast::cast_mut, MutCast::cast_const);
}

#[test]
fn byte_arithmetic_keeps_the_metadata() {
    fn check(
        add: unsafe fn(*const [u32], usize) -> *const [u32],
        sub: unsafe fn(*const [u32], usize) -> *const [u32],
        offset: unsafe fn(*const [u32], isize) -> *const [u32],
        wrapping_add: fn(*const [u32], usize) -> *const [u32],
        wrapping_sub: fn(*const [u32], usize) -> *const [u32],
        wrapping_offset: fn(*const [u32], isize) -> *const [u32],
        offset_from: unsafe fn(*mut u32, *const u16) -> isize,
    ) {
        let numbers = [1, 2, 3];
        let first: *const [u32] = &numbers[..2];
        let second: *const [u32] = &numbers[1..];
        // SAFETY: all pointers stay inside the array.
        unsafe {
            assert_eq!(add(first, 4), second);
            assert_eq!(sub(second, 4), first);
            assert_eq!((offset(first, 4), offset(second, -4)), (second, first));
            let (start, bytes) = (numbers.as_ptr(), numbers.as_ptr() as *const u8);
            assert_eq!(offset_from(start.add(1) as *mut u32, bytes.add(2) as *const u16), 2);
        }
        assert_eq!(wrapping_add(wrapping_sub(first, usize::MAX), 3), second);
        assert_eq!(wrapping_offset(second, -4), first);
    }
    check(
        <*const [u32]>::byte_add,
        <*const [u32]>::byte_sub,
        <*const [u32]>::byte_offset,
        <*const [u32]>::wrapping_byte_add,
        <*const [u32]>::wrapping_byte_sub,
        <*const [u32]>::wrapping_byte_offset,
        <*mut u32>::byte_offset_from,
    );
    #[cfg(before_1_75)]
    check(
        ConstByteOffsets::byte_add,
        ConstByteOffsets::byte_sub,
        ConstByteOffsets::byte_offset,
        ConstByteOffsets::wrapping_byte_add,
        ConstByteOffsets::wrapping_byte_sub,
        ConstByteOffsets::wrapping_byte_offset,
        MutByteOffsets::byte_offset_from,
    );
}

#[test]
fn is_aligned_asks_for_the_types_alignment() {
    fn check(is_aligned: fn(*const u32) -> bool) {
        let at = |addr| ptr::without_provenance(addr);
        assert!(is_aligned(at(8)) && is_aligned(at(4)) && is_aligned(at(0)));
        assert!(!is_aligned(at(6)) && !is_aligned(at(5)));
    }
    check(<*const u32>::is_aligned);
    #[cfg(before_1_79)]
    check(ConstIsAligned::is_aligned);
}

#[test]
fn addresses_can_be_taken_changed_and_made_up() {
    type Change = fn(usize) -> usize;
    fn check(
        addr: fn(*const [u16]) -> usize,
        expose: fn(*mut u16) -> usize,
        with_addr: fn(*const [u16], usize) -> *const [u16],
        map_addr: fn(*const [u16], Change) -> *const [u16],
    ) {
        let mut numbers = [1, 2, 3];
        let (first, second): (*const [u16], *const [u16]) = (&numbers[..2], &numbers[1..]);
        assert_eq!(addr(first), numbers.as_ptr() as usize);
        assert_eq!(with_addr(first, addr(second)), second);
        assert_eq!(map_addr(first, |addr| addr + 2), second);
        let exposed = ptr::with_exposed_provenance_mut::<u16>(expose(numbers.as_mut_ptr()));
        // SAFETY: it points to the first number, whose provenance was exposed.
        unsafe { *exposed += 4 };
        assert_eq!(numbers, [5, 2, 3]);
        let exposed = ptr::with_exposed_provenance::<u16>(expose(numbers.as_mut_ptr()));
        // SAFETY: as above.
        assert_eq!(unsafe { *exposed }, 5);
    }
    check(<*const [u16]>::addr, <*mut u16>::expose_provenance, <*const [u16]>::with_addr, <*const [u16]>::map_addr);
    #[cfg(before_1_84)]
    check(
        StrictProvenance::addr,
        StrictProvenance::expose_provenance,
        StrictProvenance::with_addr,
        StrictProvenance::map_addr,
    );
}

#[test]
fn pointers_without_provenance_are_const() {
    const MAGIC: *const u64 = ptr::without_provenance(16);
    const MAGIC_MUT: *mut u64 = ptr::without_provenance_mut(16);
    const DANGLING: *const u64 = ptr::dangling();
    const DANGLING_MUT: *mut u64 = ptr::dangling_mut();
    assert_eq!((MAGIC as usize, MAGIC_MUT as usize), (16, 16));
    let align = std::mem::align_of::<u64>();
    assert_eq!((DANGLING as usize, DANGLING_MUT as usize), (align, align));
}

#[test]
fn non_null_comes_from_references() {
    fn check(from_ref: fn(&str) -> NonNull<str>, from_mut: fn(&mut str) -> NonNull<str>) {
        let mut text = "text".to_string();
        let start = text.as_ptr();
        assert_eq!(from_ref(&text).as_ptr() as *const u8, start);
        assert_eq!(from_mut(&mut text).as_ptr() as *const u8, start);
    }
    check(NonNull::from_ref, NonNull::from_mut);
    #[cfg(before_1_89)]
    check(<NonNull<_> as NonNullFromRef<_>>::from_ref, <NonNull<_> as NonNullFromRef<_>>::from_mut);
}

#[test]
fn non_null_moves_reads_and_writes() {
    type Move<N> = unsafe fn(NonNull<u16>, N) -> NonNull<u16>;
    fn check(
        add: Move<usize>,
        sub: Move<usize>,
        offset: Move<isize>,
        read: unsafe fn(NonNull<u16>) -> u16,
        write: unsafe fn(NonNull<u16>, u16),
    ) {
        let mut numbers = [1_u16, 2, 3];
        let start = NonNull::from(&mut numbers).cast::<u16>();
        // SAFETY: all pointers stay inside the array.
        unsafe {
            write(add(start, 2), 7);
            assert_eq!(read(sub(add(start, 2), 1)), 2);
            assert_eq!(read(offset(add(start, 1), -1)), 1);
        }
        assert_eq!(numbers, [1, 2, 7]);
    }
    check(NonNull::add, NonNull::sub, NonNull::offset, NonNull::read, NonNull::write);
    #[cfg(before_1_80)]
    check(
        NonNullMethods::add,
        NonNullMethods::sub,
        NonNullMethods::offset,
        NonNullMethods::read,
        NonNullMethods::write,
    );
}

#[test]
fn slices_are_made_of_a_start_and_a_length() {
    fn check(slice_from_raw_parts: fn(NonNull<u8>, usize) -> NonNull<[u8]>) {
        let bytes = [1_u8, 2, 3];
        let slice = slice_from_raw_parts(NonNull::from(&bytes[..]).cast(), 2);
        // SAFETY: the array is alive, and borrowed for reading only.
        assert_eq!(unsafe { slice.as_ref() }, [1, 2]);
    }
    check(NonNull::slice_from_raw_parts);
    #[cfg(before_1_70)]
    check(<NonNull<[u8]> as NonNullSlice<u8>>::slice_from_raw_parts);
    let bytes = [1, 2, 3];
    // SAFETY: as above.
    let front = unsafe { &*ptr::slice_from_raw_parts(bytes.as_ptr(), 2) };
    assert_eq!(front, [1, 2]);
}
