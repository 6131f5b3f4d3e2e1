// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `ControlFlow`, in the releases that have the type but not all methods.

#[cfg(all(before_1_59, not(before_1_55)))]
extension! {
    /// Methods of `ControlFlow` from Rust 1.59.
    IsBreak<B, C> for core::ops::ControlFlow<B, C>;
    /// Whether it is `Break`.
    fn is_break(&self) -> bool {
        matches!(self, core::ops::ControlFlow::Break(_))
    }
    /// Whether it is `Continue`.
    fn is_continue(&self) -> bool {
        matches!(self, core::ops::ControlFlow::Continue(_))
    }
}

#[cfg(all(before_1_83, not(before_1_55)))]
extension! {
    /// Methods of `ControlFlow` from Rust 1.83.
    ControlFlowValues<B, C> for core::ops::ControlFlow<B, C>;
    /// The value of `Break`.
    fn break_value(self) -> Option<B> {
        match self {
            core::ops::ControlFlow::Break(value) => Some(value),
            core::ops::ControlFlow::Continue(_) => None,
        }
    }
    /// The value of `Continue`.
    fn continue_value(self) -> Option<C> {
        match self {
            core::ops::ControlFlow::Break(_) => None,
            core::ops::ControlFlow::Continue(value) => Some(value),
        }
    }
    /// Changes the value of `Break`.
    fn map_break<T, F>(self, f: F) -> core::ops::ControlFlow<T, C>
    where F: FnOnce(B) -> T {
        match self {
            core::ops::ControlFlow::Break(value) => core::ops::ControlFlow::Break(f(value)),
            core::ops::ControlFlow::Continue(value) => core::ops::ControlFlow::Continue(value),
        }
    }
    /// Changes the value of `Continue`.
    fn map_continue<T, F>(self, f: F) -> core::ops::ControlFlow<B, T>
    where F: FnOnce(C) -> T {
        match self {
            core::ops::ControlFlow::Break(value) => core::ops::ControlFlow::Break(value),
            core::ops::ControlFlow::Continue(value) => core::ops::ControlFlow::Continue(f(value)),
        }
    }
}

#[cfg(all(before_1_96, not(before_1_55)))]
extension! {
    /// Methods of `ControlFlow` from Rust 1.96.
    ControlFlowOk<B, C> for core::ops::ControlFlow<B, C>;
    /// The value of `Break`, or that of `Continue` as the error.
    fn break_ok(self) -> Result<B, C> {
        match self {
            core::ops::ControlFlow::Break(value) => Ok(value),
            core::ops::ControlFlow::Continue(value) => Err(value),
        }
    }
    /// The value of `Continue`, or that of `Break` as the error.
    fn continue_ok(self) -> Result<C, B> {
        match self {
            core::ops::ControlFlow::Break(value) => Err(value),
            core::ops::ControlFlow::Continue(value) => Ok(value),
        }
    }
}
