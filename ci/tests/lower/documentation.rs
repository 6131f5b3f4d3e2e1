//! A crate.
//!
//! ```
//! let x = 3;
//! println!("{x}");
//! let Some(y) = Some(4)
//! else {
//!     // Never.
//!     panic!("no {x}");
//! };
//! assert_eq!(small::half(y), 2, "{y}");
//! ```

/// Half of it.
///
/// # Examples
///
/// ```
/// # use std::convert::TryInto as _;
/// # fn main() {
/// let n: u8 = 300u32.try_into().unwrap_or(7);
/// if let Some(a) = Some(n)
///     && a > 3
/// {
///     assert_eq!(a.div_ceil(2), 4); // as it is
/// }
/// # }
/// ```
///
/// ```compile_fail
/// let Some(x) = 3 else { };
/// ```
///
/// ```should_panic
/// use std::sync::OnceLock;
///
/// static A: OnceLock<u8> = OnceLock::new();
/// let a = A.get().expect("none");
/// ```
pub fn half(n: u8) -> u8 {
    n / 2
}

pub struct S;

impl S {
    #[doc = "x"]
    /// ```rust
    /// assert!(matches!(small::S.get(), 1 | 2));
    /// let v = u8::try_from(3i32).unwrap();
    /// assert!(Some(v).is_some_and(|v| v == 3));
    /// ```
    /// ~~~
    /// let q = 3;
    /// assert_eq!(format!("{q}"), "3");
    /// ~~~
    pub fn get(&self) -> u8 {
        1
    }
}

/// The length of all.
///
/// ```
/// # struct Word(&'static str);
/// # mod inner {
/// #     pub fn text(word: &super::Word) -> &'static str { word.0 }
/// # }
/// # fn main() {
/// let words = [Word("a"), Word("bc")];
/// assert_eq!(small::total(["é", inner::text(&words[1])]), 4);
/// # }
/// ```
pub fn total<'a>(words: impl IntoIterator<Item = &'a str>) -> usize {
    words.into_iter().map(str::len).sum()
}
