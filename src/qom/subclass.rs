// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Subclasses written in Rust: their definition, registration, initialisation and finalization.
//!
//! Safe code never sees an instance whose bytes are not valid yet, although QEMU does not guarantee this. An instance
//! is made in this order:
//!
//! 1. QEMU fills the instance with zeros, and writes the defaults of its properties. These are in the configuration,
//!    whose fields all have types for which zeros and everything that a property writes are valid ([`Conf`]). No code
//!    of ours runs.
//! 2. QEMU calls the `instance_init` of each class from the root down. Those of C classes do not call
//!    methods of subclasses. The first one in Rust calls a function of the instance's own class that initialises the
//!    fields of all classes written in Rust: from here on, a downcast also finds valid fields.
//! 3. Only then does each class's [`ObjectImpl::INSTANCE_INIT`] run, and finds all fields valid.
//!
//! At the end, each class's `instance_finalize` drops the fields that the class has added, once, after QEMU has removed
//! the object's properties and children.

use super::claim::give_up;
use super::class::{
    expect_bus, expect_new_name, methods_of, parent_class, rust_class, ClassSlot, RustClass, VirtualMethods,
};
use super::{property, ClassInit, Interface, ObjectCast, ObjectType, Property};
use crate::callback::guard;
use crate::sys;
use oldstable_compat::ffi::{c_void, CStr};
use std::mem::{align_of, size_of};

/// The virtual methods of [`Object`](super::Object).
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` has no `ObjectImpl`, or is not a class",
        note = "define it with `qom_define_type!` and write `impl ObjectImpl for {Self} {{}}`, with the methods between the braces that are not to be the parent's"
    )
)]
pub trait ObjectImpl: ObjectType {
    /// Whether the class is abstract.
    const ABSTRACT: bool = false;

    /// The interfaces of the class, in addition to its ancestors'.
    const INTERFACES: &'static [Interface<Self>] = &[];

    /// Properties with a getter and a setter, made by [`qom_properties!`](crate::qom_properties). A property that is
    /// set once, before a device is realized, belongs in the configuration.
    const PROPERTIES: &'static [Property<Self>] = &[];

    /// Runs when an instance has been made, before a user sets its properties. Set up memory regions, lines and other
    /// parts here. The ancestors' functions have already run.
    const INSTANCE_INIT: Option<fn(&Self)> = None;

    /// Runs when the object is removed from the tree. `None` inherits the parent's.
    const UNPARENT: Option<fn(&Self)> = None;

    /// Calls the parent's [`UNPARENT`](Self::UNPARENT), which unrealizes a device.
    fn parent_unparent(&self)
    where
        Self: TypeImpl,
    {
        // SAFETY: the object is live, and the method is that of a class that it descends from.
        unsafe {
            if let Some(method) = (*parent_class::<Self>()).unparent {
                method(self.as_object_ptr())
            }
        }
    }
}

/// The configuration of a class, which only properties write.
///
/// # Safety
/// All bytes zero must be a valid value, and so must be everything that the properties of the class write there.
pub unsafe trait Conf: 'static {
    /// Does nothing, and does not return if the struct is not laid out as its properties say.
    fn check_fields() {}
}

/// The configuration of a class that has no properties.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoConf;

// SAFETY: it is zero-sized.
unsafe impl Conf for NoConf {}

/// The description of a class that [`qom_define_type!`](crate::qom_define_type) generates.
///
/// # Safety
/// As for [`ObjectType`], with `Super` as the parent. The functions do what is documented.
pub unsafe trait TypeImpl: ObjectImpl {
    /// The parent class.
    type Super: ClassInit<Self>;

    /// The virtual methods that the class adds; `()` for none.
    type Methods: VirtualMethods;

    /// The configuration: properties set it before the device is realized, and nothing changes it afterwards.
    type Conf: Conf;

    /// Returns the data about the registered class.
    fn slot() -> &'static ClassSlot;

    /// Returns the offset of the configuration, in bytes.
    fn conf_offset() -> usize;

    /// Does nothing; does not return if a field could only be dropped on its own thread.
    fn check_fields();

    /// Initialises the fields of this class, except the configuration.
    ///
    /// # Safety
    /// `this` is an instance whose fields are not valid yet.
    unsafe fn initialize_fields(this: *mut Self);

    /// Drops the fields that this class has added.
    ///
    /// # Safety
    /// `this` is an instance that nothing uses any more.
    unsafe fn drop_fields(this: *mut Self);
}

/// Registers the class with QEMU.
///
/// # Panics
/// If its name is longer than 255 bytes, its parent has not been registered before, or it lists more interfaces than
/// QEMU supports. If the name is in use, ends the process with a message.
#[track_caller]
pub fn register<T: TypeImpl>() {
    T::check_fields();
    T::Conf::check_fields();
    expect_new_name(T::TYPE);
    expect_bus(T::TYPE, T::Super::TYPE);
    expect_can_be_registered(T::TYPE, T::Super::TYPE, T::Super::is_known(), T::INTERFACES.len());
    let mut interfaces: Vec<sys::InterfaceInfo> = Vec::new();
    for interface in T::INTERFACES {
        if let Some(in_rust) = interface.in_rust {
            (in_rust.register)();
        }
        interfaces.push(sys::InterfaceInfo { type_: interface.name.as_ptr() });
    }
    // QEMU's list ends with NULL.
    interfaces.push(sys::InterfaceInfo { type_: std::ptr::null() });
    let methods_size = T::Super::methods_size() + size_of::<T::Methods>();
    let info = sys::TypeInfo {
        name: T::TYPE.as_ptr(),
        parent: T::Super::TYPE.as_ptr(),
        instance_size: size_of::<T>(),
        instance_align: align_of::<T>(),
        instance_init: Some(instance_init::<T>),
        instance_post_init: None,
        instance_finalize: Some(instance_finalize::<T>),
        abstract_: T::ABSTRACT,
        class_size: T::Super::class_size() + size_of::<RustClass>() + methods_size,
        class_init: Some(class_init::<T>),
        class_base_init: None,
        class_data: std::ptr::null_mut(),
        interfaces: interfaces.as_ptr(),
    };
    // SAFETY: QEMU copies the struct, its strings and its list. The functions are those of T.
    unsafe {
        sys::type_register_static(&info);
    }
    T::slot().set_registered();
}

/// # Panics
/// If the parent is not known, or there are too many interfaces.
#[track_caller]
fn expect_can_be_registered(name: &CStr, parent: &CStr, parent_is_known: bool, interfaces: usize) {
    /// The number that QEMU has room for.
    const MOST_INTERFACES: usize = 32;
    // Another struct may have the parent's name, with different fields.
    assert!(
        parent_is_known,
        "{} cannot be registered before its parent, the struct that is {}",
        name.to_string_lossy(),
        parent.to_string_lossy()
    );
    assert!(interfaces <= MOST_INTERFACES, "{} lists more than {} interfaces", name.to_string_lossy(), MOST_INTERFACES);
}

/// # Safety
/// QEMU calls it with the new class of `T`.
unsafe extern "C" fn class_init<T: TypeImpl>(class: *mut sys::ObjectClass, _data: *mut c_void) {
    guard("class_init", || {
        T::slot().set_class(class);
        // SAFETY: QEMU has allocated the class with the size that `register` gave, and copied the
        // parent's class to its front.
        unsafe {
            (*rust_class::<T>(class)).initialize = initialize::<T>;
            std::ptr::write(methods_of::<T>(class), T::Methods::BASE);
            T::Super::class_init(class);
            property::install(class, T::PROPERTIES);
        }
        for interface in T::INTERFACES {
            if let Some(in_rust) = interface.in_rust {
                // SAFETY: the class lists the interface.
                unsafe { (in_rust.install)(class) };
            }
        }
    })
}

/// Initialises the fields of `T` and its ancestors, as far as they are written in Rust.
///
/// # Safety
/// `object` is an instance of `T` that is being made.
pub unsafe fn initialize<T: TypeImpl>(object: *mut sys::Object) {
    // SAFETY: an instance of `T` is one of its parent, whose fields come first.
    unsafe {
        T::Super::initialize(object);
        T::initialize_fields(object as *mut T);
    }
}

/// # Safety
/// QEMU calls it with an instance of `T` that is being made.
unsafe extern "C" fn instance_init<T: TypeImpl>(object: *mut sys::Object) {
    guard("instance_init", || {
        // The parent class tells whether this is the first class in Rust from the root down: that one has only C
        // classes above it.
        if !T::Super::IN_RUST {
            // SAFETY: QEMU is making an instance of T or of a class that descends from it. The class struct
            // has been filled by `class_init`.
            unsafe {
                let class = rust_class::<T>(sys::object_get_class(object));
                ((*class).initialize)(object);
            }
        }
        if let Some(method) = T::INSTANCE_INIT {
            // SAFETY: the fields are valid now.
            unsafe { method(&*(object as *const T)) };
        }
    })
}

/// # Safety
/// QEMU calls it with an instance of `T` without references.
unsafe extern "C" fn instance_finalize<T: TypeImpl>(object: *mut sys::Object) {
    guard("instance_finalize", || {
        // SAFETY: QEMU calls it once, when no reference is left.
        unsafe { T::drop_fields(object as *mut T) };
        give_up(object as usize, size_of::<T>(), |_| true);
    })
}

/// Defines a class: a struct, its name in QEMU, its parent and its ancestors.
///
/// ```
/// # use oldstable::bql::BqlCell;
/// # use oldstable::memory::MemoryRegion;
/// # use oldstable::qdev::{DeviceImpl, DeviceState};
/// # use oldstable::qom::{Object, ObjectImpl};
/// # use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl};
/// # oldstable::qdev_define_conf! {
/// #     pub struct CounterConf {
/// #         "step" => step: u32 = 1,
/// #     }
/// # }
/// oldstable::qom_define_type! {
///     /// Counts.
///     pub struct Counter("counter"): SysBusDevice, DeviceState, Object {
///         conf: CounterConf,
///         registers: MemoryRegion,
///         count: BqlCell<u32>,
///     }
/// }
///
/// impl ObjectImpl for Counter {}
/// impl DeviceImpl for Counter {}
/// impl SysBusDeviceImpl for Counter {}
/// ```
///
/// The field `conf` comes first if the class has properties; it is a struct that
/// [`qdev_define_conf!`](crate::qdev_define_conf) has defined. All other fields are initialised by their type's
/// [`Default`], and dropped when the object is freed. The class must implement the trait of its parent's virtual
/// methods ([`SysBusDeviceImpl`](crate::sysbus::SysBusDeviceImpl) and so on) and those of its ancestors. If it adds
/// virtual methods of its own, write `with` and their table after the name: see
/// [`qom_virtual_methods!`](crate::qom_virtual_methods).
///
/// The fields must be `Sync`, since QEMU calls an object from several threads, one at a time. Put state that changes in
/// a [`BqlCell`](crate::bql::BqlCell) or a [`BqlRefCell`](crate::bql::BqlRefCell).
///
/// `compat::const_offset_of!` knows the offsets of the fields.
#[macro_export]
macro_rules! qom_define_type {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $Type:ident($name:literal) $(with $Methods:ident)?: $Parent:ty $(, $Ancestor:ty)* {
            conf: $Conf:ty
            $(, $($(#[$field_attribute:meta])* $field_vis:vis $field:ident: $field_type:ty),+)? $(,)?
        }
    ) => {
        $crate::__qom_define_class! {
            [$(#[$attribute])*] [$vis] $Type $name [$($Methods)?] [$Parent $(, $Ancestor)*] $Parent,
            $Conf, [$($([$(#[$field_attribute])* $field_vis] $field: $field_type),+)?]
        }
    };
    (
        $(#[$attribute:meta])*
        $vis:vis struct $Type:ident($name:literal) $(with $Methods:ident)?: $Parent:ty $(, $Ancestor:ty)* {
            $($(#[$field_attribute:meta])* $field_vis:vis $field:ident: $field_type:ty),* $(,)?
        }
    ) => {
        $crate::__qom_if_none_is_conf! { [$($field)*]
            $crate::__qom_define_class! {
                [$(#[$attribute])*] [$vis] $Type $name [$($Methods)?] [$Parent $(, $Ancestor)*] $Parent,
                $crate::qom::NoConf, [$([$(#[$field_attribute])* $field_vis] $field: $field_type),*]
            }
        }
    };
    ($($other:tt)*) => {
        ::std::compile_error!(
            "a class is written `pub struct Type(\"name\"): Parent, Grandparent, Object { conf: Conf, field: \
             FieldType }`, with `with Methods` behind the name if it adds virtual methods"
        );
    };
}

/// Checks the names of a class's fields before the class is defined.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_if_none_is_conf {
    ([] $($class:tt)*) => {
        $($class)*
    };
    ([conf $($field:ident)*] $($class:tt)*) => {
        ::std::compile_error!("the field `conf` comes first, without `pub`: it is the configuration of the class");
    };
    ([$other:ident $($field:ident)*] $($class:tt)*) => {
        $crate::__qom_if_none_is_conf! { [$($field)*] $($class)* }
    };
}

/// Defines a class from its parsed parts.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_define_class {
    (
        [$($attributes:tt)*] [$vis:vis] $Type:ident $name:literal $methods:tt [$($Ancestors:ty),*] $Parent:ty,
        $Conf:ty, [$([$($of_field:tt)*] $field:ident: $field_type:ty),*]
    ) => {
        $crate::compat::with_offsets! {
            $($attributes)*
            #[repr(C)]
            $vis struct $Type {
                // The parent's own functions initialise and drop it.
                parent: ::std::mem::ManuallyDrop<$Parent>,
                conf: $Conf,
                $($($of_field)* $field: $field_type,)*
            }
        }

        // SAFETY: the struct is repr(C) and begins with its parent, and QEMU is told its size.
        unsafe impl $crate::qom::ObjectType for $Type {
            const TYPE: &'static $crate::compat::ffi::CStr = $crate::compat::c_str!($name);

            fn is_known() -> bool {
                <$Type as $crate::qom::TypeImpl>::slot().is_registered()
            }
        }

        $crate::qom_isa!(unsafe $Type: $($Ancestors),*);

        const _: () = {
            // An object is dropped field by field: QEMU would not call a Drop of the class.
            #[allow(dead_code)]
            trait AnObjectEndsFieldByFieldSoDropBelongsToAField {}
            #[allow(drop_bounds)]
            impl<T: ::std::ops::Drop> AnObjectEndsFieldByFieldSoDropBelongsToAField for T {}
            impl AnObjectEndsFieldByFieldSoDropBelongsToAField for $Type {}
        };

        impl ::std::fmt::Debug for $Type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::qom::ObjectMethods::debug_fmt(self, f)
            }
        }

        // SAFETY: the functions name each field once.
        unsafe impl $crate::qom::TypeImpl for $Type {
            type Super = $Parent;
            type Methods = $crate::__qom_methods!($methods);
            type Conf = $Conf;

            fn slot() -> &'static $crate::qom::ClassSlot {
                static SLOT: $crate::qom::ClassSlot = $crate::qom::ClassSlot::new();
                &SLOT
            }

            fn conf_offset() -> usize {
                $crate::compat::const_offset_of!($Type, conf)
            }

            $crate::__qom_fields! { $Type $($field: $field_type),* }
        }

        $crate::__qom_only_these_fields! {
            $Type { parent: ::std::mem::ManuallyDrop<$Parent>, conf: $Conf, $($field: $field_type),* }
        }
    };
}

/// Fails to build if an attribute of the author's, which is shown the struct and may write another, has added a
/// field, which nobody would make valid, or changed a type.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_only_these_fields {
    ($Struct:ident { $($field:ident: $field_type:ty),* $(,)? }) => {
        const _: () = {
            #[allow(dead_code)]
            fn an_attribute_leaves_the_fields_as_they_are(whole: &$Struct) {
                let $Struct { $($field: _),* } = whole;
                $(let _: *const $field_type = $crate::compat::addr_of!(whole.$field);)*
            }
        };
    };
}

/// The virtual methods that a class adds.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_methods {
    ([]) => {
        ()
    };
    ([$Methods:ident]) => {
        $Methods
    };
}

/// The checks of a class's fields, and how they are initialised and dropped.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_fields {
    ($Type:ident $($field:ident: $field_type:ty),*) => {
        fn check_fields() {
            $crate::__qom_check_fields! { $Type $($field_type),* }
            // An attribute that is shown the struct may have taken its representation away.
            ::std::assert!(
                $crate::compat::offset_of!($Type, parent) == 0
                    && $crate::compat::offset_of!($Type, conf) == Self::conf_offset(),
                "an attribute has changed how the class is laid out"
            );
        }

        unsafe fn initialize_fields(this: *mut Self) {
            // SAFETY: the fields are unused memory of their types.
            $crate::__qom_begin_fields! { this $($field: $field_type),* }
        }

        unsafe fn drop_fields(this: *mut Self) {
            // SAFETY: the fields are valid since `initialize_fields`, the configuration always was, and nothing uses
            // them after this.
            unsafe {
                $(::std::ptr::drop_in_place($crate::compat::addr_of_mut!((*this).$field));)*
                ::std::ptr::drop_in_place($crate::compat::addr_of_mut!((*this).conf));
            }
        }
    };
}

/// The checks of the fields of a class, or of a struct of parts.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_check_fields {
    ($Struct:ident $($field_type:ty),*) => {
        // References into a packed struct, packed by whatever attribute, would not be aligned.
        $(
            const _: () =
                $crate::qom::Inside::<$field_type, $Struct>::A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED;
        )*
        // QEMU calls an object from several threads, one at a time: state belongs in a BqlCell or a BqlRefCell, which
        // check the lock, and not in a Cell.
        fn a_field_is_shared_between_threads<Field: Sync>() {}
        a_field_is_shared_between_threads::<()>();
        $(a_field_is_shared_between_threads::<$field_type>();)*
        // And it may be freed on another thread than the one that made it.
        #[allow(unused_imports)]
        use $crate::qom::{EndOf, EndOfOther, EndOfPart, EndOfSend, EndsAnywhere};
        $(
            let _: EndsAnywhere<$field_type> =
                (&&EndOf::<$field_type>(::std::marker::PhantomData)).a_field_can_end_on_any_thread();
        )*
    };
}

/// Initialises fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_begin_fields {
    ($this:ident $($field:ident: $field_type:ty),*) => {
        let _ = $this;
        $({
            #[allow(unused_imports)]
            use $crate::qom::{BeginOf, BeginOfArray, BeginOfDefault, BeginOfOther, Begun};
            // SAFETY: the caller guarantees the memory of an instance.
            let _: Begun<$field_type> = unsafe {
                (&&BeginOf::<$field_type>(::std::marker::PhantomData))
                    .begin($crate::compat::addr_of_mut!((*$this).$field))
            };
        })*
    };
}
