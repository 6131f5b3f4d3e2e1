//! expect: expected an array with a fixed size of 0 elements, found one with 1 element | a byte has nine bits
oldstable_compat::const_assert!(u8::MAX as u16 == 511, "a byte has nine bits");
