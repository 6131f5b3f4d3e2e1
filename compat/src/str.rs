//! Methods of `str`.

/// `split_once` of `str`.
#[cfg(no_str_split_once)]
pub trait StrSplitOnce {
    /// The text before and after the first occurrence of a delimiter; std has it from Rust 1.52.
    ///
    /// Std's delimiter is any pattern. That trait is unstable, so here it is one of the patterns
    /// that `Delimiter` lists.
    fn split_once<D: Delimiter>(&self, delimiter: D) -> Option<(&str, &str)>;
    /// The text before and after the last occurrence of a delimiter; std has it from Rust 1.52.
    fn rsplit_once<D: Delimiter>(&self, delimiter: D) -> Option<(&str, &str)>;
}

#[cfg(no_str_split_once)]
impl StrSplitOnce for str {
    #[inline]
    fn split_once<D: Delimiter>(&self, delimiter: D) -> Option<(&str, &str)> {
        let (start, end) = delimiter.first_in(self)?;
        Some((&self[..start], &self[end..]))
    }
    #[inline]
    fn rsplit_once<D: Delimiter>(&self, delimiter: D) -> Option<(&str, &str)> {
        let (start, end) = delimiter.last_in(self)?;
        Some((&self[..start], &self[end..]))
    }
}

/// A `char`, a `&str` or a function of `char`.
#[cfg(no_str_split_once)]
pub trait Delimiter {
    /// Where the first occurrence starts and ends.
    fn first_in(self, text: &str) -> Option<(usize, usize)>;
    /// Where the last occurrence starts and ends.
    fn last_in(self, text: &str) -> Option<(usize, usize)>;
}

#[cfg(no_str_split_once)]
impl Delimiter for &str {
    fn first_in(self, text: &str) -> Option<(usize, usize)> {
        text.find(self).map(|start| (start, start + self.len()))
    }
    fn last_in(self, text: &str) -> Option<(usize, usize)> {
        text.rfind(self).map(|start| (start, start + self.len()))
    }
}

#[cfg(no_str_split_once)]
impl Delimiter for char {
    fn first_in(self, text: &str) -> Option<(usize, usize)> {
        text.find(self)
            .map(|start| (start, start + self.len_utf8()))
    }
    fn last_in(self, text: &str) -> Option<(usize, usize)> {
        text.rfind(self)
            .map(|start| (start, start + self.len_utf8()))
    }
}

#[cfg(no_str_split_once)]
impl<F: FnMut(char) -> bool> Delimiter for F {
    fn first_in(mut self, text: &str) -> Option<(usize, usize)> {
        let (start, found) = text.char_indices().find(|&(_, c)| self(c))?;
        Some((start, start + found.len_utf8()))
    }
    fn last_in(mut self, text: &str) -> Option<(usize, usize)> {
        let (start, found) = text.char_indices().rev().find(|&(_, c)| self(c))?;
        Some((start, start + found.len_utf8()))
    }
}
