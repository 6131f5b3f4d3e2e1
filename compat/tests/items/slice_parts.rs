// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of slices and arrays that were added one by one.
use crate::panic_message;
use oldstable_compat::array;
use oldstable_compat::slice::{
    ArrayWindows, ChunkBy, ChunkByMut, EscapeAscii, GetDisjointMutError, SplitInclusive, SplitInclusiveMut,
};

oldstable_compat::prelude!();

#[test]
fn the_nth_element_stands_where_sorting_brings_it() {
    let numbers = [5, 1, 4, 1, 3];
    let check = |(before, nth, behind): (&mut [i32], &mut i32, &mut [i32])| {
        assert_eq!((before.len(), *nth, behind.len()), (2, 3, 2));
        assert!(before.iter().all(|n| *n <= 3) && behind.iter().all(|n| *n >= 3));
    };
    check(numbers.clone().select_nth_unstable(2));
    check(numbers.clone().select_nth_unstable_by(2, |a, b| a.cmp(b)));
    check(numbers.clone().select_nth_unstable_by_key(2, |n| n * 2));
    panic_message(|| [1].select_nth_unstable(1).0.len());
}

#[test]
fn parts_are_stripped_and_filled() {
    let text = [1, 2, 3];
    assert_eq!((text.strip_prefix(&[1, 2]), text.strip_prefix(&[2])), (Some(&[3][..]), None));
    assert_eq!((text.strip_suffix(&[2, 3][..]), text.strip_suffix(&[1])), (Some(&[1][..]), None));
    assert_eq!(text.strip_prefix(&[1, 2, 3, 4]), None);
    let mut next = 0;
    let mut filled = [0; 3];
    filled.fill_with(|| {
        next += 1;
        next
    });
    assert_eq!(filled, [1, 2, 3]);
    assert_eq!([1, 2, 8, 9].partition_point(|n| *n < 5), 2);
}

#[test]
fn parts_end_with_what_ends_them() {
    let numbers = [1, 0, 2, 3, 0, 0, 4];
    fn zero(n: &i32) -> bool {
        *n == 0
    }
    let parts: SplitInclusive<'_, i32, fn(&i32) -> bool> = numbers.split_inclusive(zero);
    let expected: [&[i32]; 4] = [&[1, 0], &[2, 3, 0], &[0], &[4]];
    assert_eq!(parts.clone().collect::<Vec<_>>(), expected);
    assert_eq!(parts.rev().collect::<Vec<_>>(), expected.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!([1, 0].split_inclusive(zero).count(), 1);
    // Std gives one empty part in its first release with it.
    assert!([].split_inclusive(zero).all(|part| part.is_empty()));
    let mut changed = numbers;
    let parts: SplitInclusiveMut<'_, i32, fn(&i32) -> bool> = changed.split_inclusive_mut(zero);
    parts.for_each(|part| part[0] += 10);
    assert_eq!(changed, [11, 0, 12, 3, 0, 10, 14]);
    assert_eq!(changed.split_inclusive_mut(zero).next_back().map(|part| part.len()), Some(2));
}

#[test]
fn runs_of_neighbours() {
    let numbers = [1, 1, 2, 3, 3];
    fn same(a: &i32, b: &i32) -> bool {
        a == b
    }
    let runs: ChunkBy<'_, i32, fn(&i32, &i32) -> bool> = numbers.chunk_by(same);
    let expected: [&[i32]; 3] = [&[1, 1], &[2], &[3, 3]];
    assert_eq!(runs.collect::<Vec<_>>(), expected);
    assert_eq!(numbers.chunk_by(same).next_back(), Some(&[3, 3][..]));
    let mut changed = numbers;
    let runs: ChunkByMut<'_, i32, fn(&i32, &i32) -> bool> = changed.chunk_by_mut(same);
    runs.rev().for_each(|run| run[0] = 0);
    assert_eq!(changed, [0, 1, 0, 0, 3]);
}

#[test]
fn bytes_as_text() {
    let bytes = b"a\n\"\xff ";
    let escaped: EscapeAscii<'_> = bytes.escape_ascii();
    assert_eq!(escaped.to_string(), "a\\n\\\"\\xff ");
    assert_eq!(bytes.escape_ascii().rev().next(), Some(b' '));
    assert_eq!(b'\t'.escape_ascii().to_string(), "\\t");
    let chunks: Vec<_> = b"a\xff\xfe\xc3\x9fb\xe2\x82".utf8_chunks().map(|c| (c.valid(), c.invalid())).collect();
    let expected: [(&str, &[u8]); 3] = [("a", b"\xff"), ("", b"\xfe"), ("ßb", b"\xe2\x82")];
    assert_eq!(chunks, expected);
    fn named(bytes: &[u8]) -> oldstable_compat::str::Utf8Chunks<'_> {
        bytes.utf8_chunks()
    }
    let none: Option<oldstable_compat::str::Utf8Chunk<'_>> = named(b"").next();
    assert_eq!(none, None);
    let space = b" \x0c\n a b\t ";
    assert_eq!(
        (space.trim_ascii(), space.trim_ascii_start(), space.trim_ascii_end()),
        (&b"a b"[..], &b"a b\t "[..], &b" \x0c\n a b"[..])
    );
    assert_eq!((b"  ".trim_ascii(), b"\x0b".trim_ascii()), (&b""[..], &b"\x0b"[..]));
}

#[test]
fn slices_are_split_with_and_without_a_check() {
    let mut n = [1, 2, 3];
    // SAFETY: the index is not greater than the length.
    assert_eq!(unsafe { n.split_at_unchecked(1) }, (&[1][..], &[2, 3][..]));
    // SAFETY: the index is not greater than the length.
    assert_eq!(unsafe { n.split_at_mut_unchecked(3) }.1, []);
    assert_eq!((n.split_at_checked(3), n.split_at_checked(4)), (Some((&[1, 2, 3][..], &[][..])), None));
    assert!(n.split_at_mut_checked(4).is_none());
    n.split_at_mut_checked(1).expect("it is inside").1[0] = 9;
    assert_eq!(n, [1, 9, 3]);
}

#[test]
fn sorted_or_not() {
    assert!([1, 2, 2].is_sorted() && !([2, 1].is_sorted()) && !([f64::NAN, 1.0].is_sorted()) && [f64::NAN].is_sorted());
    assert!([1, 2].is_sorted_by(|a, b| a < b) && ![1, 1].is_sorted_by(|a, b| a < b));
    assert!([2, 1].is_sorted_by_key(|n| -n) && ![1, 2].is_sorted_by_key(|n| -n));
    assert!(vec![1, 2].into_iter().is_sorted() && !vec![2, 1].into_iter().is_sorted());
    assert!(vec![1, 2].iter().is_sorted_by(|a, b| a < b) && vec![1, 2].iter().is_sorted_by_key(|n| *n));
}

#[test]
fn several_exclusive_references() {
    let mut n = [1, 2, 3];
    let [a, b] = n.get_disjoint_mut([2, 0]).expect("they differ");
    std::mem::swap(a, b);
    assert_eq!(n.get_disjoint_mut([0, 3]), Err(GetDisjointMutError::IndexOutOfBounds));
    assert_eq!(n.get_disjoint_mut([1, 1]), Err(GetDisjointMutError::OverlappingIndices));
    assert_eq!(GetDisjointMutError::OverlappingIndices.to_string(), "there were overlapping indices");
    // SAFETY: they differ.
    let [one] = unsafe { n.get_disjoint_unchecked_mut([1]) };
    *one = 9;
    assert_eq!(n, [3, 9, 1]);
    assert_eq!((n.element_offset(&n[2]), n.element_offset(&1)), (Some(2), None));
}

#[test]
fn elements_are_taken_off_a_slice() {
    let mut n = &[1, 2, 3, 4, 5, 6][..];
    assert_eq!((n.split_off_first(), n.split_off_last()), (Some(&1), Some(&6)));
    assert_eq!((n.split_off(..1), n.split_off(2..), n.split_off(..=5)), (Some(&[2][..]), Some(&[5][..]), None));
    assert_eq!(n, [3, 4]);
    let (mut array, mut empty) = ([1, 2, 3, 4], &[0; 0][..]);
    let mut n = &mut array[..];
    *n.split_off_first_mut().expect("there is one") = 9;
    *n.split_off_last_mut().expect("there is one") = 8;
    assert_eq!((n.split_off_mut(..=0).map(|part| part.len()), n.len(), empty.split_off_first()), (Some(1), 1, None));
    assert_eq!(array, [9, 2, 3, 8]);
}

#[test]
fn slices_give_arrays() {
    let n = [1, 2, 3, 4, 5];
    let pair: Option<&[i32; 2]> = n.first_chunk();
    assert_eq!(pair, Some(&[1, 2]));
    let pair: Option<&[i32; 2]> = n.last_chunk();
    assert_eq!(pair, Some(&[4, 5]));
    let split: Option<(&[i32], &[i32; 2])> = n.split_last_chunk();
    assert_eq!(split, Some((&[1, 2, 3][..], &[4, 5])));
    let none: Option<&[i32; 6]> = n.first_chunk();
    assert_eq!(none, None);
    let none: Option<&[i32; 6]> = n.last_chunk();
    assert_eq!(none, None);
    let whole: Option<&[i32; 5]> = n[..].as_array();
    assert_eq!(whole, Some(&n));
    let whole: Option<&[i32; 4]> = n[..].as_array();
    assert_eq!(whole, None);
    let chunks: (&[i32], &[[i32; 2]]) = n.as_rchunks();
    assert_eq!(chunks, (&[1][..], &[[2, 3], [4, 5]][..]));
    // SAFETY: none is left over.
    let chunks: &[[i32; 2]] = unsafe { n[1..].as_chunks_unchecked() };
    assert_eq!(chunks, [[2, 3], [4, 5]]);
    let windows: Vec<&[i32; 4]> = n.array_windows().collect();
    assert_eq!(windows, [&[1, 2, 3, 4], &[2, 3, 4, 5]]);
    assert_eq!([[1, 2], [3, 4]].as_flattened(), [1, 2, 3, 4]);
}

#[test]
fn slices_give_arrays_to_change() {
    let mut n = [1, 2, 3, 4, 5];
    let pair: Option<&mut [i32; 2]> = n.first_chunk_mut();
    pair.expect("there are two")[0] = 10;
    let pair: Option<&mut [i32; 2]> = n.last_chunk_mut();
    pair.expect("there are two")[1] = 50;
    let split: Option<(&mut [i32; 2], &mut [i32])> = n.split_first_chunk_mut();
    split.expect("there are two").0[1] = 20;
    let split: Option<(&mut [i32], &mut [i32; 2])> = n.split_last_chunk_mut();
    split.expect("there are two").1[0] = 40;
    let whole: Option<&mut [i32; 5]> = n[..].as_mut_array();
    whole.expect("there are five")[2] = 30;
    assert_eq!(n, [10, 20, 30, 40, 50]);
    let (chunks, rest): (&mut [[i32; 2]], &mut [i32]) = n.as_chunks_mut();
    chunks[1] = [3, 4];
    rest[0] = 5;
    let (rest, chunks): (&mut [i32], &mut [[i32; 2]]) = n.as_rchunks_mut();
    rest[0] = 1;
    chunks[0][0] = 2;
    // SAFETY: none is left over.
    let chunks: &mut [[i32; 5]] = unsafe { n.as_chunks_unchecked_mut() };
    assert_eq!(chunks, [[1, 2, 3, 4, 5]]);
    let mut nested = [[1, 2], [3, 4]];
    nested.as_flattened_mut()[3] = 9;
    assert_eq!(nested, [[1, 2], [3, 9]]);
}

#[cfg(not(before_1_94))]
type Windows<'a> = ArrayWindows<'a, i32, 2>;
#[cfg(before_1_94)]
type Windows<'a> = ArrayWindows<'a, [i32; 2]>;

#[test]
fn windows_come_from_both_ends() {
    let n = [1, 2, 3];
    let mut windows: Windows<'_> = n.array_windows();
    assert_eq!(
        (windows.len(), windows.next_back(), windows.next(), windows.next()),
        (2, Some(&[2, 3]), Some(&[1, 2]), None)
    );
}

#[test]
fn arrays_are_mapped_and_borrowed() {
    let strings = [1, 2].map(|n: i32| n.to_string());
    assert_eq!(strings, ["1", "2"]);
    let lens = strings.each_ref().map(|s| s.len());
    assert_eq!((lens, strings.as_slice().len()), ([1, 1], 2));
    let mut strings = strings;
    for s in strings.each_mut().as_mut_slice() {
        s.push('0');
    }
    assert_eq!(strings, ["10", "20"]);
    assert_eq!((array::from_ref(&5), array::from_mut(&mut 5)), (&[5], &mut [5]));
    let repeated: [String; 3] = array::repeat("a".to_string());
    assert_eq!(repeated, ["a", "a", "a"]);
    let none: [String; 0] = array::repeat("a".to_string());
    assert_eq!(none.len(), 0);
}

#[test]
fn a_panic_in_map_drops_each_element_once() {
    use std::rc::Rc;
    let count = Rc::new(());
    let array = [count.clone(), count.clone(), count.clone()];
    let mut calls = 0;
    panic_message(
        std::panic::AssertUnwindSafe(|| {
            array.map(|element| {
                calls += 1;
                assert!(calls < 2, "the second call");
                element
            })
        })
        .0,
    );
    assert_eq!((calls, Rc::strong_count(&count)), (2, 1));
}
