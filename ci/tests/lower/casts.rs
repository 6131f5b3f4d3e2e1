//! Pointers to a type with other lifetimes: behind an associated type, nested, in a macro, between comments.

use std::borrow::Cow;

trait Yoked<'a>: 'static {
    type Output: 'a;

    fn change<F>(&'a mut self, f: F)
    where
        F: 'static + for<'b> FnOnce(&'b mut Self::Output);
}

impl<'a, T: 'static + ToOwned + ?Sized> Yoked<'a> for Cow<'static, T>
where
    <T as ToOwned>::Owned: Sized,
{
    type Output = Cow<'a, T>;

    fn change<F>(&'a mut self, f: F)
    where
        F: 'static + for<'b> FnOnce(&'b mut Self::Output),
    {
        let y = unsafe { &mut *(self as *mut Self /* and */ as *mut Self::Output) };
        f(y)
    }
}

macro_rules! yoked {
    ($name:ident) => {
        impl<'a> Yoked<'a> for $name<'static> {
            type Output = $name<'a>;

            fn change<F>(&'a mut self, f: F)
            where
                F: 'static + for<'b> FnOnce(&'b mut Self::Output),
            {
                let twice = || {
                    let y = unsafe { &mut *(self as *mut Self as *mut Self::Output) };
                    f(y)
                };
                twice()
            }
        }
    };
}

struct Loud<'a>(Cow<'a, str>);

impl Drop for Loud<'_> {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

yoked!(Loud);

fn main() {
    let mut text: Cow<'static, str> = Cow::Borrowed("text");
    text.change(|text| text.to_mut().push('s'));
    println!("{text}");
    let mut loud = Loud(text);
    loud.change(|loud| {
        *loud = Loud(Cow::Borrowed("other"));
    });
    println!("{}", loud.0);
}
