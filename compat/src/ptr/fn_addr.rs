//! `fn_addr_eq`, for compilers before Rust 1.85.

/// Whether two function pointers have the same address: `core::ptr::fn_addr_eq` from Rust 1.85.
///
/// Functions that differ may share an address, and one function may have several. Before 1.85 the
/// functions have at most eight arguments, of which none is a reference of any lifetime
/// (`for<'a> fn(&'a T)`).
#[inline(always)]
pub fn fn_addr_eq<T: FnPtr, U: FnPtr>(f: T, g: U) -> bool {
    f.addr() == g.addr()
}

/// A function pointer. Std's trait of this name is unstable.
pub trait FnPtr: Copy {
    /// The function's address.
    fn addr(self) -> *const ();
}

macro_rules! fn_ptr {
    () => {};
    ($First:ident $($Rest:ident)*) => {
        fn_ptr! { @each fn($First $(, $Rest)*); [$First $($Rest)*] }
        fn_ptr! { $($Rest)* }
    };
    (@each fn($($Arg:ident),*); $generics:tt) => {
        fn_ptr! { @one fn($($Arg),*) -> R; $generics }
        fn_ptr! { @one unsafe fn($($Arg),*) -> R; $generics }
        fn_ptr! { @one extern "C" fn($($Arg),*) -> R; $generics }
        fn_ptr! { @one unsafe extern "C" fn($($Arg),*) -> R; $generics }
    };
    (@one $Fn:ty; [$($Arg:ident)*]) => {
        impl<R, $($Arg),*> FnPtr for $Fn {
            #[inline(always)]
            fn addr(self) -> *const () {
                self as *const ()
            }
        }
    };
}
fn_ptr! { A B C D E F G H }
fn_ptr! { @each fn(); [] }
