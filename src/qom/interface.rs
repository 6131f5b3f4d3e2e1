// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Interfaces: virtual methods that any class can have.

use super::class::{expect_new_name, OfPointers};
use super::{ClassSlot, ObjectType, VirtualMethods};
use crate::callback::guard;
use crate::sys;
use oldstable_compat::ffi::{c_void, CStr};
use std::marker::PhantomData;

/// An interface of the class `T`: an entry of its [`ObjectImpl::INTERFACES`](super::ObjectImpl::INTERFACES). One that
/// is made for another class does not compile there.
pub struct Interface<T> {
    pub(super) name: &'static CStr,
    /// None for an interface in C without methods to install.
    pub(super) in_rust: Option<&'static RustInterface>,
    class: PhantomData<*const T>,
}

/// The functions that register an interface written in Rust, and install a class's methods for it.
pub struct RustInterface {
    /// Registers the interface, unless it is registered already.
    pub register: fn(),
    /// Writes the methods into the interface of a class that has it.
    pub install: unsafe fn(*mut sys::ObjectClass),
}

impl<T> Interface<T> {
    /// Makes an entry for one of QEMU's own interfaces.
    ///
    /// # Safety
    /// The interface must exist, and C code must not call a method of it that the class does not have.
    pub const unsafe fn of_qemu(name: &'static CStr) -> Self {
        Interface { name, in_rust: None, class: PhantomData }
    }

    /// Returns the interface's name in QEMU.
    pub(crate) fn name(&self) -> &'static CStr {
        self.name
    }

    /// Makes an entry for an interface of [`qom_define_interface!`](crate::qom_define_interface).
    ///
    /// # Safety
    /// The functions must be those of the interface of this name, and of the class `T`.
    pub const unsafe fn of_rust(name: &'static CStr, in_rust: &'static RustInterface) -> Self {
        Interface { name, in_rust: Some(in_rust), class: PhantomData }
    }
}

/// An interface that is written in Rust: [`qom_define_interface!`](crate::qom_define_interface) defines
/// one.
///
/// # Safety
/// As for [`ObjectType`].
pub unsafe trait InterfaceType: ObjectType {
    /// The methods of a class with the interface.
    type Methods: VirtualMethods;

    /// Returns the data about the registered interface.
    fn slot() -> &'static ClassSlot;
}

/// Registers the interface with QEMU, unless it is registered already.
///
/// Ends the process with a message if the name is in use.
#[track_caller]
pub fn register_interface<I: InterfaceType>() {
    if I::slot().is_registered() {
        return;
    }
    expect_new_name(I::TYPE);
    let info = sys::TypeInfo {
        name: I::TYPE.as_ptr(),
        parent: oldstable_compat::c_str!("interface").as_ptr(),
        instance_size: 0,
        instance_align: 0,
        instance_init: None,
        instance_post_init: None,
        instance_finalize: None,
        abstract_: false,
        class_size: sys::release().interface_class_size + std::mem::size_of::<I::Methods>(),
        class_init: Some(class_init::<I>),
        class_base_init: None,
        class_data: std::ptr::null_mut(),
        interfaces: std::ptr::null(),
    };
    // SAFETY: QEMU copies the struct and its strings. The function is that of I.
    unsafe {
        sys::type_register_static(&info);
    }
    I::slot().set_registered();
}

/// # Safety
/// QEMU calls it with the new class of `I`.
unsafe extern "C" fn class_init<I: InterfaceType>(class: *mut sys::ObjectClass, _data: *mut c_void) {
    guard("class_init of an interface", || {
        // SAFETY: QEMU has allocated the class with the size that `register_interface` gave.
        unsafe { std::ptr::write(behind::<I>(class), I::Methods::BASE) }
    })
}

/// Returns the methods of an interface in its own class.
///
/// # Safety
/// `interface` is the interface's own class, or a class's copy of it.
unsafe fn behind<I: InterfaceType>(interface: *mut sys::ObjectClass) -> *mut I::Methods {
    #[allow(clippy::let_unit_value)]
    let _ = OfPointers::<I::Methods>::A_TABLE_OF_VIRTUAL_METHODS_HAS_NO_GREATER_ALIGNMENT_THAN_A_POINTER;
    // SAFETY: the caller guarantees the class, which has them after its base.
    unsafe { (interface as *mut u8).add(sys::release().interface_class_size) as *mut I::Methods }
}

/// Returns a class's methods for an interface.
///
/// # Safety
/// `class` is that of a class that has the interface.
pub unsafe fn interface_methods_of<I: InterfaceType>(class: *mut sys::ObjectClass) -> *mut I::Methods {
    // SAFETY: the caller guarantees a class that has the interface.
    unsafe { behind::<I>(sys::object_class_dynamic_cast(class, I::TYPE.as_ptr())) }
}

/// Defines an interface.
///
/// ```
/// # use oldstable::qom::{Interface, Object, ObjectCast, ObjectImpl};
/// oldstable::qom_define_interface! {
///     /// Something that can be wound up.
///     pub struct Wound("wound");
///     /// The methods of a class with the interface: `None` inherits the parent's.
///     pub trait WoundImpl;
///     /// The table of a class's methods.
///     pub struct WoundClass;
///
///     /// Turns the key.
///     WIND => wind: fn(turns: u32) -> u32 = |_wound, _turns| 0;
/// }
///
/// oldstable::qom_define_type! {
///     pub struct MusicBox("music-box"): Object {}
/// }
///
/// impl ObjectImpl for MusicBox {
///     const INTERFACES: &'static [Interface<Self>] = &[<Self as WoundImpl>::INTERFACE];
/// }
///
/// impl WoundImpl for MusicBox {
///     const WIND: Option<fn(&Self, u32) -> u32> = Some(|_music_box, turns| turns);
/// }
///
/// fn wind_up(object: &Object) -> Option<u32> {
///     object.dynamic_cast::<Wound>().map(|wound| wound.wind(3))
/// }
/// ```
///
/// A class implements the trait, and lists it among its
/// [`INTERFACES`](crate::qom::ObjectImpl::INTERFACES). To use an object as the interface, call
/// [`dynamic_cast`](crate::qom::ObjectCast::dynamic_cast). The function after `=` is the default, for a class with the
/// interface that does not set the method.
#[macro_export]
macro_rules! qom_define_interface {
    (
        $(#[$type_attribute:meta])*
        $vis:vis struct $Type:ident($name:literal);
        $(#[$impl_attribute:meta])*
        $impl_vis:vis trait $Impl:ident;
        $(#[$class_attribute:meta])*
        $class_vis:vis struct $Class:ident;
        $(
            $(#[$attribute:meta])*
            $METHOD:ident => $method:ident:
            fn($($arg:ident: $arg_type:ty),* $(,)?) $(-> $result:ty)? = $base:expr;
        )*
    ) => {
        $(#[$type_attribute])*
        #[repr(transparent)]
        $vis struct $Type($crate::qom::Object);

        // SAFETY: an instance of the interface is an object, and only that part of it is accessed.
        unsafe impl $crate::qom::ObjectType for $Type {
            const TYPE: &'static $crate::compat::ffi::CStr = $crate::compat::c_str!($name);

            fn is_known() -> bool {
                <$Type as $crate::qom::InterfaceType>::slot().is_registered()
            }
        }

        $crate::qom_isa!(unsafe $Type: $crate::qom::Object);

        // SAFETY: as above.
        unsafe impl $crate::qom::InterfaceType for $Type {
            type Methods = $Class;

            fn slot() -> &'static $crate::qom::ClassSlot {
                static SLOT: $crate::qom::ClassSlot = $crate::qom::ClassSlot::new();
                &SLOT
            }
        }

        impl $Type {
            $(
                $(#[$attribute])*
                $vis fn $method(&self $(, $arg: $arg_type)*) $(-> $result)? {
                    let class = $crate::qom::ObjectCast::class_ptr(self);
                    // SAFETY: the object is live, and its class has the interface.
                    let methods = unsafe { &*$crate::qom::interface_methods_of::<$Type>(class) };
                    (methods.$method)(self $(, $arg)*)
                }
            )*
        }

        $crate::__qom_method_table! {
            [$(#[$class_attribute])*] [$class_vis] $Class $Type $Impl
            $($METHOD $method [$($arg: $arg_type),*] [$(-> $result)?] [$base])*
        }

        $(#[$impl_attribute])*
        $impl_vis trait $Impl: $crate::qom::ObjectType {
            $(
                $(#[$attribute])*
                const $METHOD: Option<fn(&Self $(, $arg_type)*) $(-> $result)?> = None;
            )*

            /// For the list of the class's interfaces.
            const INTERFACE: $crate::qom::Interface<Self> =
                // SAFETY: the functions are those of this interface, and install the methods of Self.
                unsafe {
                    $crate::qom::Interface::of_rust(
                        <$Type as $crate::qom::ObjectType>::TYPE,
                        &$crate::qom::RustInterface {
                            register: $crate::qom::register_interface::<$Type>,
                            install: $Class::install_in::<Self>,
                        },
                    )
                };
        }

        impl $Class {
            /// # Safety
            /// `class` is that of T, which has the interface, and its class_init runs.
            unsafe fn install_in<T: $Impl>(class: *mut $crate::sys::ObjectClass) {
                (*$crate::qom::interface_methods_of::<$Type>(class)).install::<T>()
            }
        }
    };
    ($($other:tt)*) => {
        ::std::compile_error!(
            "an interface is written `pub struct Thing(\"name\"); pub trait ThingImpl; pub struct ThingClass; METHOD => \
             method: fn(argument: Type) -> Type = |thing, argument| …;`"
        );
    };
}
