//! What the source says of itself: its gates, and the README's table of what it has.

#[path = "../../gates.rs"]
mod gate_list;

mod gates;
mod readme;
