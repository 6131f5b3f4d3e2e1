// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ControlFlow`, for compilers before Rust 1.55.

/// Whether to continue: `core::ops::ControlFlow` from Rust 1.55.
///
/// Here it is a type of its own: `?`, `try_fold` and `try_for_each` do not accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ControlFlow<B, C = ()> {
    /// Continue.
    Continue(C),
    /// Stop.
    Break(B),
}

impl<B, C> ControlFlow<B, C> {
    /// Whether it is `Break`.
    pub fn is_break(&self) -> bool {
        matches!(self, ControlFlow::Break(_))
    }
    /// Whether it is `Continue`.
    pub fn is_continue(&self) -> bool {
        matches!(self, ControlFlow::Continue(_))
    }
    /// The value of `Break`.
    pub fn break_value(self) -> Option<B> {
        self.break_ok().ok()
    }
    /// The value of `Continue`.
    pub fn continue_value(self) -> Option<C> {
        self.continue_ok().ok()
    }
    /// Changes the value of `Break`.
    pub fn map_break<T>(self, f: impl FnOnce(B) -> T) -> ControlFlow<T, C> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(value),
            ControlFlow::Break(value) => ControlFlow::Break(f(value)),
        }
    }
    /// Changes the value of `Continue`.
    pub fn map_continue<T>(self, f: impl FnOnce(C) -> T) -> ControlFlow<B, T> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(f(value)),
            ControlFlow::Break(value) => ControlFlow::Break(value),
        }
    }
    /// The value of `Break`, or that of `Continue` as the error.
    pub fn break_ok(self) -> Result<B, C> {
        match self {
            ControlFlow::Continue(value) => Err(value),
            ControlFlow::Break(value) => Ok(value),
        }
    }
    /// The value of `Continue`, or that of `Break` as the error.
    pub fn continue_ok(self) -> Result<C, B> {
        match self {
            ControlFlow::Continue(value) => Ok(value),
            ControlFlow::Break(value) => Err(value),
        }
    }
}
