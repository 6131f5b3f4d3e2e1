// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#[cfg(any(feature = "std", not(before_1_56)))]
#[test]
fn the_traits_are_those_of_std() {
    fn safe<T: oldstable_compat::panic::UnwindSafe + oldstable_compat::panic::RefUnwindSafe>() {
        fn std<T: std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
        std::<T>();
    }
    safe::<u8>();
}
