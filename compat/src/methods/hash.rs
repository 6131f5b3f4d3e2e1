// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `core::hash`.

use core::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

/// Methods of `BuildHasher` from Rust 1.71.
#[cfg(before_1_71)]
pub trait BuildHasherHashOne: BuildHasher {
    /// The hash of one value.
    fn hash_one<T: Hash>(&self, x: T) -> u64 {
        let mut hasher = self.build_hasher();
        x.hash(&mut hasher);
        hasher.finish()
    }
}
#[cfg(before_1_71)]
impl<B: BuildHasher + ?Sized> BuildHasherHashOne for B {}

#[cfg(before_1_85)]
extension! {
    /// Functions of `BuildHasherDefault` from Rust 1.85.
    BuildHasherDefaultNew<H> for BuildHasherDefault<H>;
    /// The default builder.
    fn new() -> BuildHasherDefault<H> { BuildHasherDefault::default() }
}
