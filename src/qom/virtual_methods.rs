//! Virtual methods that a class written in Rust adds, for subclasses written in Rust.

/// Defines the virtual methods of a class, and that it can be subclassed.
///
/// ```
/// # use oldstable::qdev::{DeviceImpl, DeviceState};
/// # use oldstable::qom::{Object, ObjectImpl};
/// oldstable::qom_define_type! {
///     pub struct Shape("shape") with ShapeClass: DeviceState, Object {}
/// }
/// # impl ObjectImpl for Shape {}
/// # impl DeviceImpl for Shape {}
///
/// oldstable::qom_virtual_methods! {
///     /// The virtual methods of shapes. `None` keeps what the parent does.
///     pub trait ShapeImpl: DeviceImpl;
///     /// What every shape can do.
///     pub trait ShapeMethods;
///     /// Where the class of a shape keeps its methods.
///     pub struct ShapeClass for Shape;
///
///     /// The area, in square millimetres.
///     AREA => area, parent_area: fn(scale: u32) -> u32 = |_shape, _scale| 0;
/// }
///
/// oldstable::qom_define_type! {
///     pub struct Square("square"): Shape, DeviceState, Object {}
/// }
/// # impl ObjectImpl for Square {}
/// # impl DeviceImpl for Square {}
///
/// impl ShapeImpl for Square {
///     const AREA: Option<fn(&Self, u32) -> u32> =
///         Some(|square, scale| square.parent_area(scale) + scale * scale);
/// }
/// ```
///
/// A subclass implements the first trait, and calls its parent's method by `parent_area`. Everybody calls
/// `shape.area(scale)`, which the second trait has. What follows `=` is what an object of the class itself
/// does. The struct's name stands in the definition of the class,
/// `pub struct Shape("shape") with ShapeClass: DeviceState, Object`.
#[macro_export]
macro_rules! qom_virtual_methods {
    (
        $(#[$impl_attribute:meta])*
        $impl_vis:vis trait $Impl:ident: $ParentImpl:path;
        $(#[$methods_attribute:meta])*
        $methods_vis:vis trait $Methods:ident;
        $(#[$class_attribute:meta])*
        $class_vis:vis struct $Class:ident for $Type:ident;
        $(
            $(#[$attribute:meta])*
            $METHOD:ident => $method:ident, $parent_method:ident:
            fn($($arg:ident: $arg_type:ty),* $(,)?) $(-> $result:ty)? = $base:expr;
        )*
    ) => {
        $crate::__qom_overrides! {
            [$(#[$impl_attribute])*] [$impl_vis] $Impl [$ParentImpl] $Type
            $([$(#[$attribute])*] $METHOD $method $parent_method [$($arg: $arg_type),*] [$(-> $result)?])*
        }

        $crate::__qom_calls! {
            [$(#[$methods_attribute])*] [$methods_vis] $Methods $Type
            $([$(#[$attribute])*] $method [$($arg: $arg_type),*] [$(-> $result)?])*
        }

        $crate::__qom_method_table! {
            [$(#[$class_attribute])*] [$class_vis] $Class $Type $Impl
            $($METHOD $method [$($arg: $arg_type),*] [$(-> $result)?] [$base])*
        }

        $crate::__qom_can_be_subclassed! { $Type $Impl $Class }
    };
    ($($other:tt)*) => {
        ::std::compile_error!(
            "virtual methods are written `pub trait ThingImpl: ParentImpl; pub trait ThingMethods; \
             pub struct ThingClass for Thing; METHOD => method, parent_method: fn(argument: Type) -> Type = \
             |thing, argument| …;`"
        );
    };
}

/// The trait that a subclass implements: a constant for each method, and a call of the parent's.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_overrides {
    (
        [$($attributes:tt)*] [$vis:vis] $Impl:ident [$ParentImpl:path] $Type:ident
        $(
            [$($of_method:tt)*] $METHOD:ident $method:ident $parent_method:ident
            [$($arg:ident: $arg_type:ty),*] [$(-> $result:ty)?]
        )*
    ) => {
        $($attributes)*
        $vis trait $Impl: $ParentImpl + $crate::qom::IsA<$Type> {
            $(
                $($of_method)*
                const $METHOD: Option<fn(&Self $(, $arg_type)*) $(-> $result)?> = None;

                /// Does what the parent does.
                fn $parent_method(&self $(, $arg: $arg_type)*) $(-> $result)?
                where
                    Self: $crate::qom::TypeImpl,
                    <Self as $crate::qom::TypeImpl>::Super: $crate::qom::IsA<$Type>,
                {
                    let class = $crate::qom::parent_class::<Self>();
                    // SAFETY: the parent is a class of the kind, whose methods are all there.
                    let methods = unsafe { &*$crate::qom::methods_of::<$Type>(class) };
                    (methods.$method)($crate::qom::ObjectCast::upcast::<$Type>(self) $(, $arg)*)
                }
            )*
        }
    };
}

/// The trait by which everybody calls the methods.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_calls {
    (
        [$($attributes:tt)*] [$vis:vis] $Methods:ident $Type:ident
        $([$($of_method:tt)*] $method:ident [$($arg:ident: $arg_type:ty),*] [$(-> $result:ty)?])*
    ) => {
        $($attributes)*
        $vis trait $Methods: $crate::qom::IsA<$Type> {
            $(
                $($of_method)*
                fn $method(&self $(, $arg: $arg_type)*) $(-> $result)? {
                    let class = $crate::qom::ObjectCast::class_ptr(self);
                    // SAFETY: the object is live, and its class one of the kind.
                    let methods = unsafe { &*$crate::qom::methods_of::<$Type>(class) };
                    (methods.$method)($crate::qom::ObjectCast::upcast::<$Type>(self) $(, $arg)*)
                }
            )*
        }

        impl<T: $crate::qom::IsA<$Type>> $Methods for T {}
    };
}

/// That a class written in Rust can have subclasses.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_can_be_subclassed {
    ($Type:ident $Impl:ident $Class:ident) => {
        // SAFETY: the class has a RustClass and its methods behind what its parent has.
        unsafe impl<T> $crate::qom::ClassInit<T> for $Type
        where
            T: $Impl + $crate::qom::TypeImpl,
            <$Type as $crate::qom::TypeImpl>::Super: $crate::qom::ClassInit<T>,
        {
            const IN_RUST: bool = true;

            fn class_size() -> usize {
                <<$Type as $crate::qom::TypeImpl>::Super as $crate::qom::ClassInit<$Type>>::class_size()
            }

            fn methods_size() -> usize {
                <<$Type as $crate::qom::TypeImpl>::Super as $crate::qom::ClassInit<$Type>>::methods_size()
                    + ::std::mem::size_of::<$Class>()
            }

            unsafe fn initialize(object: *mut $crate::sys::Object) {
                // SAFETY: the caller vouches for the object.
                unsafe { $crate::qom::initialize::<$Type>(object) }
            }

            unsafe fn class_init(class: *mut $crate::sys::ObjectClass) {
                // SAFETY: the caller vouches for the class, which descends from this one and is nobody else's yet.
                unsafe {
                    <<$Type as $crate::qom::TypeImpl>::Super as $crate::qom::ClassInit<T>>::class_init(class);
                    $Class::install::<T>(&mut *$crate::qom::methods_of::<$Type>(class));
                }
            }
        }
    };
}

/// The struct in which a class or an interface keeps its methods, and how those of a class get there.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_method_table {
    (
        [$(#[$attribute:meta])*] [$vis:vis] $Class:ident $Type:ident $Impl:ident
        $($METHOD:ident $method:ident [$($arg:ident: $arg_type:ty),*] [$(-> $result:ty)?] [$base:expr])*
    ) => {
        $(#[$attribute])*
        #[repr(C)]
        $vis struct $Class {
            $($method: fn(&$Type $(, $arg_type)*) $(-> $result)?,)*
        }

        impl $crate::qom::VirtualMethods for $Class {
            const BASE: Self = $Class {
                $($method: $base,)*
            };
        }

        impl $Class {
            fn install<T: $Impl>(&mut self) {
                $(
                    fn $method<T: $Impl>(this: &$Type $(, $arg: $arg_type)*) $(-> $result)? {
                        if let Some(method) = T::$METHOD {
                            // SAFETY: the method is called by the class of T or of a descendant.
                            method(unsafe { $crate::qom::ObjectCast::unsafe_cast::<T>(this) } $(, $arg)*)
                        } else {
                            let base: fn(&$Type $(, $arg_type)*) $(-> $result)? = $base;
                            base(this $(, $arg)*)
                        }
                    }

                    if T::$METHOD.is_some() {
                        self.$method = $method::<T>;
                    }
                )*
            }
        }
    };
}
