//! What newer std and core have, for compilers back to Rust 1.48.
