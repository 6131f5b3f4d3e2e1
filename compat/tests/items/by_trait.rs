// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The methods with unsafe code in them, called by their traits: so they are ours also where a newer compiler, such as Miri's,
//! pretends to be an older one and has std's own method, which a call of the method would mean.
#![allow(unused_imports)]

use oldstable_compat::prelude::methods::*;
use std::cell::{Cell, Ref, RefCell, RefMut, UnsafeCell};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};
use std::sync::Arc;

/// Counts how many of it are dropped, and panics when it is told to.
#[cfg(before_1_61)]
struct Counted<'a>(&'a Cell<usize>, i32);

#[cfg(before_1_61)]
impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        assert!(self.1 != 13, "13");
    }
}

#[cfg(before_1_55)]
#[test]
fn a_map_that_panics_drops_each_element_once() {
    let dropped = Cell::new(0);
    let counted = |i| Counted(&dropped, i);
    for stop in 0..5 {
        dropped.set(0);
        let array = [counted(0), counted(1), counted(2), counted(3)];
        let mapped: std::thread::Result<[Counted<'_>; 4]> = catch_unwind(AssertUnwindSafe(|| {
            ArrayMap::map(array, |element| if element.1 == stop { panic!("stop") } else { element })
        }));
        assert_eq!((mapped.is_ok(), dropped.get()), (stop == 4, if stop == 4 { 0 } else { 4 }));
    }
    assert_eq!(ArrayMap::map([(), ()], |()| "no size"), ["no size", "no size"]);
}

#[cfg(before_1_77)]
#[test]
fn arrays_of_references() {
    let mut texts = [String::from("a"), String::from("b")];
    let [a, b]: [&mut String; 2] = ArrayEach::each_mut(&mut texts);
    std::mem::swap(a, b);
    let [a, b]: [&String; 2] = ArrayEach::each_ref(&texts);
    assert_eq!((a.as_str(), b.as_str()), ("b", "a"));
}

#[cfg(before_1_77)]
#[test]
fn chunks_at_the_ends() {
    let mut numbers = [1, 2, 3];
    let none: Option<&[i32; 4]> = SliceFirstChunk::first_chunk(&numbers[..]);
    assert!(none.is_none());
    let first: Option<&mut [i32; 2]> = SliceFirstChunk::first_chunk_mut(&mut numbers[..]);
    first.expect("two").swap(0, 1);
    let last: Option<(&mut [i32], &mut [i32; 1])> = SliceFirstChunk::split_last_chunk_mut(&mut numbers[..]);
    let (rest, last) = last.expect("one");
    std::mem::swap(&mut rest[0], &mut last[0]);
    let parts: Option<(&[i32; 2], &[i32])> = SliceFirstChunk::split_first_chunk(&numbers[..]);
    assert_eq!(parts, Some((&[3, 1], &[2][..])));
}

#[cfg(before_1_88)]
#[test]
fn chunks_of_elements() {
    let mut numbers = [1, 2, 3, 4, 5];
    {
        let (pairs, rest): (&mut [[i32; 2]], &mut [i32]) = SliceAsChunks::as_chunks_mut(&mut numbers[..]);
        pairs.swap(0, 1);
        rest[0] = 0;
    }
    let (rest, pairs): (&[i32], &[[i32; 2]]) = SliceAsChunks::as_rchunks(&numbers[..]);
    assert_eq!((rest, pairs), (&[3][..], &[[4, 1], [2, 0]][..]));
    let nothing: (&[[(); 3]], &[()]) = SliceAsChunks::as_chunks(&[(); 7][..]);
    assert_eq!((nothing.0.len(), nothing.1.len()), (2, 1));
}

#[cfg(before_1_80)]
#[test]
fn flat_vectors_have_room_for_what_their_arrays_had() {
    let mut arrays = [[1, 2], [3, 4]];
    SliceAsFlattened::as_flattened_mut(&mut arrays[..])[3] = 5;
    assert_eq!(SliceAsFlattened::as_flattened(&arrays[..]), [1, 2, 3, 5]);
    let mut flat: Vec<String> = VecIntoFlattened::into_flattened(vec![[String::from("a"), String::from("b")]]);
    flat.push(String::from("c"));
    assert_eq!(flat, ["a", "b", "c"]);
    let mut flat: Vec<u64> = VecIntoFlattened::into_flattened(vec![[], []]);
    assert_eq!((flat.len(), flat.capacity()), (0, 0));
    flat.push(1);
    assert_eq!(flat, [1]);
    let flat: Vec<()> = VecIntoFlattened::into_flattened(vec![[(); 2]; 3]);
    assert_eq!(flat.len(), 6);
}

#[cfg(before_1_61)]
#[test]
fn retain_mut_keeps_the_unseen_after_a_panic() {
    for &(in_condition, len) in &[(true, 3), (false, 2)] {
        let dropped = Cell::new(0);
        let mut elements: Vec<_> =
            (0..4).map(|i| Counted(&dropped, if i == 1 && !in_condition { 13 } else { i })).collect();
        let kept = catch_unwind(AssertUnwindSafe(|| {
            VecRetainMut::retain_mut(&mut elements, |element| {
                assert!(!in_condition || element.1 != 2, "2");
                element.1 >= 2 && element.1 != 13
            })
        }));
        assert!(kept.is_err());
        assert_eq!((elements.len(), dropped.get()), (if in_condition { 2 } else { len }, 2));
        drop(elements);
        assert_eq!(dropped.get(), 4);
    }
}

#[cfg(before_1_60)]
#[test]
fn spare_memory_of_a_vector() {
    let mut bytes = Vec::<u16>::with_capacity(3);
    bytes.push(1);
    let spare = VecSpareCapacity::spare_capacity_mut(&mut bytes);
    spare[1] = MaybeUninit::new(3);
    spare[0] = MaybeUninit::new(2);
    // SAFETY: all three are initialised.
    unsafe { bytes.set_len(3) };
    assert_eq!(bytes, [1, 2, 3]);
}

#[cfg(before_1_87)]
#[test]
fn an_extraction_that_is_forgotten_loses_nothing() {
    let mut texts: Vec<_> = (0..6).map(|i| i.to_string()).collect();
    let mut extracted = VecExtractIf::extract_if(&mut texts, 1..5, |text| text != "2");
    assert_eq!(extracted.next().as_deref(), Some("1"));
    std::mem::forget(extracted);
    assert_eq!(texts, ["0", "2", "3", "4", "5"]);
}

#[cfg(before_1_63)]
#[test]
fn parts_of_what_a_cell_lends() {
    let cell = RefCell::new((1, vec![2, 3]));
    let part = RefFilterMap::filter_map(cell.borrow(), |whole| whole.1.get(1));
    assert_eq!(part.map(|part| *part).ok(), Some(3));
    // In the value itself, behind it, and not there at all.
    let mut part =
        RefMutFilterMap::filter_map(cell.borrow_mut(), |whole| Some(&mut whole.0)).ok().expect("it is there");
    *part += 1;
    *part += 1;
    drop(part);
    let mut part =
        RefMutFilterMap::filter_map(cell.borrow_mut(), |whole| whole.1.get_mut(..1)).ok().expect("it is there");
    part[0] = 9;
    drop(part);
    let whole = RefMutFilterMap::filter_map(cell.borrow_mut(), |whole| whole.1.get_mut(7));
    let mut whole = whole.err().expect("it is not there");
    whole.1.push(4);
    drop(whole);
    assert_eq!(cell.into_inner(), (3, vec![9, 3, 4]));
    let array = RefCell::new([1_u8, 2, 3]);
    let mut part =
        RefMutFilterMap::filter_map(array.borrow_mut(), |whole| whole.get_mut(1..)).ok().expect("it is there");
    part.copy_from_slice(&[5, 6]);
    drop(part);
    assert_eq!(array.into_inner(), [1, 5, 6]);
}

#[cfg(before_1_84)]
#[test]
fn cells_around_values() {
    let mut value = String::from("a");
    let cell = <UnsafeCell<String> as UnsafeCellFromMut<_>>::from_mut(&mut value);
    // SAFETY: nobody else uses it.
    unsafe { (*cell.get()).push('b') };
    #[cfg(before_1_50)]
    UnsafeCellGetMut::get_mut(cell).push('c');
    #[cfg(before_1_56)]
    // SAFETY: nobody else uses it.
    unsafe {
        (*<UnsafeCell<String> as UnsafeCellRawGet<_>>::raw_get(cell)).push('d')
    };
    assert!(value.starts_with("ab"));
}

#[cfg(before_1_75)]
#[test]
fn pointers_move_by_bytes_and_keep_what_they_may_access() {
    let numbers = [1_u32, 2, 3];
    let start = numbers.as_ptr();
    // SAFETY: all of them lie in the array.
    unsafe {
        assert_eq!(*ConstByteOffsets::byte_add(start, 4), 2);
        assert_eq!(*ConstByteOffsets::byte_sub(start.add(2), 8), 1);
        assert_eq!(ConstByteOffsets::byte_offset_from(start.add(2), start), 8);
        let tail = std::ptr::slice_from_raw_parts(start, 2);
        let tail = &*ConstByteOffsets::wrapping_byte_add(tail, 4);
        assert_eq!(tail, [2, 3]);
        let one: &dyn std::fmt::Debug = &numbers[0];
        let two = &*ConstByteOffsets::byte_add(one as *const dyn std::fmt::Debug, 0);
        assert_eq!(format!("{:?}", two), "1");
    }
    assert_eq!(MutLen::len(std::ptr::slice_from_raw_parts_mut(std::ptr::null_mut::<u8>(), 7)), 7);
}

#[cfg(before_1_84)]
#[test]
fn addresses_of_pointers() {
    let mut numbers = [1_u16, 2];
    let start = numbers.as_mut_ptr();
    let second = StrictProvenance::with_addr(start, StrictProvenance::addr(start) + 2);
    // SAFETY: it points to the second one.
    unsafe { *second = 5 };
    let tagged = StrictProvenance::map_addr(second, |addr| addr | 1);
    let back = StrictProvenance::map_addr(tagged, |addr| addr & !1);
    let not_null = NonNull::new(back).expect("not null");
    let first = NonNullAddr::map_addr(not_null, |addr| std::num::NonZeroUsize::new(addr.get() - 2).expect("not null"));
    // SAFETY: it points to the first one.
    unsafe { *first.as_ptr() = 4 };
    assert_eq!(numbers, [4, 5]);
}

#[cfg(before_1_80)]
#[test]
fn pointers_that_are_not_null() {
    let mut numbers = [1, 2, 3];
    let start = NonNull::from(&mut numbers).cast::<i32>();
    // SAFETY: all of them lie in the array.
    unsafe {
        NonNullMethods::swap(start, NonNullMethods::add(start, 2));
        assert_eq!(NonNullMethods::replace(NonNullBytes::byte_add(start, 4), 7), 2);
        NonNullMethods::copy_to(start, NonNullMethods::add(start, 1), 2);
        assert_eq!(NonNullMethods::offset_from(NonNullMethods::add(start, 2), start), 2);
    }
    assert_eq!(numbers, [3, 3, 7]);
}

#[cfg(before_1_86)]
#[test]
fn disjoint_elements() {
    let mut texts = ["a".to_string(), "b".to_string(), "c".to_string()];
    let [c, a] = SliceGetDisjoint::get_disjoint_mut(&mut texts[..], [2, 0]).expect("they differ");
    std::mem::swap(c, a);
    assert!(SliceGetDisjoint::get_disjoint_mut(&mut texts[..], [1, 1]).is_err());
    assert!(SliceGetDisjoint::get_disjoint_mut(&mut texts[..], [3]).is_err());
    assert_eq!(texts, ["c", "b", "a"]);
    #[cfg(before_1_79)]
    {
        // SAFETY: it is the length.
        let (all, none) = unsafe { SliceSplitUnchecked::split_at_mut_unchecked(&mut texts[..], 3) };
        all[0].push('d');
        assert!(none.is_empty());
    }
}

#[cfg(before_1_93)]
#[test]
fn memory_that_is_not_initialised() {
    #[cfg(before_1_55)]
    {
        let mut one = MaybeUninit::uninit();
        MaybeUninitWrite::write(&mut one, String::from("a")).push('b');
        // SAFETY: it is initialised, and dropped once.
        unsafe {
            assert_eq!(MaybeUninitWrite::assume_init_ref(&one), "ab");
            MaybeUninitDrop::assume_init_drop(&mut one);
        }
    }
    let mut two = [MaybeUninit::uninit(); 2];
    MaybeUninitSlice::write_copy_of_slice(&mut two[..], &[1, 2])[0] = 3;
    // SAFETY: both are initialised.
    assert_eq!(unsafe { MaybeUninitSlice::assume_init_ref(&two[..]) }, [3, 2]);
}

#[cfg(before_1_82)]
#[test]
fn owners_of_memory_that_is_not_initialised() {
    let mut one = <Rc<u32> as RcNewUninit<_>>::new_uninit();
    *Rc::get_mut(&mut one).expect("the only owner") = MaybeUninit::new(5);
    let mut three = <Arc<[u16]> as ArcNewUninitSlice<_>>::new_uninit_slice(3);
    for each in Arc::get_mut(&mut three).expect("the only owner") {
        *each = MaybeUninit::new(7);
    }
    let zeroes = <Box<[u64]> as BoxNewZeroedSlice<_>>::new_zeroed_slice(2);
    let mut boxed = <Box<String> as BoxNewUninit<_>>::new_uninit();
    *boxed = MaybeUninit::new(String::from("a"));
    // SAFETY: all are initialised.
    unsafe {
        assert_eq!(*RcAssumeInit::assume_init(one), 5);
        assert_eq!(*ArcAssumeInitSlice::assume_init(three), [7, 7, 7]);
        assert_eq!(*BoxAssumeInitSlice::assume_init(zeroes), [0, 0]);
        assert_eq!(*BoxAssumeInit::assume_init(boxed), "a");
    }
    let written = BoxWrite::write(<Box<Vec<u8>> as BoxNewUninit<_>>::new_uninit(), vec![1]);
    assert_eq!(*written, [1]);
}

#[cfg(before_1_51)]
#[test]
fn owners_are_counted_and_asked_for_their_type() {
    let owner = Arc::new(String::from("a"));
    let pointer = Arc::into_raw(owner.clone());
    // SAFETY: the pointer is one owner, and stands for two after the first line.
    unsafe {
        <Arc<String> as ArcStrongCount<_>>::increment_strong_count(pointer);
        assert_eq!(Arc::strong_count(&owner), 3);
        <Arc<String> as ArcStrongCount<_>>::decrement_strong_count(pointer);
        <Arc<String> as ArcStrongCount<_>>::decrement_strong_count(pointer);
    }
    assert_eq!(Arc::strong_count(&owner), 1);
    let any: Box<dyn std::any::Any + Send + Sync> = Box::new(5_u8);
    let any = BoxDowncast::downcast::<u16>(any).expect_err("it is a byte");
    assert_eq!(*BoxDowncast::downcast::<u8>(any).expect("it is a byte"), 5);
}

#[cfg(before_1_70)]
#[test]
fn atomics_and_their_values() {
    let mut value = 5_u8;
    // SAFETY: whatever else uses the value meanwhile is atomic, too.
    let atomic: &AtomicU8 = unsafe { AtomicFromPtr::from_ptr(&mut value) };
    assert_eq!(AtomicUpdate::update(atomic, Ordering::SeqCst, Ordering::SeqCst, |old| old + 1), 5);
    assert_eq!(AtomicUpdate::try_update(atomic, Ordering::AcqRel, Ordering::Acquire, |_| None), Err(6));
    // SAFETY: nobody else uses it now.
    unsafe { *AtomicAsPtr::as_ptr(atomic) += 1 };
    assert_eq!(value, 7);
    let mut numbers = [1_u16, 2];
    let pointer = AtomicPtr::new(numbers.as_mut_ptr());
    AtomicPtrArithmetic::fetch_ptr_add(&pointer, 1, Ordering::Relaxed);
    AtomicPtrArithmetic::fetch_or(&pointer, 1, Ordering::Relaxed);
    AtomicPtrArithmetic::fetch_and(&pointer, !1, Ordering::Relaxed);
    // SAFETY: it points to the second one.
    unsafe { *pointer.into_inner() = 9 };
    assert_eq!(numbers, [1, 9]);
}

#[cfg(before_1_61)]
#[test]
fn pins() {
    use std::pin::Pin;
    let value: &'static mut u8 = Box::leak(Box::new(1));
    let mut pinned = <Pin<&'static mut u8> as PinStaticMut<_>>::static_mut(value);
    PinAsDerefMut::as_deref_mut(Pin::new(&mut pinned)).set(2);
    assert_eq!(*pinned, 2);
    // SAFETY: it was leaked above, and nothing else points to it.
    drop(unsafe { Box::from_raw(Pin::into_inner(pinned) as *mut u8) });
}

#[cfg(before_1_91)]
#[test]
fn cells_of_an_array() {
    let mut texts = ["a".to_string(), "b".to_string()];
    {
        let cell = Cell::from_mut(&mut texts);
        let cells: &[Cell<String>; 2] = CellAsArray::as_array_of_cells(cell);
        cells[0].swap(&cells[1]);
        cells[1].set("c".to_string());
    }
    assert_eq!(texts, ["b", "c"]);
}

#[cfg(before_1_93)]
#[test]
fn pointers_to_arrays() {
    let mut numbers = [1, 2, 3];
    let all: Option<*mut [i32; 3]> = MutAsArray::as_mut_array(&mut numbers as *mut [i32]);
    // SAFETY: it points to all three, which nothing else uses.
    unsafe { (*all.expect("three"))[2] = 4 };
    let all: Option<*const [i32; 3]> = ConstAsArray::as_array(&numbers as *const [i32]);
    // SAFETY: it points to all three.
    assert_eq!(unsafe { *all.expect("three") }, [1, 2, 4]);
    let less: Option<*const [i32; 2]> = ConstAsArray::as_array(&numbers as *const [i32]);
    let nothing = std::ptr::slice_from_raw_parts(std::ptr::null::<i32>(), 0);
    let none: Option<*const [i32; 0]> = ConstAsArray::as_array(nothing);
    assert!(less.is_none() && none.expect("null, too, has a length").is_null());
}

#[cfg(before_1_93)]
#[test]
fn clones_that_were_made_before_a_panic_are_dropped() {
    struct Clones<'a>(&'a Cell<i32>, i32);
    impl Clone for Clones<'_> {
        fn clone(&self) -> Self {
            assert!(self.1 != 2, "2");
            self.0.set(self.0.get() + 1);
            Clones(self.0, self.1)
        }
    }
    impl Drop for Clones<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }
    let alive = Cell::new(3);
    let source = [Clones(&alive, 0), Clones(&alive, 1), Clones(&alive, 2)];
    let mut memory = [MaybeUninit::uninit(), MaybeUninit::uninit(), MaybeUninit::uninit()];
    let result = catch_unwind(AssertUnwindSafe(|| {
        MaybeUninitSlice::write_clone_of_slice(&mut memory[..], &source);
    }));
    assert!(result.is_err());
    assert_eq!(alive.get(), 3);
    let clones = MaybeUninitSlice::write_clone_of_slice(&mut memory[..2], &source[..2]);
    assert_eq!((clones.len(), clones[1].1, alive.get()), (2, 1, 5));
    // SAFETY: these two are initialised, and dropped once.
    unsafe { MaybeUninitSlice::assume_init_drop(&mut memory[..2]) };
    assert_eq!(alive.get(), 3);
    let other = catch_unwind(AssertUnwindSafe(|| {
        MaybeUninitSlice::write_clone_of_slice(&mut memory[..], &source[..2]);
    }));
    assert_eq!((other.is_err(), alive.get()), (true, 3));
}

#[cfg(before_1_70)]
#[test]
fn a_heap_loses_nothing_when_a_condition_panics() {
    use std::collections::BinaryHeap;
    let mut heap: BinaryHeap<_> = (0..5).collect();
    let mut seen = 0;
    let kept = catch_unwind(AssertUnwindSafe(|| {
        HeapRetain::retain(&mut heap, |number| {
            seen += 1;
            assert!(seen < 3, "3");
            *number != 4
        })
    }));
    assert!(kept.is_err());
    let sorted = heap.into_sorted_vec();
    assert!(sorted.len() >= 4 && sorted[..4] == [0, 1, 2, 3], "{:?}", sorted);
}
