// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A third party's attribute macro, for the programs of `tests/ui`: it is shown a struct and writes another.

extern crate proc_macro;

use proc_macro::{Group, TokenStream, TokenTree};

/// Adds a field behind the last.
#[proc_macro_attribute]
pub fn adds_a_field(field: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.pop() {
        let mut fields = body.stream();
        fields.extend(field);
        tokens.push(Group::new(body.delimiter(), fields).into());
    }
    tokens.into_iter().collect()
}
