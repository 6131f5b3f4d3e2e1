// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The orderings of atomic operations that can fail. Before 1.64 they panic, or do not compile, if the one for failure
//! is stronger than the one for success.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File};

const WHAT: &str = "stronger ordering for failure";

/// The methods, and the arguments with the orderings for success and for failure.
const METHODS: [(&str, usize, usize); 3] =
    [("compare_exchange", 2, 3), ("compare_exchange_weak", 2, 3), ("fetch_update", 0, 1)];

const ORDERINGS: [&str; 5] = ["Relaxed", "Release", "Acquire", "AcqRel", "SeqCst"];

pub fn find(file: &File, target: &Target) -> Vec<Change> {
    let calls = (0..file.len()).filter(|i| [".", "::"].contains(&file.before(*i)) && file.text(i + 1) == "(");
    calls.filter_map(|i| strengthened(file, i, target)).collect()
}

fn strengthened(file: &File, method: usize, target: &Target) -> Option<Change> {
    let (_, success, failure) = METHODS.iter().find(|(name, ..)| *name == file.text(method))?;
    let arguments = file.split(method + 2..file.other(method + 1), ",");
    // The atomic is an argument too in a call by path.
    let own = usize::from(file.before(method) == "::");
    // Methods of other types have those names too.
    arguments.get(own + if *success == 0 { 2 } else { 3 })?;
    let (success, failure) = (arguments.get(success + own)?, arguments.get(failure + own)?);
    let change = Change::at(file, method, WHAT);
    let needed = match (ordering(file, success), ordering(file, failure)) {
        (Some("SeqCst"), _) | (_, Some("Relaxed")) => return None,
        (None, _) | (_, None) => {
            let how = "it panics there if the ordering for failure is the stronger one, which is not seen here";
            return Some(change.by_hand(how));
        }
        (_, Some("SeqCst")) | (Some("Relaxed"), Some("Acquire")) => file.spelled(failure.clone()).to_string(),
        (Some("Release"), Some("Acquire")) if success.len() > 1 => {
            format!("{}AcqRel", file.spelled(success.start..success.end - 1))
        }
        (Some("Release"), Some("Acquire")) => {
            let root = if target.to < 2018 { "std" } else { "core" };
            format!("::{root}::sync::atomic::Ordering::AcqRel")
        }
        _ => return None,
    };
    Some(change.replace(file.bytes(success.clone()), needed))
}

/// Returns the ordering that an argument names.
fn ordering<'a>(file: &File<'a>, argument: &Range<usize>) -> Option<&'a str> {
    let path = argument.clone().all(|i| file.is_name(i) || file.text(i) == "::");
    let last = file.text(argument.end.checked_sub(1)?);
    Some(last).filter(|last| path && ORDERINGS.contains(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::Draft;

    fn lowered(success: &str, failure: &str) -> String {
        let target = Target { minor: 48, from: 2021, to: 2018 };
        let mut draft = Draft::new(format!("a.fetch_update({success}, {failure}, |x| Some(x))"));
        draft.apply(find(&File::parse(&draft.text.clone()).unwrap(), &target));
        let orderings = draft.text.split('(').nth(1).unwrap().rsplit_once(", |").unwrap().0;
        orderings.to_string()
    }

    #[test]
    fn what_fails_is_as_strong_as_what_succeeds() {
        // Success, failure, and success as it becomes.
        let cases = [
            ("O::Relaxed", "O::Acquire", "O::Acquire"),
            ("O::Relaxed", "SeqCst", "SeqCst"),
            ("Release", "Acquire", "::core::sync::atomic::Ordering::AcqRel"),
            ("a::O::Release", "Acquire", "a::O::AcqRel"),
            ("Release", "SeqCst", "SeqCst"),
            ("Acquire", "SeqCst", "SeqCst"),
            ("AcqRel", "SeqCst", "SeqCst"),
            ("AcqRel", "Acquire", "AcqRel"),
            ("Acquire", "Acquire", "Acquire"),
            ("SeqCst", "SeqCst", "SeqCst"),
            ("Release", "Relaxed", "Release"),
        ];
        for (success, failure, needed) in cases {
            assert_eq!(lowered(success, failure), format!("{needed}, {failure}"), "{success}");
        }
    }

    #[test]
    fn an_ordering_that_is_not_seen_is_listed() {
        let target = Target { minor: 63, from: 2021, to: 2021 };
        let found = |text: &str| find(&File::parse(text).unwrap(), &target);
        for text in ["a.compare_exchange(0, 1, success, Acquire)", "a.compare_exchange_weak(0, 1, Release, failure)"] {
            assert!(found(text)[0].by_hand.is_some() && found(text)[0].edits.is_empty(), "{text}");
        }
        let plain = [
            "a.compare_exchange(0, 1, SeqCst, failure)",
            "a.compare_exchange(0, 1, success, Relaxed)",
            "cell.compare_exchange(0, 1)",
            "map.fetch_update(key, |x| x)",
            "fn fetch_update(a: A, b: B) {}",
        ];
        assert!(plain.iter().all(|text| found(text).is_empty()));
        let by_path = "AtomicU8::compare_exchange(&a, 0, 1, Ordering::Release, Ordering::Acquire)";
        assert_eq!(found(by_path)[0].edits[0].text, "Ordering::AcqRel");
    }
}
