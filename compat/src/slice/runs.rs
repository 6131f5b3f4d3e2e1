// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The macro that makes iterators over consecutive parts of a slice.

/// Declares the iterators over shared and exclusive parts of a slice. `first` returns the first part's length, and `last`
/// the index at which the last one begins; neither gets an empty slice.
macro_rules! runs {
    ($(#[$about:meta])+ $Runs:ident $RunsMut:ident where P: FnMut($($Arg:ty),+) -> bool;) => {
        $(#[$about])+
        pub struct $Runs<'a, T, P> {
            rest: &'a [T],
            pred: P,
        }

        $(#[$about])+
        pub struct $RunsMut<'a, T, P> {
            rest: &'a mut [T],
            pred: P,
        }

        runs! { @iterator $Runs [&'a [T]] split_at, P: FnMut($($Arg),+) -> bool }
        runs! { @iterator $RunsMut [&'a mut [T]] split_at_mut, P: FnMut($($Arg),+) -> bool }

        impl<T, P: Clone> Clone for $Runs<'_, T, P> {
            fn clone(&self) -> Self {
                $Runs { rest: self.rest, pred: self.pred.clone() }
            }
        }
    };
    (@iterator $Runs:ident [$Run:ty] $split_at:ident, P: FnMut($($Arg:ty),+) -> bool) => {
        impl<'a, T, P> $Runs<'a, T, P> {
            pub(crate) fn new(rest: $Run, pred: P) -> Self {
                $Runs { rest, pred }
            }
        }

        impl<'a, T, P: FnMut($($Arg),+) -> bool> Iterator for $Runs<'a, T, P> {
            type Item = $Run;
            #[inline]
            fn next(&mut self) -> Option<$Run> {
                if self.rest.is_empty() {
                    return None;
                }
                let at = first(self.rest, &mut self.pred);
                let (run, rest) = core::mem::take(&mut self.rest).$split_at(at);
                self.rest = rest;
                Some(run)
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (!self.rest.is_empty() as usize, Some(self.rest.len()))
            }
        }

        impl<'a, T, P: FnMut($($Arg),+) -> bool> DoubleEndedIterator for $Runs<'a, T, P> {
            #[inline]
            fn next_back(&mut self) -> Option<$Run> {
                if self.rest.is_empty() {
                    return None;
                }
                let at = last(self.rest, &mut self.pred);
                let (rest, run) = core::mem::take(&mut self.rest).$split_at(at);
                self.rest = rest;
                Some(run)
            }
        }

        impl<T, P: FnMut($($Arg),+) -> bool> core::iter::FusedIterator for $Runs<'_, T, P> {}

        impl<T: core::fmt::Debug, P> core::fmt::Debug for $Runs<'_, T, P> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple(stringify!($Runs)).field(&self.rest).finish()
            }
        }
    };
}
