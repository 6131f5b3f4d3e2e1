//! What the source says of itself: its gates, and the list of what it has.

#[path = "../../gates.rs"]
mod gate_list;

mod build_script;
mod gates;
mod items;
