// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The items of oldstable-compat that a higher floor makes superfluous, and their uses in a project's source.
//! The items, and the releases since which std has them, are read from the items.tsv of the oldstable-compat that the
//! project builds with.

pub mod source;
pub mod table;
