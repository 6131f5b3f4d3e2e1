//! Conversions between types that differ in a lifetime: behind an associated type, with and without named types.

use std::borrow::Cow;
use std::mem::transmute;

trait Yoked<'a> {
    type Output: 'a;

    /// # Safety
    ///
    /// The result must not outlive what it borrows.
    unsafe fn make(from: Self::Output) -> Self;
}

impl<'a, T: 'static + ToOwned + ?Sized> Yoked<'a> for Cow<'static, T>
where
    <T as ToOwned>::Owned: Sized,
{
    type Output = Cow<'a, T>;

    unsafe fn make(from: Cow<'a, T>) -> Self {
        unsafe { core::mem::transmute::<Self::Output, Self>(from) }
    }
}

struct Loud<T: Named + ?Sized>(T::Name);

trait Named {
    type Name;
}

impl Named for str {
    type Name = &'static str;
}

impl<T: Named + ?Sized> Drop for Loud<T> {
    fn drop(&mut self) {
        println!("dropped");
    }
}

fn same<T: Named + ?Sized>(from: Loud<T>) -> Option<Loud<T>> {
    let kept: Loud<T> = unsafe { transmute(from) };
    println!("kept");
    Some(kept)
}

fn main() {
    let text = String::from("borrowed");
    let made: Cow<'static, str> = unsafe { Yoked::make(Cow::Borrowed(text.as_str())) };
    println!("{made} {}", matches!(made, Cow::Borrowed(_)));
    let owned: Cow<'static, [u8]> = unsafe { Yoked::make(Cow::Owned(vec![1, 2])) };
    println!("{owned:?}");
    println!("{:?}", same::<str>(Loud("name")).map(|loud| loud.0.len()));
}
