// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Virtual methods of a class written in Rust, for subclasses written in Rust.

/// Defines the virtual methods of a class, and makes it a possible parent.
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
///     /// The virtual methods of shapes. `None` inherits the parent's.
///     pub trait ShapeImpl: DeviceImpl;
///     /// Methods of every shape.
///     pub trait ShapeMethods;
///     /// The table of a shape class's methods.
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
/// A subclass implements the first trait, and calls its parent's method by `parent_area`. All other code calls
/// `shape.area(scale)`, from the second trait. The function after `=` is that of the class itself. The struct's name is
/// in the definition of the class, `pub struct Shape("shape") with ShapeClass: DeviceState, Object`.
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

                /// Calls the parent's method.
                fn $parent_method(&self $(, $arg: $arg_type)*) $(-> $result)?
                where
                    Self: $crate::qom::TypeImpl,
                    <Self as $crate::qom::TypeImpl>::Super: $crate::qom::IsA<$Type>,
                {
                    let class = $crate::qom::parent_class::<Self>();
                    // SAFETY: the parent is a class of the kind, and all of its methods are set.
                    let methods = unsafe { &*$crate::qom::methods_of::<$Type>(class) };
                    (methods.$method)($crate::qom::ObjectCast::upcast::<$Type>(self) $(, $arg)*)
                }
            )*
        }
    };
}

/// The trait by which code calls the methods.
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

/// Makes a class written in Rust a possible parent.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_can_be_subclassed {
    ($Type:ident $Impl:ident $Class:ident) => {
        // SAFETY: the class has a RustClass, and its methods follow its parent's.
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
                // SAFETY: the caller guarantees the object.
                unsafe { $crate::qom::initialize::<$Type>(object) }
            }

            unsafe fn class_init(class: *mut $crate::sys::ObjectClass) {
                // SAFETY: the caller guarantees the class, which is a descendant of this one and not in use yet.
                unsafe {
                    <<$Type as $crate::qom::TypeImpl>::Super as $crate::qom::ClassInit<T>>::class_init(class);
                    $Class::install::<T>(&mut *$crate::qom::methods_of::<$Type>(class));
                }
            }
        }
    };
}

/// The table of methods of a class or an interface, and how a class's methods are installed in it.
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
