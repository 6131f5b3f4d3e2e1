// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `transmute` between types of which older compilers cannot see that they have the same size, such as those that differ
//! in a lifetime behind an associated type.

use super::source::{Change, File};
use super::syntax::Target;

/// Returns the same conversion with a comparison of the sizes at run time.
pub fn mend(file: &File, tokens: std::ops::Range<usize>, target: &Target) -> Option<Change> {
    let name = tokens.clone().find(|i| file.text(*i) == "transmute" && ["(", "::"].contains(&file.text(i + 1)))?;
    let generics = if file.text(name + 1) == "(" { "" } else { file.spelled(name + 1..tokens.end) };
    let mem = if target.to < 2018 { "::std::mem" } else { "core::mem" };
    // Some crates ask for the unsafe block by a lint, and elsewhere it is unused.
    let function = format!(
        "unsafe fn same_size<A, B>(from: A) -> B {{ assert_eq!({mem}::size_of::<A>(), {mem}::size_of::<B>()); \
            #[allow(unused_unsafe)] unsafe {{ {mem}::transmute_copy(&{mem}::ManuallyDrop::new(from)) }} }}"
    );
    let change = Change::at(file, name, "transmute").differs("that the sizes are the same is checked at run time");
    Some(change.replace(file.bytes(tokens), format!("({{ {function} same_size{generics} }})")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    fn lowered(call: &str, to: u32) -> String {
        rewritten(&format!("{call}(x)"), |file| {
            let path = 0..(0..file.len()).rfind(|i| file.text(*i) == "(").unwrap();
            mend(file, path, &Target { minor: 63, from: 2021, to })
        })
    }

    #[test]
    fn the_sizes_are_compared_when_it_runs() {
        let text = lowered("core::mem::transmute::<Self::Output, Self>", 2021);
        assert!(text.starts_with("({ unsafe fn same_size<A, B>(from: A) -> B { assert_eq!(core::mem::"), "{text}");
        assert!(text.ends_with(" same_size::<Self::Output, Self> })(x)"), "{text}");
        let text = lowered("transmute", 2015);
        assert!(text.contains("::std::mem::size_of::<A>()") && text.ends_with(" same_size })(x)"), "{text}");
        assert_eq!(lowered("other", 2021), "other(x)");
    }
}
