//! Subclasses that are written in Rust: their definition, registration, birth and end.
//!
//! Safe code never sees an instance whose bytes are not yet valid, although QEMU knows of no such
//! promise. This is the order of a birth, and why it holds:
//!
//! 1. QEMU fills the instance with zeros, and writes the defaults of its properties. The latter lie in
//!    the configuration, whose fields all have types for which zeros and whatever a property writes are
//!    valid ([`Conf`]). No code of ours runs.
//! 2. QEMU calls the `instance_init` of each class from the root down. Those of C classes do not call
//!    methods of subclasses. The first that is written in Rust asks the instance's own class, not its
//!    own, to make all fields valid that any class written in Rust has added: so a downcast, too, finds
//!    valid fields from here on.
//! 3. Only then does each class's [`ObjectImpl::INSTANCE_INIT`] run, which sees a valid whole.
//!
//! At the end, each class's `instance_finalize` drops the fields that it has added, once, after QEMU has
//! taken the object's properties and children from it.

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
    /// Whether the class is there to be subclassed only.
    const ABSTRACT: bool = false;

    /// The interfaces that the class has, beside those of its ancestors.
    const INTERFACES: &'static [Interface<Self>] = &[];

    /// Properties that functions get and set: [`qom_properties!`](crate::qom_properties) makes them. What a user sets
    /// once, before a device is realized, belongs in its configuration.
    const PROPERTIES: &'static [Property<Self>] = &[];

    /// Runs when an instance has been made, before any of its properties is set by a user: the place to
    /// set up memory regions, lines and other parts. The ancestors' has run.
    const INSTANCE_INIT: Option<fn(&Self)> = None;

    /// Runs when the object is taken out of the tree. `None` keeps what the parent does.
    const UNPARENT: Option<fn(&Self)> = None;

    /// Does what the parent does in its [`UNPARENT`](Self::UNPARENT): for a device, unrealizes it.
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

/// The configuration of a class: what only properties write.
///
/// # Safety
/// All bytes zero must be a valid value, and so must be whatever the properties of the class write over
/// it.
pub unsafe trait Conf: 'static {}

/// The configuration of a class that has no properties.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoConf;

// SAFETY: it has no bytes.
unsafe impl Conf for NoConf {}

/// What [`qom_define_type!`](crate::qom_define_type) says of a class.
///
/// # Safety
/// As for [`ObjectType`], with `Super` as the parent. The functions do what they say.
pub unsafe trait TypeImpl: ObjectImpl {
    /// The class that it is derived from.
    type Super: ClassInit<Self>;

    /// The virtual methods that the class adds; `()` for none.
    type Methods: VirtualMethods;

    /// What properties set before the device is realized, and nothing afterwards.
    type Conf: Conf;

    /// What is known of the class since it has been registered.
    fn slot() -> &'static ClassSlot;

    /// Where the configuration lies, in bytes.
    fn conf_offset() -> usize;

    /// Does nothing, and does not return if a field could end on no other thread than its own.
    fn check_fields();

    /// Makes the fields valid that this class has added, but for the configuration.
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

/// Makes the class known to QEMU.
///
/// # Panics
/// If its name is longer than 255 bytes, its parent has not been registered before, or it lists more interfaces
/// than QEMU takes. A name that is taken ends the process with a line that says so.
#[track_caller]
pub fn register<T: TypeImpl>() {
    T::check_fields();
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
    /// As many as QEMU has room for.
    const MOST_INTERFACES: usize = 32;
    // Another struct may have the parent's name, and other fields.
    assert!(
        parent_is_known,
        "{} cannot be registered before its parent, the struct that is {}",
        name.to_string_lossy(),
        parent.to_string_lossy()
    );
    assert!(interfaces <= MOST_INTERFACES, "{} lists more than {} interfaces", name.to_string_lossy(), MOST_INTERFACES);
}

/// # Safety
/// QEMU calls it with the class that it makes of `T`.
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

/// Makes the fields valid that `T` and its ancestors have added, as far as they are written in Rust.
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
        // The parent's class tells whether this is the first class written in Rust on the way down: only C
        // classes stand above that one.
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
/// QEMU calls it with an instance of `T` that nobody refers to.
unsafe extern "C" fn instance_finalize<T: TypeImpl>(object: *mut sys::Object) {
    guard("instance_finalize", || {
        // SAFETY: QEMU calls it once, when no reference is left.
        unsafe { T::drop_fields(object as *mut T) };
        give_up(object as usize, size_of::<T>(), |_| true);
    })
}

/// Defines a class: a struct, the name that QEMU knows it by, its parent and its ancestors.
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
/// [`qdev_define_conf!`](crate::qdev_define_conf) has defined. All other fields begin with their type's
/// [`Default`], and are dropped when the object ends. The class must implement the trait of its parent's
/// virtual methods ([`SysBusDeviceImpl`](crate::sysbus::SysBusDeviceImpl) and so on) and those of its
/// ancestors. If it adds virtual methods of its own, `with` and their table stand behind the name: see
/// [`qom_virtual_methods!`](crate::qom_virtual_methods).
///
/// The fields are `Sync`, since QEMU calls an object from several threads, one at a time: what changes sits
/// in a [`BqlCell`](crate::bql::BqlCell) or a [`BqlRefCell`](crate::bql::BqlRefCell).
///
/// The offsets of the fields are known to `compat::const_offset_of!`.
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

/// Looks at the names of a class's fields before the class is defined.
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

/// Defines a class of which all parts are known.
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
                // Its bytes are made and ended by the parent's own functions.
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
            // An object ends field by field: QEMU would not call a Drop of the class.
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

/// What is asked of the fields that a class adds, and how they begin and end.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_fields {
    ($Type:ident $($field:ident: $field_type:ty),*) => {
        fn check_fields() {
            $crate::__qom_check_fields! { $Type $($field_type),* }
        }

        unsafe fn initialize_fields(this: *mut Self) {
            // SAFETY: the fields are memory of their types that nobody has used yet.
            $crate::__qom_begin_fields! { this $($field: $field_type),* }
        }

        unsafe fn drop_fields(this: *mut Self) {
            // SAFETY: the fields are valid since `initialize_fields`, the configuration always was, and this
            // is their end.
            unsafe {
                $(::std::ptr::drop_in_place($crate::compat::addr_of_mut!((*this).$field));)*
                ::std::ptr::drop_in_place($crate::compat::addr_of_mut!((*this).conf));
            }
        }
    };
}

/// What is asked of the fields of a class, or of a struct of parts.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_check_fields {
    ($Struct:ident $($field_type:ty),*) => {
        // References into what is packed, by whatever attribute, lead to fields that are not aligned.
        $(
            const _: () =
                $crate::qom::Inside::<$field_type, $Struct>::A_STRUCT_THAT_QEMU_POINTS_INTO_IS_NOT_PACKED;
        )*
        // QEMU calls an object from several threads, one at a time: state belongs in a BqlCell or a
        // BqlRefCell, which ask for the lock, and not in a Cell.
        fn a_field_is_shared_between_threads<Field: Sync>() {}
        a_field_is_shared_between_threads::<()>();
        $(a_field_is_shared_between_threads::<$field_type>();)*
        // And it may end on another thread than the one that has made it.
        #[allow(unused_imports)]
        use $crate::qom::{EndOf, EndOfOther, EndOfPart, EndOfSend, EndsAnywhere};
        $(
            let _: EndsAnywhere<$field_type> =
                (&&EndOf::<$field_type>(::std::marker::PhantomData)).a_field_can_end_on_any_thread();
        )*
    };
}

/// Makes fields valid.
#[doc(hidden)]
#[macro_export]
macro_rules! __qom_begin_fields {
    ($this:ident $($field:ident: $field_type:ty),*) => {
        let _ = $this;
        $({
            #[allow(unused_imports)]
            use $crate::qom::{BeginOf, BeginOfArray, BeginOfDefault, BeginOfOther, Begun};
            // SAFETY: the caller vouches for the memory of an instance.
            let _: Begun<$field_type> = unsafe {
                (&&BeginOf::<$field_type>(::std::marker::PhantomData))
                    .begin($crate::compat::addr_of_mut!((*$this).$field))
            };
        })*
    };
}
