//! The source agrees with its gates and with the list of its items.

#[path = "../../gates.rs"]
mod gate_list;

mod build_script;
mod gates;
mod items;
