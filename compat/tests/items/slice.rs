// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

oldstable_compat::prelude!();

#[test]
fn fill_clones_the_value_for_all_but_the_last() {
    fn check(fill: fn(&mut [Box<u8>], Box<u8>)) {
        let mut boxes = [Box::new(1), Box::new(2), Box::new(3)];
        fill(&mut boxes, Box::new(9));
        assert_eq!(boxes.concat_bytes(), [9, 9, 9]);
        fill(&mut [], Box::new(9));
    }
    check(<[Box<u8>]>::fill);
    #[cfg(before_1_50)]
    check(SliceFill::fill);
}

trait ConcatBytes {
    fn concat_bytes(&self) -> Vec<u8>;
}

impl ConcatBytes for [Box<u8>] {
    fn concat_bytes(&self) -> Vec<u8> {
        self.iter().map(|byte| **byte).collect()
    }
}

#[test]
fn split_first_chunk_needs_enough_elements() {
    // Without `::<3>`, which has another meaning before Rust 1.59.
    type Split<'a> = Option<(&'a [u16; 3], &'a [u16])>;
    fn check(split_first_chunk: fn(&[u16]) -> Split<'_>) {
        assert_eq!(split_first_chunk(&[1, 2, 3, 4]), Some((&[1, 2, 3], &[4][..])));
        assert_eq!(split_first_chunk(&[1, 2, 3]), Some((&[1, 2, 3], &[][..])));
        assert_eq!(split_first_chunk(&[1, 2]), None);
    }
    check(|slice| slice.split_first_chunk());
    #[cfg(before_1_77)]
    check(|slice| SliceFirstChunk::split_first_chunk(slice));
}

#[test]
fn as_chunks_leaves_the_remainder() {
    type Chunks<'a> = (&'a [[u16; 2]], &'a [u16]);
    fn check(as_chunks: fn(&[u16]) -> Chunks<'_>) {
        let (chunks, rest) = as_chunks(&[1, 2, 3, 4, 5]);
        assert_eq!((chunks, rest), (&[[1, 2], [3, 4]][..], &[5][..]));
        let (chunks, rest) = as_chunks(&[1]);
        assert_eq!((chunks, rest), (&[][..], &[1][..]));
    }
    check(|slice| slice.as_chunks());
    #[cfg(before_1_88)]
    check(|slice| SliceAsChunks::as_chunks(slice));
}

#[cfg(not(before_1_59))]
#[test]
fn lengths_of_chunks_can_be_spelled_out() {
    assert_eq!([1, 2, 3].split_first_chunk::<2>(), Some((&[1, 2], &[3][..])));
    assert_eq!([1, 2, 3].as_chunks::<2>().1, [3]);
}

#[cfg(before_1_88)]
#[test]
#[should_panic = "chunk size must be non-zero"]
fn chunks_of_nothing_panic() {
    let (_, _): (&[[u8; 0]], _) = SliceAsChunks::as_chunks(&[1_u8][..]);
}
