// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `PanicHookInfo`.
// Before Rust 1.81 it is another name for the type that newer compilers deprecate.
#![allow(deprecated)]

#[cfg(before_1_91)]
extension! {
    /// Methods of `PanicHookInfo` from Rust 1.91.
    PanicHookInfoPayloadAsStr for crate::panic::PanicHookInfo<'_>;
    /// The payload, if it is a text, as that of `panic!` is.
    fn payload_as_str(&self) -> Option<&str> {
        let payload = self.payload();
        let text = payload.downcast_ref::<std::string::String>().map(std::string::String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied())
    }
}
