// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The source agrees with its gates and with the list of its items.

#[path = "../../gates.rs"]
mod gate_list;

mod build_script;
mod gates;
mod items;
